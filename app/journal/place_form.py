"""The form of where and when a lesson is given on a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField, TimeField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.core import clock
from app.core.errors import Invalid
from app.core.names import clean_line
from app.school.bells import Ring
from app.school.lesson_places import Place
from app.school.lessons import Lesson, Line

OWN_TIME = "own"
NO_TIME = lazy_gettext("Укажите время, например 15:30.")


class PlaceForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Date, bell or own time, room; and whether the lesson is a distance one."""

    date = DateField(
        lazy_gettext("Дата"),
        validators=[DataRequired(lazy_gettext("Выберите дату."))],
    )
    number = SelectField(lazy_gettext("Урок"))
    starts_at = TimeField(lazy_gettext("Начало"), validators=[Optional()])
    ends_at = TimeField(lazy_gettext("Конец"), validators=[Optional()])
    room = StringField(
        lazy_gettext("Кабинет"),
        filters=[lambda value: clean_line(value or "")],
        validators=[Length(max=40, message=lazy_gettext("Не длиннее 40 символов"))],
    )
    is_distance = BooleanField(lazy_gettext("Дистанционное занятие"))

    def __init__(self, rings: Sequence[Ring], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._rings = rings
        self.number.choices = [
            *((str(ring.number), said(ring)) for ring in rings),
            (OWN_TIME, lazy_gettext("Другое время")),
        ]

    def show(self, lesson: Lesson) -> None:
        """Fill in what the lesson is now."""
        day = lesson.day
        self.date.data = day.date
        is_by_bell = Ring(day.number, day.starts_at, day.ends_at) in self._rings
        self.number.data = str(day.number) if is_by_bell else OWN_TIME
        self.starts_at.data, self.ends_at.data = day.starts_at, day.ends_at
        self.room.data, self.is_distance.data = day.room, day.is_distance

    def validate_starts_at(self, field: TimeField) -> None:
        """An own time has a beginning."""
        if self.number.data == OWN_TIME and field.data is None:
            raise ValidationError(NO_TIME)

    def validate_ends_at(self, field: TimeField) -> None:
        """An own time has an end."""
        if self.number.data == OWN_TIME and field.data is None:
            raise ValidationError(NO_TIME)


class DistanceForm(PlaceForm):
    """A new distance lesson: of which line of the load, and when."""

    line = SelectField(lazy_gettext("Предмет и класс"))

    def __init__(self, rings: Sequence[Ring], lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(rings, **kwargs)
        self.line.choices = [(line.key, f"{line.subject}, {line.class_name}") for line in lines]

    def suggest(self, today: dt.date, zone: ZoneInfo) -> None:
        """The next full hour for 45 minutes, for whoever wants a time of their own."""
        now = clock.now().astimezone(zone)
        begins = (now + dt.timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
        self.date.data = begins.date() if begins.date() >= today else today
        self.starts_at.data = begins.time()
        self.ends_at.data = (begins + dt.timedelta(minutes=45)).time()


def said(ring: Ring) -> str:
    """«2: 9:25–10:10», as the select shows a bell."""
    return f"{ring.number}: {ring.starts_at:%H:%M}–{ring.ends_at:%H:%M}"


def place_of(form: PlaceForm, rings: Sequence[Ring], *, is_distance: bool | None = None) -> Place:
    """What a valid form says.

    Raises:
        Invalid: there is no time in it.
    """
    ring = next((ring for ring in rings if str(ring.number) == form.number.data), None)
    date, starts_at, ends_at = form.date.data, form.starts_at.data, form.ends_at.data
    if ring is not None:
        starts_at, ends_at = ring.starts_at, ring.ends_at
    if date is None or starts_at is None or ends_at is None:
        raise Invalid(NO_TIME)
    return Place(
        date=date,
        number=ring.number if ring else None,
        starts_at=starts_at,
        ends_at=ends_at,
        room=form.room.data or "",
        is_distance=bool(form.is_distance.data) if is_distance is None else is_distance,
    )
