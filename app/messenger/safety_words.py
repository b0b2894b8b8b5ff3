"""The table of `safety` in plain words: what the page «Безопасность» says, and says truly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext

from app.messenger.safety import TABLE, Act, Bond, CircleKind, Place

ACT_WORDS: dict[Act, LazyString] = {
    Act.DIRECT: lazy_gettext("Написать лично"),
    Act.CALL: lazy_gettext("Позвонить"),
    Act.ADD: lazy_gettext("Добавить в чат"),
    Act.FIND: lazy_gettext("Найти в поиске"),
    Act.SEE_PHONE: lazy_gettext("Увидеть телефон"),
}
HEADINGS: dict[str, LazyString] = {
    "pupil": lazy_gettext("Обучающийся"),
    "guardian": lazy_gettext("Родитель"),
    "teacher": lazy_gettext("Преподаватель"),
    "administrator": lazy_gettext("Администратор школы"),
}
PLACES: dict[str, tuple[Place, ...]] = {
    "pupil": (Place.PUPIL,),
    "guardian": (Place.GUARDIAN,),
    "teacher": (Place.LEADER, Place.TEACHER),
    "administrator": (Place.ADMINISTRATOR,),
}
"""A confirmed role -> the places in circles that come with it."""

_classmates = lazy_gettext("Одноклассникам")
_class_teacher = lazy_gettext("Классному руководителю")
_own_teachers = lazy_gettext("Преподавателям, которые ведут у него уроки")
_own_parents = lazy_gettext("Своим родителям")
_class_parents = lazy_gettext("Родителям класса")
_childs_leader = lazy_gettext("Классному руководителю ребёнка")
_childs_teachers = lazy_gettext("Преподавателям ребёнка")
_own_children = lazy_gettext("Своим детям")
_other_parent = lazy_gettext("Другому родителю своего ребёнка")
_led_pupils = lazy_gettext("Обучающимся своего класса")
_led_parents = lazy_gettext("Родителям своего класса")
_taught_pupils = lazy_gettext("Обучающимся, у которых ведёт уроки")
_taught_parents = lazy_gettext("Родителям этих обучающихся")
_colleagues = lazy_gettext("Коллегам по школе")
_other_pupils = lazy_gettext("Остальным обучающимся школы")
_other_parents = lazy_gettext("Остальным родителям школы")
_school_pupils = lazy_gettext("Обучающимся школы")
_school_parents = lazy_gettext("Родителям школы")
_C, _P = CircleKind, Place
TO_WHOM: dict[Bond, LazyString] = {
    Bond(_C.CLASS, _P.PUPIL, _P.PUPIL): _classmates,
    Bond(_C.CLASS, _P.PUPIL, _P.LEADER): _class_teacher,
    Bond(_C.CLASS, _P.PUPIL, _P.TEACHER): _own_teachers,
    Bond(_C.GROUP, _P.PUPIL, _P.TEACHER): _own_teachers,
    Bond(_C.GROUP, _P.PUPIL, _P.LEADER): _own_teachers,
    Bond(_C.FAMILY, _P.PUPIL, _P.GUARDIAN): _own_parents,
    Bond(_C.CLASS, _P.GUARDIAN, _P.GUARDIAN): _class_parents,
    Bond(_C.CLASS, _P.GUARDIAN, _P.LEADER): _childs_leader,
    Bond(_C.CLASS, _P.GUARDIAN, _P.TEACHER): _childs_teachers,
    Bond(_C.GROUP, _P.GUARDIAN, _P.TEACHER): _childs_teachers,
    Bond(_C.GROUP, _P.GUARDIAN, _P.LEADER): _childs_teachers,
    Bond(_C.FAMILY, _P.GUARDIAN, _P.PUPIL): _own_children,
    Bond(_C.FAMILY, _P.GUARDIAN, _P.GUARDIAN): _other_parent,
    Bond(_C.CLASS, _P.LEADER, _P.PUPIL): _led_pupils,
    Bond(_C.CLASS, _P.LEADER, _P.GUARDIAN): _led_parents,
    Bond(_C.CLASS, _P.TEACHER, _P.PUPIL): _taught_pupils,
    Bond(_C.GROUP, _P.TEACHER, _P.PUPIL): _taught_pupils,
    Bond(_C.GROUP, _P.LEADER, _P.PUPIL): _taught_pupils,
    Bond(_C.CLASS, _P.TEACHER, _P.GUARDIAN): _taught_parents,
    Bond(_C.GROUP, _P.TEACHER, _P.GUARDIAN): _taught_parents,
    Bond(_C.GROUP, _P.LEADER, _P.GUARDIAN): _taught_parents,
    Bond(_C.SCHOOL, _P.TEACHER, _P.TEACHER): _colleagues,
    Bond(_C.SCHOOL, _P.TEACHER, _P.ADMINISTRATOR): _colleagues,
    Bond(_C.SCHOOL, _P.TEACHER, _P.PUPIL): _other_pupils,
    Bond(_C.SCHOOL, _P.TEACHER, _P.GUARDIAN): _other_parents,
    Bond(_C.SCHOOL, _P.ADMINISTRATOR, _P.TEACHER): _colleagues,
    Bond(_C.SCHOOL, _P.ADMINISTRATOR, _P.ADMINISTRATOR): _colleagues,
    Bond(_C.SCHOOL, _P.ADMINISTRATOR, _P.PUPIL): _school_pupils,
    Bond(_C.SCHOOL, _P.ADMINISTRATOR, _P.GUARDIAN): _school_parents,
}
STRANGERS = lazy_gettext("Всем остальным")


@dataclass(frozen=True)
class Line:
    """A row of the page: to whom, and what of `ACT_WORDS` is allowed."""

    to_whom: LazyString
    acts: frozenset[Act]


@dataclass(frozen=True)
class Part:
    """What people of one role may do."""

    role: str
    heading: LazyString
    lines: tuple[Line, ...]
    is_own: bool


def parts(own_roles: Iterable[str]) -> list[Part]:
    """The whole table in words, the reader's own roles first."""
    own = set(own_roles)
    found = [
        Part(role, HEADINGS[role], _lines(places), role in own) for role, places in PLACES.items()
    ]
    return sorted(found, key=lambda part: not part.is_own)


def _lines(places: tuple[Place, ...]) -> tuple[Line, ...]:
    lines: dict[LazyString, Line] = {}
    for place in places:
        for rule in TABLE:
            if rule.bond.mine is place:
                words = TO_WHOM[rule.bond]
                lines.setdefault(words, Line(words, rule.acts))
    return (*lines.values(), Line(STRANGERS, frozenset()))
