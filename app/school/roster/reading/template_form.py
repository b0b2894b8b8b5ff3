"""The school's own roster form in Russian: its sheets and columns, for writer and reader."""

from __future__ import annotations

from dataclasses import dataclass

from app.school.people import Role


@dataclass(frozen=True)
class Column:
    """A column: its header, and what to write in it (shown in the form)."""

    header: str
    hint: str
    is_required: bool = True
    width: int = 18
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet of the book, or a CSV file of the same name."""

    title: str
    columns: tuple[Column, ...]
    is_required: bool = True


ROLE_WORDS = {
    "обучающийся": Role.PUPIL,
    "преподаватель": Role.TEACHER,
    "администратор": Role.ADMINISTRATOR,
}
WEEKDAYS = (
    *("понедельник", "вторник", "среда", "четверг"),
    *("пятница", "суббота", "воскресенье"),
)
SHORT_WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")

_CODE = Column(
    "Код",
    "Номер человека в вашей системе. Можно оставить пустым, если полных тёзок нет.",
    is_required=False,
)
_NAMES = (
    Column("Фамилия", "Как в документе."),
    Column("Имя", "Как в документе."),
    Column("Отчество", "Можно оставить пустым.", is_required=False),
)
_LOGIN = Column(
    "Логин", "Латиницей. Если пусто, журнал придумает сам.", is_required=False, width=16
)
_CLASS = Column("Класс", "Как на листе «Классы», например 7А.", width=10)
_TEACHER = "Код или Ф. И. О. с листа «Люди»."

SCHOOL = Sheet(
    "Школа",
    (
        Column("Код", "Постоянный код школы, например ИНН."),
        Column("Название", "Как на экране журнала.", width=40),
        Column("Код региона", "Две цифры, например 77.", is_required=False),
        Column(
            "Часовой пояс",
            "Например Europe/Moscow. Пусто — по Москве.",
            is_required=False,
            width=24,
        ),
    ),
)
PEOPLE = Sheet(
    "Люди",
    (
        _CODE,
        Column(
            "Роль",
            "Обучающийся, преподаватель или администратор; несколько ролей — через запятую.",
            choices=tuple(ROLE_WORDS),
        ),
        *_NAMES,
        Column("Класс", "Только для обучающихся.", is_required=False, width=10),
        _LOGIN,
    ),
)
GUARDIANS = Sheet(
    "Родители",
    (
        Column(
            "Код",
            "Номер человека в вашей системе. Если родитель ещё и работает в школе — тот же код, "
            "что на листе «Люди».",
            is_required=False,
        ),
        *_NAMES,
        Column(
            "Дети",
            "Код или Ф. И. О. и класс: Ф. И. О., 7А. Нескольких детей разделяет точка с запятой.",
            width=48,
        ),
        _LOGIN,
    ),
    is_required=False,
)
CLASSES = Sheet(
    "Классы",
    (
        Column("Класс", "Например 7А.", width=10),
        Column(
            "Классный руководитель",
            f"{_TEACHER} Нескольких разделяет точка с запятой.",
            is_required=False,
            width=40,
        ),
    ),
)
LOAD = Sheet(
    "Нагрузка",
    (
        _CLASS,
        Column("Предмет", "Например Физика.", width=24),
        Column("Преподаватель", _TEACHER, width=40),
    ),
    is_required=False,
)
TIMETABLE = Sheet(
    "Расписание",
    (
        _CLASS,
        Column("День", "День недели словом: понедельник.", width=14, choices=WEEKDAYS),
        Column("Урок", "Номер урока, от 0 до 14.", width=8),
        Column("Начало", "Время, например 08:30.", width=10),
        Column("Окончание", "Время, например 09:15.", width=12),
        Column("Предмет", "Как на листе «Нагрузка».", width=24),
        Column(
            "Преподаватель",
            "Нужен, только если предмет в классе ведут несколько человек.",
            is_required=False,
            width=40,
        ),
        Column("Кабинет", "Можно оставить пустым.", is_required=False, width=10),
    ),
    is_required=False,
)
SHEETS = (SCHOOL, CLASSES, PEOPLE, GUARDIANS, LOAD, TIMETABLE)
