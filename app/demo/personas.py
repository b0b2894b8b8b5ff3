"""Whom a visitor of the demo may be, and what each is good to try."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext


@dataclass(frozen=True)
class Persona:
    """A person of the demo school with a known login."""

    login: str
    name: str
    who: LazyString
    hint: LazyString


PERSONAS = (
    Persona(
        "ivanova",
        "Иванова Анна Петровна",
        lazy_gettext("классный руководитель 3А"),
        lazy_gettext("Свяжите профиль: откроются три чата"),
    ),
    Persona(
        "petrova",
        "Петрова Марина Сергеевна",
        lazy_gettext("классный руководитель 7А, ведёт предмет в других классах"),
        lazy_gettext("После привязки в названиях чатов видны классы"),
    ),
    Persona(
        "belova",
        "Белова Ирина Андреевна",
        lazy_gettext("классный руководитель 5А, уже в чатах"),
        lazy_gettext("Чаты с историей, опросы и занятие по звонку, которое вот-вот начнётся"),
    ),
    Persona(
        "orlov",
        "Орлов Виктор Павлович",
        lazy_gettext("учитель физики, уже в чатах"),
        lazy_gettext("Журнал, планирование и чаты предмета"),
    ),
    Persona(
        "morozova",
        "Морозова Светлана Юрьевна",
        lazy_gettext("родитель, дети в 5А и 9А, уже в чатах"),
        lazy_gettext("Чаты родителей, голосование за ребёнка, вход в звонок"),
    ),
    Persona(
        "egor",
        "Морозов Егор Алексеевич",
        lazy_gettext("обучающийся 9А, уже в чатах"),
        lazy_gettext("Дневник, задания и чаты глазами старшеклассника"),
    ),
    Persona(
        "sokolova",
        "Соколова Ольга Игоревна",
        lazy_gettext("родитель, дети в 3А и 7А"),
        lazy_gettext("Переключайте детей, свяжите профиль: откроются два чата родителей"),
    ),
    Persona(
        "misha",
        "Соколов Михаил Дмитриевич",
        lazy_gettext("обучающийся 3А"),
        lazy_gettext("Дневник, расписание и чат класса"),
    ),
    Persona(
        "ershova",
        "Ершова Наталья Олеговна",
        lazy_gettext("преподаватель и родитель"),
        lazy_gettext("Две роли у одной учётной записи"),
    ),
    Persona(
        "admin",
        "Громова Елена Викторовна",
        lazy_gettext("администратор школы"),
        lazy_gettext("Отчёт: кто связал профиль, по классам"),
    ),
)
