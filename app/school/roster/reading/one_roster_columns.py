"""The columns of OneRoster's CSV files (1EdTech OneRoster 1.1 and 1.2, CSV binding)."""

from __future__ import annotations

from app.school.roster.reading.tables import Columns

ORGS = Columns(
    ("sourcedId", "name"),
    ("status", "type", "parentSourcedId"),
    ("dateLastModified", "identifier"),
    {"sourcedId": "school", "parentSourcedId": "parent"},
)
USERS = Columns(
    ("sourcedId", "givenName", "familyName"),
    ("status", "middleName", "username", "agentSourcedIds", "orgSourcedIds", "role"),
    (
        *("dateLastModified", "enabledUser", "userIds", "identifier", "email", "sms", "phone"),
        *("grades", "password", "userMasterIdentifier", "resourceSourcedIds", "pronouns"),
        *("preferredGivenName", "preferredMiddleName", "preferredFamilyName"),
        "primaryOrgSourcedId",
    ),
    {
        "sourcedId": "person",
        "orgSourcedIds": "school",
        "agentSourcedIds": "relative",
    },
)
ROLES = Columns(
    ("userSourcedId", "role", "orgSourcedId"),
    ("status", "beginDate", "endDate"),
    ("sourcedId", "dateLastModified", "roleType", "userProfileSourcedId"),
    {"userSourcedId": "person", "orgSourcedId": "school"},
)
COURSES = Columns(
    ("sourcedId", "title"),
    ("status", "orgSourcedId"),
    ("dateLastModified", "schoolYearSourcedId", "courseCode", "grades", "subjects", "subjectCodes"),
    {"sourcedId": "subject", "orgSourcedId": "school"},
)
CLASSES = Columns(
    ("sourcedId", "title", "schoolSourcedId"),
    ("status", "grades", "courseSourcedId", "classType"),
    (
        *("dateLastModified", "classCode", "location", "termSourcedIds", "subjects"),
        *("subjectCodes", "periods"),
    ),
    {"sourcedId": "school_class", "schoolSourcedId": "school", "courseSourcedId": "subject"},
)
ENROLLMENTS = Columns(
    ("classSourcedId", "userSourcedId", "role"),
    ("status", "schoolSourcedId", "primary", "beginDate", "endDate"),
    ("sourcedId", "dateLastModified"),
    {"classSourcedId": "school_class", "userSourcedId": "person"},
)
