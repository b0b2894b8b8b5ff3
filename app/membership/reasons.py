"""A reason for a seat, in the words of FLOWS 3: «родитель: Иванов Миша, 7А»."""

from __future__ import annotations

import datetime as dt

from flask_babel import format_date, gettext

from app.membership.rules import Reason, ReasonKind


def in_words(reason: Reason) -> str:
    """One reason as a phrase of the person's language."""
    values = {"place": reason.place, "about": reason.about}
    match reason.kind:
        case ReasonKind.CLASS_TEACHER:
            return str(gettext("классный руководитель, %(place)s", **values))
        case ReasonKind.PUPIL:
            return str(gettext("обучающийся, %(place)s", **values))
        case ReasonKind.GUARDIAN:
            return str(gettext("родитель: %(about)s, %(place)s", **values))
        case ReasonKind.TEACHES:
            return str(gettext("преподаватель: %(about)s, %(place)s", **values))
        case ReasonKind.SUBSTITUTE:
            until = format_date(dt.date.fromisoformat(reason.until), "dd.MM")
            return str(gettext("замена: %(about)s, %(place)s, до %(until)s", until=until, **values))
        case ReasonKind.STAFF:
            return str(gettext("сотрудник школы"))
