"""The settings of a chat by hand as people choose them: three tabs over eight rows (FLOWS 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from app.messenger.chats.rights import (
    CLOSED,
    ORDINARY,
    PERMISSIONS,
    Action,
    ChatKind,
    Circle,
    MemberRole,
    Membership,
    Permissions,
    can,
)


class Preset(StrEnum):
    """A tab of the settings, in the order of the guide."""

    ORDINARY = "ordinary"
    CLOSED = "closed"
    OWN = "own"


RECOMMENDED = Preset.CLOSED
ROWS: Mapping[Preset, Permissions] = {Preset.ORDINARY: ORDINARY, Preset.CLOSED: CLOSED}
CHOICES = (Circle.EVERYONE, Circle.ADMINISTRATORS, Circle.CREATOR)
"""What a row may say; `NOBODY` is the system's word."""


def preset_of(permissions: Permissions) -> Preset:
    """The tab that these eight rows stand under."""
    return next((name for name, rows in ROWS.items() if rows == permissions), Preset.OWN)


def chosen(tab: Preset, shown: Preset, rows: Mapping[Action, Circle]) -> Permissions:
    """What a sent form means: a tab newly pressed sets all its rows, otherwise the rows count.

    `shown` is the tab the form was drawn with, so that it works without script too. A row that
    is absent or says what people may not choose is the creator's.
    """
    if tab is not shown and tab is not Preset.OWN:
        return dict(ROWS[tab])
    return {
        action: circle if (circle := rows.get(action)) in CHOICES else Circle.CREATOR
        for action in PERMISSIONS
    }


def how_many(permissions: Permissions, roles: Mapping[MemberRole, int]) -> Counter[Action]:
    """How many members each row lets in, asked of the one rule that decides it later."""
    return Counter(
        {
            action: sum(
                count
                for role, count in roles.items()
                if can(
                    Membership(
                        is_active=True, role=role, kind=ChatKind.MANUAL, permissions=permissions
                    ),
                    action,
                )
            )
            for action in PERMISSIONS
        }
    )
