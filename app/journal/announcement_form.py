"""The form of an announcement, and what it says as a draft."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than its stubs
    BooleanField,
    DateTimeLocalField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional

from app.core import clock
from app.core.names import clean_block, clean_line
from app.school.announcements.announcing import MAX_TEXT, MAX_TITLE, Draft
from app.school.announcements.audience import Audience, Reach
from app.school.announcements.models import Announcement
from app.school.people import Role

REQUIRED = lazy_gettext("Заполните это поле")
LENGTH = lazy_gettext("Не больше %(max)d знаков")
ROLE_CHOICES = (
    SelectChoice(Role.PUPIL.value, lazy_gettext("Обучающимся")),
    SelectChoice(Role.GUARDIAN.value, lazy_gettext("Родителям")),
    SelectChoice(Role.TEACHER.value, lazy_gettext("Преподавателям")),
)
LOCAL = "%Y-%m-%dT%H:%M"


class AnnouncementForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """What, to whom, when."""

    title = StringField(
        lazy_gettext("Заголовок"), validators=[DataRequired(REQUIRED), Length(max=MAX_TITLE)]
    )
    text = TextAreaField(
        lazy_gettext("Текст"),
        validators=[DataRequired(REQUIRED), Length(max=MAX_TEXT)],
        render_kw={"rows": 8},
    )
    scope = RadioField(
        lazy_gettext("Кому"),
        choices=[
            SelectChoice("school", lazy_gettext("Всей школе")),
            SelectChoice("classes", lazy_gettext("Классам")),
        ],
        default="classes",
        validators=[Optional()],
    )
    classes = SelectMultipleField(lazy_gettext("Классы"), choices=[], validate_choice=False)
    roles = SelectMultipleField(lazy_gettext("Кто увидит"), choices=list(ROLE_CHOICES))
    wants_answer = BooleanField(lazy_gettext("Попросить нажать «Ознакомлен»"))
    when = RadioField(
        lazy_gettext("Когда"),
        choices=[
            SelectChoice("now", lazy_gettext("Сразу")),
            SelectChoice("later", lazy_gettext("Позже")),
        ],
        default="now",
        validators=[Optional()],
    )
    at = DateTimeLocalField(lazy_gettext("Опубликовать"), format=LOCAL, validators=[Optional()])
    files = MultipleFileField(lazy_gettext("Файлы"))
    dropped = SelectMultipleField(lazy_gettext("Убрать"), choices=[], validate_choice=False)

    def draft(self, reach: Reach, time_zone: str) -> Draft | None:
        """The draft, or None with every reason beside its field."""
        self.validate()
        for field, clean in ((self.title, clean_line), (self.text, clean_block)):
            if not field.errors and not clean(field.data or ""):
                field.errors = [str(REQUIRED)]
        audience = self._audience(reach)
        moment = self._moment(time_zone)
        if self.errors or audience is None:
            return None
        return Draft(
            title=clean_line(self.title.data or ""),
            text=clean_block(self.text.data or ""),
            audience=audience,
            wants_answer=bool(self.wants_answer.data),
            published_at=moment,
        )

    def _audience(self, reach: Reach) -> Audience | None:
        roles = frozenset(Role(role) for role in self.roles.data or ())
        if not roles:
            self.roles.errors = [gettext("Отметьте хотя бы одну роль")]
            return None
        if self.scope.data == "school" and reach.may_address_school:
            return Audience(roles)
        asked = set(self.classes.data or ())
        known = {row.public_id: row.id for row in reach.classes}
        if not asked or asked - known.keys():
            self.classes.errors = [gettext("Отметьте хотя бы один класс")]
            return None
        return Audience(roles, frozenset(known[public_id] for public_id in asked))

    def _moment(self, time_zone: str) -> dt.datetime | None:
        """Later, in UTC. A moment that has passed means at once, and says so."""
        if self.when.data != "later":
            return None
        if self.at.data is None:
            self.at.errors = [gettext("Укажите день и время")]
            return None
        moment: dt.datetime = self.at.data.replace(tzinfo=ZoneInfo(time_zone))
        if moment <= clock.now():
            self.at.errors = [gettext("Это время уже прошло. Выберите будущее или «Сразу»")]
        return moment.astimezone(dt.UTC)


def filled(announcement: Announcement, reach: Reach, time_zone: str) -> dict[str, Any]:
    """The announcement as the form's first values."""
    names = {row.id: row.public_id for row in reach.classes}
    ids = {row.class_id for row in announcement.targets if row.class_id is not None}
    is_ahead = announcement.published_at > clock.now()
    local = announcement.published_at.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
    return {
        "title": announcement.title,
        "text": announcement.text,
        "scope": "classes" if ids else "school",
        "classes": [names[class_id] for class_id in ids if class_id in names],
        "roles": sorted({row.role.value for row in announcement.targets}),
        "wants_answer": announcement.wants_answer,
        "when": "later" if is_ahead else "now",
        "at": local if is_ahead else None,
    }
