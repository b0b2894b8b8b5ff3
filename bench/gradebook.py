"""How long the server takes for a sheet of 35 pupils × 60 lessons, full of marks.

    python -m bench.gradebook

It builds a school in a temporary folder and opens the page as its teacher, 20 times; the promise
is under 100 ms (the median), and few bytes.
"""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert

from app import create_app
from app.core import clock
from app.core.config import Mode, Settings
from app.core.db import db
from app.core.transaction import writing
from app.school import signing_in
from app.school.accounts import Account
from app.school.calendar import Period
from app.school.classes import Enrolment, SchoolClass, Subject, Teaching
from app.school.mark_entries import WorkKind
from app.school.marks import Mark
from app.school.people import Person, PersonRole, Role, School
from app.school.timetable import TimetableSlot

PUPILS, DATES, TIMES = 35, 60, 20
SINCE = dt.date(2026, 9, 1)
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
PASSWORD = "сирень под окном 7"


def build() -> None:
    """A class with a lesson on each school day of one long period, every cell written."""
    with writing() as session:
        school = School(external_id="bench", name="Школа № 1")
        session.add(school)
        session.flush()
        teacher = _person(school, 0, Role.TEACHER)
        pupils = [_person(school, number, Role.PUPIL) for number in range(1, PUPILS + 1)]
        school_class = SchoolClass(school_id=school.id, external_id="c", name="7А", grade=7)
        subject = Subject(school_id=school.id, external_id="s", name="Русский язык")
        session.add_all([teacher, *pupils, school_class, subject])
        session.flush()
        line = Teaching(class_id=school_class.id, subject_id=subject.id, teacher_id=teacher.id)
        password = signing_in.hash_password(PASSWORD)
        account = Account(
            person_id=teacher.id, login="t", password_hash=password, must_change_password=False
        )
        session.add_all([line, account])
        session.flush()
        days = [SINCE + dt.timedelta(days=n) for n in range(200)]
        days = [day for day in days if day.isoweekday() < 6][:DATES]
        session.add(Period(school_id=school.id, name="Полугодие", since=SINCE, until=days[-1]))
        session.add_all(
            TimetableSlot(
                teaching_id=line.id,
                weekday=weekday,
                number=1,
                starts_at=dt.time(8, 30),
                ends_at=dt.time(9, 15),
            )
            for weekday in range(1, 6)
        )
        session.add_all(
            Enrolment(pupil_id=p.id, class_id=school_class.id, since=SINCE) for p in pupils
        )
        session.execute(
            insert(Mark),
            [
                {
                    "pupil_id": pupil.id,
                    "teaching_id": line.id,
                    "date": day,
                    "number": 1,
                    "value": 2 + (pupil.id + day.day) % 4,
                    "kind": WorkKind.ANSWER,
                    "weight": 1,
                    "comment": "",
                    "version": 1,
                }
                for pupil in pupils
                for day in days
            ],
        )


def _person(school: School, number: int, role: Role) -> Person:
    return Person(
        school_id=school.id,
        external_id=f"p{number}",
        family_name=f"Александрова-{number:02d}",
        given_name="Мария",
        roles=[PersonRole(role=role)],
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = create_app(
            Settings(
                mode=Mode.TESTING,
                secret_key="x" * 48,
                database_url=f"sqlite:///{folder}/bench.sqlite3",
                base_url="http://localhost",
                instance_path=folder,
                log_level="ERROR",
            )
        )
        app.config["WTF_CSRF_ENABLED"] = False
        with clock.frozen(NOW), app.app_context():
            db.create_all()
            build()
        client = app.test_client()
        with clock.frozen(NOW):
            client.post("/sign-in", data={"login": "t", "password": PASSWORD})
            took = []
            for _ in range(TIMES):
                began = time.process_time()
                page = client.get("/gradebook")
                took.append((time.process_time() - began) * 1000)
        assert page.text.count("<td data-v=") >= PUPILS * DATES, page.status_code
        print(f"{PUPILS} × {DATES}: median {statistics.median(took):.1f} ms of processor,")
        print(f"worst {max(took):.1f} ms, {len(page.data) / 1024:.0f} kB")


if __name__ == "__main__":
    main()
