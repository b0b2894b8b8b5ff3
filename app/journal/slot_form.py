"""The form of a lesson of every week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from babel.dates import get_day_names
from flask_babel import get_locale, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TimeField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.core.errors import Invalid
from app.core.names import clean_line
from app.journal.place_form import NO_TIME, OWN_TIME, said
from app.school.bells import Ring
from app.school.editing_timetable import Weekly
from app.school.lessons import Line
from app.school.timetable import TimetableSlot

OWN_NUMBERS = range(15)


class SlotForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """What, on which weekday, when, where, from which day on."""

    line = SelectField(
        lazy_gettext("Предмет и преподаватель"),
        validators=[DataRequired(lazy_gettext("Выберите предмет."))],
    )
    weekday = SelectField(lazy_gettext("День недели"))
    number = SelectField(lazy_gettext("Урок"))
    own_number = SelectField(lazy_gettext("Номер урока"), default="1")
    starts_at = TimeField(lazy_gettext("Начало"), validators=[Optional()])
    ends_at = TimeField(lazy_gettext("Конец"), validators=[Optional()])
    room = StringField(
        lazy_gettext("Кабинет"),
        filters=[lambda value: clean_line(value or "")],
        validators=[Length(max=40, message=lazy_gettext("Не длиннее 40 символов"))],
    )
    since = DateField(
        lazy_gettext("С какого дня"), validators=[DataRequired(lazy_gettext("Выберите дату."))]
    )

    def __init__(self, rings: Sequence[Ring], lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._rings = rings
        names = get_day_names("wide", locale=get_locale())
        self.own_number.choices = [(str(number), str(number)) for number in OWN_NUMBERS]
        self.line.choices = [(line.key, f"{line.subject} · {line.teacher}") for line in lines]
        self.weekday.choices = [
            (str(number), names[number - 1].capitalize()) for number in range(1, 8)
        ]
        self.number.choices = [
            *((str(ring.number), said(ring)) for ring in rings),
            (OWN_TIME, lazy_gettext("Другое время")),
        ]

    def suggest(self, today: dt.date, asked: Mapping[str, str]) -> None:
        """The hour that was clicked on."""
        self.since.data = today
        self.weekday.data = asked.get("weekday", "1")
        self.number.data = asked.get("number", "1")

    def show(self, slot: TimetableSlot, today: dt.date) -> None:
        """Fill in what the lesson is now."""
        ring = Ring(slot.number, slot.starts_at, slot.ends_at)
        self.line.data = slot.teaching.public_id
        self.weekday.data = str(slot.weekday)
        self.number.data = str(slot.number) if ring in self._rings else OWN_TIME
        self.own_number.data = str(slot.number)
        self.starts_at.data, self.ends_at.data = slot.starts_at, slot.ends_at
        self.room.data = slot.room
        self.since.data = max(today, slot.since or today)

    def validate_starts_at(self, field: TimeField) -> None:
        """An own time has a beginning."""
        if self.number.data == OWN_TIME and field.data is None:
            raise ValidationError(NO_TIME)

    def validate_ends_at(self, field: TimeField) -> None:
        """An own time has an end."""
        if self.number.data == OWN_TIME and field.data is None:
            raise ValidationError(NO_TIME)

    @property
    def ring(self) -> Ring | None:
        """The bell chosen; None: at a time of its own."""
        return next((ring for ring in self._rings if str(ring.number) == self.number.data), None)


def words_of(form: SlotForm) -> Weekly:
    """What a valid form says.

    Raises:
        Invalid: there is no time in it.
    """
    ring, since = form.ring, form.since.data
    starts_at, ends_at = form.starts_at.data, form.ends_at.data
    if ring is not None:
        starts_at, ends_at = ring.starts_at, ring.ends_at
    if starts_at is None or ends_at is None or since is None:
        raise Invalid(NO_TIME)
    return Weekly(
        line_key=str(form.line.data),
        weekday=int(form.weekday.data),
        number=ring.number if ring is not None else int(form.own_number.data),
        starts_at=starts_at,
        ends_at=ends_at,
        room=form.room.data or "",
        since=since,
    )
