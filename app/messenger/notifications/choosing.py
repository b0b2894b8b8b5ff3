"""Reading and changing what a person has chosen."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import select

from app.core.db import db
from app.core.errors import Invalid
from app.core.quiet import Quiet, minute_from
from app.core.transaction import writing
from app.messenger.notifications.models import NotificationChoice


@dataclass(frozen=True)
class Choice:
    """Sound in the page, and own quiet hours."""

    has_sound: bool = False
    quiet: Quiet | None = None


def choice_of(profile_id: int) -> Choice:
    """What this profile has chosen."""
    row = db.session.execute(
        select(
            NotificationChoice.has_sound,
            NotificationChoice.quiet_from,
            NotificationChoice.quiet_until,
        ).where(NotificationChoice.profile_id == profile_id)
    ).one_or_none()
    if row is None:
        return Choice()
    return Choice(row.has_sound, own_quiet(row.quiet_from, row.quiet_until))


def own_quiet(start: int | None, end: int | None) -> Quiet | None:
    """Stored minutes as a stretch; none when not chosen."""
    return None if start is None or end is None else Quiet(start, end)


def choose(profile_id: int, *, has_sound: bool, start: str, end: str) -> None:
    """Remember the choice; `start` and `end` are «21:00», both empty for no quiet hours.

    Raises:
        Invalid: only one of the two is given, they are equal, or no times.
    """
    quiet = _quiet(start.strip(), end.strip())
    with writing() as session:
        row = session.get(NotificationChoice, profile_id)
        if row is None:
            row = NotificationChoice(profile_id=profile_id)
            session.add(row)
        row.has_sound = has_sound
        row.quiet_from = quiet.start if quiet else None
        row.quiet_until = quiet.end if quiet else None


def _quiet(start: str, end: str) -> Quiet | None:
    if not start and not end:
        return None
    if not start or not end:
        raise Invalid(
            lazy_gettext("Укажите и начало, и конец тихих часов или оставьте оба пустыми.")
        )
    try:
        quiet = Quiet(minute_from(start), minute_from(end))
    except ValueError:
        raise Invalid(lazy_gettext("Время записывается так: 21:00.")) from None
    if quiet.start == quiet.end:
        raise Invalid(lazy_gettext("Начало и конец тихих часов совпадают."))
    return quiet
