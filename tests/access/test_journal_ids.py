"""Every address of the journal that names something: whoever it belongs to opens it, and for
everybody else it is not there (404), whether the id is guessed or swapped for another real one.

A new route with an id fails here until its line stands in the table.
"""

import datetime as dt
import io
from dataclasses import dataclass

import pytest

from app.core import clock
from app.core.db import db
from app.school.announcements.models import Announcement
from app.school.calendar import DayOff
from app.school.timetable import LessonChange, Substitution, TimetableSlot
from tests.journal.gradebook_world import TUESDAY
from tests.journal.planning_world import NOW, TODAY, WEDNESDAY, Planned

MADE_UP = "zzzzzzzzzzzzzzzz"
# Asked about where the thing itself is tested, or named by a secret and not by an id.
ELSEWHERE = {
    "journal.case": "tests/journal/test_cases.py",
    "journal.edit_chat": "tests/journal/test_chats.py",
    "journal.chat_picture": "tests/journal/test_chats.py",
    "journal.plan_draft": "tests/journal/test_plans.py",
    "journal.help_page": "a role: tests/journal/test_guide.py",
    "journal.read_calendar": "a secret: tests/journal/test_timetable.py",
    "journal.invited": "a secret: tests/journal/test_invitations.py",
    "journal.diary_site": "a diary of the public registry: tests/journal/test_connect.py",
    "journal.remove_day_off": "a day of one's own school: the last test here",
    "journal.close_diary_request": "of no school, every administrator's: tests/journal/test_connect.py",
}


class Everything(Planned):
    """The school with one of each thing that an address may name."""

    def __init__(self, world, browser):
        super().__init__(world, browser)
        self.browser("anna").send(
            "post",
            "/announcements/new",
            data={
                "title": "Собрание",
                "text": "В четверг",
                "scope": "classes",
                "when": "now",
                "roles": ["guardian"],
                "classes": [self.c7a.public_id],
                "wants_answer": "y",
                "files": (io.BytesIO(b"plan"), "план.txt"),
            },
            content_type="multipart/form-data",
        )
        self.work = self.note(WEDNESDAY, homework="Параграф 12")
        self.work_file = self.file(self.work)
        self.distance = world.lesson_change(self.line, number=5, date=TODAY, is_distance=True)
        self.cover = world.substitution(self.line, self.nina, since=WEDNESDAY, until=WEDNESDAY)
        world._add(
            DayOff(
                school_id=world.main_school.id,
                name="День школы",
                since=TODAY + dt.timedelta(days=14),
                until=TODAY + dt.timedelta(days=14),
            )
        )

    @property
    def ids(self):
        """What stands in the addresses."""
        announcement = self.one(Announcement)
        slot = db.session.scalars(
            db.select(TimetableSlot).where(TimetableSlot.teaching_id == self.line.id)
        ).first()
        return {
            "announcement": announcement.public_id,
            "announcement_file": announcement.files[0].public_id,
            "sheet": self.line.public_id,
            "class": self.c7a.public_id,
            "misha": self.misha.public_id,
            "work": self.work.public_id,
            "work_file": self.work_file.public_id,
            "distance": self.one(LessonChange).public_id,
            "cover": self.one(Substitution).public_id,
            "slot": slot.public_id,
            "off": (TODAY + dt.timedelta(days=14)).isoformat(),
            "today": TODAY.isoformat(),
            "place": TUESDAY,
        }

    def one(self, table):
        db.session.rollback()
        return db.session.scalars(db.select(table)).first()


@dataclass(frozen=True)
class Door:
    """`url` with names of `Everything.ids`; `opens` for one, is not there for `others`."""

    endpoint: str
    url: str
    opens: str
    others: str
    method: str = "get"
    form: tuple[str, ...] = ()


OUTSIDE = "stranger misha olga father other_admin"
STAFF = "anna oleg misha olga other_admin"
DOORS = [
    Door("announcement", "/announcements/{announcement}", "olga", "father foreign stranger misha other_admin"),
    Door("answer_announcement", "/announcements/{announcement}/answer", "olga", "father misha stranger other_admin", "post"),
    Door("edit_announcement", "/announcements/{announcement}/edit", "anna", "oleg misha stranger other_admin"),
    Door("delete_announcement", "/announcements/{announcement}/delete", "anna", "oleg misha stranger other_admin"),
    Door("announcement_file", "/announcements/{announcement}/files/{announcement_file}", "olga", "father misha stranger other_admin"),
    Door("person", "/people/{misha}", "admin", STAFF),
    Door("sheet", "/gradebook/{sheet}", "oleg", OUTSIDE),
    Door("reopen_sheet", "/gradebook/{sheet}/reopen", "admin", OUTSIDE, "post"),
    Door("save_cell", "/gradebook/{sheet}/cells", "oleg", OUTSIDE, "post", ("pupil={misha}", "place={place}", "text=5", "version=0")),
    Door("sheet_changes", "/gradebook/{sheet}/changes?period=2026-11-02", "oleg", OUTSIDE),
    Door("cell", "/gradebook/{sheet}/cell?pupil={misha}&place={place}", "oleg", OUTSIDE),
    Door("lesson_marks", "/gradebook/{sheet}/lesson/{place}", "oleg", OUTSIDE),
    Door("lesson_marks", "/gradebook/{sheet}/lesson/{place}", "oleg", OUTSIDE, "post"),
    Door("homework_file", "/homework/{work}/files/{work_file}", "misha", "foreign father stranger other_admin"),
    Door("tick_homework", "/homework/{work}/done", "misha", "foreign olga oleg other_admin", "post"),
    Door("pupil_report", "/reports/pupil/{misha}", "anna", "oleg stranger other_admin"),
    Door("lesson_call", "/timetable/calls/{distance}", "oleg", "stranger foreign father other_admin"),
    Door("lesson", "/timetable/lessons/{sheet}/{today}/1", "oleg", OUTSIDE),
    Door("cancel_lesson_on_date", "/timetable/lessons/{sheet}/{today}/1/cancel", "oleg", OUTSIDE, "post"),
    Door("restore_lesson_on_date", "/timetable/lessons/{sheet}/{today}/1/restore", "oleg", OUTSIDE, "post"),
    Door("planning_sheet", "/planning/{sheet}", "oleg", OUTSIDE),
    Door("save_note", "/planning/{sheet}/notes", "oleg", OUTSIDE, "post", ("place={place}", "topic=Сила", "version=0")),
    Door("export_plan", "/planning/{sheet}/plan.xlsx", "oleg", OUTSIDE),
    Door("import_plan", "/planning/{sheet}/import", "oleg", OUTSIDE),
    Door("planned_lesson", "/planning/{sheet}/lessons/{place}", "oleg", OUTSIDE),
    Door("plan", "/planning/{sheet}/plan", "oleg", OUTSIDE),
    Door("copy_plan", "/planning/{sheet}/copy", "oleg", OUTSIDE),
    Door("end_substitution", "/timetable/substitutions/{cover}/end", "admin", STAFF, "post"),
    Door("edit_timetable", "/timetable/edit/{class}", "admin", STAFF),
    Door("add_slot", "/timetable/edit/{class}/new", "admin", STAFF),
    Door("change_slot", "/timetable/edit/slots/{slot}", "admin", STAFF),
    Door("end_slot", "/timetable/edit/slots/{slot}/end", "admin", STAFF, "post"),
    Door("add_load", "/timetable/edit/{class}/load", "admin", STAFF, "post"),
    Door("end_load", "/timetable/edit/7a/load/{sheet}/end", "admin", STAFF, "post"),
]  # fmt: skip
# The same for what stands behind the question mark.
ASKED = [
    Door("home", "/?child={misha}", "olga", "father foreign anna admin other_admin"),
    Door("diary", "/diary?child={misha}", "olga", "father foreign anna admin other_admin"),
    Door("timetable", "/timetable?child={misha}", "olga", "father foreign anna admin other_admin"),
    Door("timetable", "/timetable?by=class&of={class}", "stranger", "misha olga other_admin"),
    Door("gradebook", "/gradebook?class={class}", "anna", "stranger other_admin"),
    Door("reports", "/reports?class={class}", "anna", "oleg stranger other_admin"),
    Door("attendance", "/reports/attendance?class={class}", "anna", "oleg stranger other_admin"),
    Door("invitations", "/reports/invitations?class={class}", "anna", "oleg stranger other_admin"),
    Door("subject", "/reports/subject?sheet={sheet}", "oleg", "stranger other_admin"),
    Door("planning", "/planning?class={class}", "oleg", "stranger other_admin"),
]  # fmt: skip
EVERY = [*ASKED, *DOORS]
# A form that lacks words is read and refused: the thing was there.
OPENED = (200, 204, 303, 409, 422)


@pytest.fixture
def school(world, browser):
    with clock.frozen(NOW):
        yield Everything(world, browser)


def asks(school, who, door, ids):
    form = dict(part.format(**ids).split("=") for part in door.form)
    return (
        school.browser(who).send(door.method, door.url.format(**ids), data=form or None).status_code
    )


def test_every_address_with_an_id_is_in_the_table(app):
    rules = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.arguments and rule.endpoint.startswith("journal.")
    }
    assert rules == {f"journal.{door.endpoint}" for door in DOORS} | set(ELSEWHERE)


def test_a_real_id_is_not_there_for_others_and_is_for_its_own(school):
    ids = school.ids
    wrong = [
        (door.endpoint, door.method, who, status)
        for door in EVERY
        for who in door.others.split()
        if (status := asks(school, who, door, ids)) != 404
    ]
    assert wrong == []
    shut = [
        (door.endpoint, door.method, status)
        for door in EVERY
        if (status := asks(school, door.opens, door, ids)) not in OPENED
    ]
    assert shut == []


def test_a_made_up_id_is_not_there(school):
    ids = school.ids
    wrong = [
        (door.endpoint, door.method, key, status)
        for door in EVERY
        for key in ids
        if f"{{{key}}}" in door.url and key not in ("today", "place")
        if (status := asks(school, door.opens, door, ids | {key: MADE_UP})) != 404
    ]
    assert wrong == []


def test_a_day_off_is_removed_at_ones_own_school_only(school):
    url = f"/timetable/year/days-off/{school.ids['off']}/remove"
    for who in ("anna", "misha", "olga"):
        assert school.browser(who).post(url).status_code == 404
    school.browser("other_admin").post(url)
    assert school.one(DayOff) is not None
    school.browser("admin").post(url)
    assert school.one(DayOff) is None
