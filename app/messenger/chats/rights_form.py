"""The settings of a chat by hand on the screen: three tabs, eight rows, and the live sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from app.messenger.chats.presets import CHOICES, Preset, chosen, how_many, preset_of
from app.messenger.chats.rights import PERMISSIONS, Action, Circle, MemberRole, Permissions

TABS: Mapping[Preset, LazyString] = {
    Preset.ORDINARY: lazy_gettext("Обычный чат"),
    Preset.CLOSED: lazy_gettext("Закрытый чат"),
    Preset.OWN: lazy_gettext("Свои настройки"),
}
CIRCLE_WORDS: Mapping[Circle, LazyString] = {
    Circle.EVERYONE: lazy_gettext("Все участники"),
    Circle.ADMINISTRATORS: lazy_gettext("Создатель и администраторы"),
    Circle.CREATOR: lazy_gettext("Только создатель"),
    Circle.NOBODY: lazy_gettext("Никто: это решает система"),
}
QUESTIONS: Mapping[Action, tuple[LazyString, str]] = {
    Action.INVITE: (lazy_gettext("Кто может приглашать участников в чат"), "user_add_outline_28"),
    Action.EDIT_INFO: (
        lazy_gettext("Кто может редактировать информацию чата"),
        "write_outline_28",
    ),
    Action.PIN: (lazy_gettext("Кто может менять закреплённое сообщение"), "pin_outline_28"),
    Action.MENTION_ALL: (
        lazy_gettext("Кто может отправлять массовые упоминания"),
        "mention_outline_28",
    ),
    Action.SEE_LINK: (lazy_gettext("Кто может видеть ссылку на чат"), "chain_outline_28"),
    Action.START_CALL: (
        lazy_gettext("Кто может начинать групповые звонки"),
        "phone_outline_28",
    ),
    Action.APPOINT: (
        lazy_gettext("Кто может назначать администраторов"),
        "user_star_outline_28",
    ),
    Action.CHANGE_APPEARANCE: (
        lazy_gettext("Кто может менять оформление чата"),
        "palette_outline_28",
    ),
}


@dataclass(frozen=True)
class Row:
    """One of the eight: who may, asked and answered."""

    action: Action
    question: LazyString
    icon: str
    circle: Circle
    answer: LazyString


@dataclass(frozen=True)
class RightsView:
    """What the settings block shows. `sentence` says what the rows mean for these people."""

    tab: Preset
    rows: tuple[Row, ...]
    sentence: str
    tabs = TABS
    choices = tuple((circle, CIRCLE_WORDS[circle]) for circle in CHOICES)


def read(form: Mapping[str, str]) -> Permissions:
    """The eight rows that a sent form means."""
    rows = {action: _circle(form.get(f"right-{action}")) for action in PERMISSIONS}
    return chosen(_tab(form.get("preset")), _tab(form.get("shown")), rows)


def show(permissions: Permissions, roles: Mapping[MemberRole, int]) -> RightsView:
    """The block for these rows, in a chat with so many members of each role."""
    return RightsView(
        tab=preset_of(permissions), rows=rows_of(permissions), sentence=sentence(permissions, roles)
    )


def rows_of(permissions: Permissions) -> tuple[Row, ...]:
    """The eight rows with their words, in the order of the guide."""
    return tuple(
        Row(action, *QUESTIONS[action], permissions[action], CIRCLE_WORDS[permissions[action]])
        for action in PERMISSIONS
    )


def sentence(permissions: Permissions, roles: Mapping[MemberRole, int]) -> str:
    """«Пригласить могут 2 человека, начать звонок — 27. Всего в чате: 27»."""
    count = how_many(permissions, roles)
    invite = ngettext(
        "Пригласить может %(num)d человек",
        "Пригласить могут %(num)d человека",
        count[Action.INVITE],
    )
    return str(
        gettext(
            "%(invite)s, начать звонок — %(calls)d. Всего в чате: %(all)d",
            invite=invite,
            calls=count[Action.START_CALL],
            all=sum(roles.values()),
        )
    )


def _tab(value: str | None) -> Preset:
    return Preset(value) if value in set(Preset) else Preset.OWN


def _circle(value: str | None) -> Circle:
    return Circle(value) if value in set(Circle) else Circle.CREATOR
