"""Which organisation of a roster is which school: `places` maps one to the other.

Pure of the site's database: works on the staged organisations, of which there are few.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from app.school.roster.faults import Report
from app.school.roster.records import PlaceKind
from app.school.roster.staging import Staging


@dataclass(frozen=True)
class _Org:
    kind: PlaceKind
    parent: str
    file: str
    line: int


def map_places(stage: Staging, report: Report) -> None:
    """Fill `places` with (organisation, school); organisations that are no school map to NULL."""
    orgs = {
        org: _Org(PlaceKind(kind), parent, file, line)
        for org, kind, parent, file, line in stage.rows(
            "SELECT school, kind, parent, file, line FROM schools WHERE NOT is_removed"
        )
    }
    _name_parents(orgs, report)
    has_schools = any(org.kind is PlaceKind.SCHOOL for org in orgs.values())
    used = {
        _whole_of(org, orgs)
        for (org,) in stage.rows("SELECT school FROM roles UNION SELECT school FROM classes")
    }
    for org in orgs:
        whole = _whole_of(org, orgs)
        kind = orgs[whole].kind
        is_school = (
            kind is PlaceKind.SCHOOL
            or (kind in {PlaceKind.MAYBE, PlaceKind.PART} and whole in used)
            # Decision: a file without a single school-like organisation means its own units.
            or (kind is PlaceKind.UMBRELLA and not has_schools and whole in used)
        )
        stage.run("INSERT INTO places VALUES (?, ?)", (org, whole if is_school else None))


def _whole_of(org: str, orgs: dict[str, _Org]) -> str:
    """The organisation that a department belongs to, through any number of departments."""
    seen = {org}
    while org in orgs and orgs[org].kind is PlaceKind.PART:
        parent = orgs[org].parent
        if parent not in orgs or parent in seen:
            break
        seen.add(parent)
        org = parent
    return org


def _name_parents(orgs: dict[str, _Org], report: Report) -> None:
    """A missing parent is told; a circle of parents is fatal."""
    for org in orgs.values():
        if org.parent and org.parent not in orgs and org.file:
            reason = gettext("Вышестоящей организации «%(id)s» в файле нет.", id=org.parent)
            report.add(org.file, org.line, "parent", reason, is_fatal=False)
    for start, org in orgs.items():
        above, seen = org.parent, {start}
        while above in orgs and above not in seen:
            seen.add(above)
            above = orgs[above].parent
        if above == start and org.file:
            reason = gettext("Организация «%(id)s» входит сама в себя по кругу.", id=start)
            report.add(org.file, org.line, "parent", reason)
