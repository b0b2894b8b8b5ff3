"""A class with a timetable and people around it, on a day in November that tests hold still."""

import datetime as dt

from app.core import clock
from app.core.db import db
from app.school.timetable import TimetableSlot
from tests.journal.conftest import PASSWORD, password_hash

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)  # a Tuesday
TODAY = dt.date(2026, 11, 24)
PERIOD = "2026-11-02"
TUESDAY, MONDAY, WEDNESDAY = "2026-11-24.1", "2026-11-23.1", "2026-11-25.1"


class School:
    """Physics in 7А on every day, given by Oleg; Anna leads the class; Nina is a substitute."""

    def __init__(self, world, browser):
        self.world, self._browser = world, browser
        self._accounts, self._signed_in = {}, {}
        self.anna = world.teacher("Иванова Анна Петровна")
        self.oleg = world.teacher("Ким Олег Ильич")
        self.nina = world.teacher("Лисина Нина")
        self.stranger = world.teacher("Чужая Вера")
        self.c7a = world.school_class("7А", teacher=self.anna)
        self.c8b = world.school_class("8Б", teacher=self.stranger)
        self.physics = world.subject("Физика")
        self.line = world.teaching(self.oleg, self.c7a, self.physics)
        self.other = world.teaching(self.stranger, self.c8b, self.physics)
        for line in (self.line, self.other):
            self.timetable(line)
        self.misha = world.pupil("Орлов Миша", in_=self.c7a)
        self.vera = world.pupil("Яшина Вера", in_=self.c7a)
        self.foreign = world.pupil("Быков Пётр", in_=self.c8b)
        self.olga = world.guardian("Орлова Ольга Павловна", of=[self.misha])
        self.father = world.guardian("Быков Олег", of=[self.foreign])
        self.admin = world.administrator("Громова Елена")
        other_school = world.school("Школа № 2")
        self.other_admin = world.administrator("Дальняя Анна", school=other_school)

    def timetable(self, line, numbers=(1,)):
        for weekday in range(1, 6):
            for number in numbers:
                self.world._add(
                    TimetableSlot(
                        teaching_id=line.id,
                        weekday=weekday,
                        number=number,
                        starts_at=dt.time(8, 30),
                        ends_at=dt.time(9, 15),
                        room="204",
                    )
                )

    def browser(self, name):
        """A browser of this person, signed in today."""
        key = (name, clock.now().date())
        if name not in self._accounts:
            self._accounts[name] = self.world.account(
                getattr(self, name), login=f"login-{name}", password_hash=password_hash()
            )
        if key not in self._signed_in:
            self._signed_in[key] = self._browser().signs_in(self._accounts[name], PASSWORD)
        return self._signed_in[key]

    def url(self, tail="", line=None):
        return f"/gradebook/{(line or self.line).public_id}{tail}"

    def put(self, text, *, by="oleg", place=TUESDAY, pupil=None, version=0, line=None):
        """The answer of saving one cell."""
        return self.browser(by).post(
            self.url("/cells", line),
            pupil=(pupil or self.misha).public_id,
            place=place,
            text=text,
            version=version,
        )

    def sheet(self, by="oleg", **query):
        return self.browser(by).get(self.url(), query_string=query).text

    def rows(self, table):
        return db.session.scalars(db.select(table).order_by(table.id)).all()
