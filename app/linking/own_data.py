"""What linking keeps of a person: every link of their account, present and ended."""

from __future__ import annotations

from flask_babel import gettext
from sqlalchemy import select

from app.core.archive import Section, paged
from app.linking.links import Link


def link_sections(account_id: int) -> list[Section]:
    """The links of the account, in the order they were made."""
    query = select(
        Link.id,
        Link.profile_name,
        Link.masked_phone,
        Link.linked_at,
        Link.ended_at,
        Link.end_note,
    ).where(Link.account_id == account_id)
    columns = {
        "profile": gettext("Профиль"),
        "phone": gettext("Телефон"),
        "linked_at": gettext("Связан"),
        "ended_at": gettext("Отвязан"),
        "note": gettext("Причина от школы"),
    }
    title = gettext("Связка с учебным профилем")
    return [Section("links", title, columns, lambda: paged(query, Link.id))]
