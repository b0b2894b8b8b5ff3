"""Which subjects the demo school gives in which grade, how many hours a week, and who can.

Close to the federal plan of a five-day week (ФОП): 21 hours in the first grade, 32 in the last.
"""

from __future__ import annotations

CLASSES = ("1А", "2А", "3А", "4А", "5А", "6А", "7А", "7Б", "8А", "9А", "10А", "11А")
PRIMARY_GRADES = 4

# What the primary teacher gives to the own class.
OWN = {
    "Русский язык": 5,
    "Литературное чтение": 4,
    "Математика": 4,
    "Окружающий мир": 2,
    "Труд": 1,
}
# What others give in the primary grades.
GUESTS = {"Физическая культура": 3, "Музыка": 1, "Изобразительное искусство": 1}
_ENGLISH = {"Английский язык": 2}

_MIDDLE = {
    "Русский язык": 5,
    "Литература": 3,
    "Математика": 5,
    "Английский язык": 3,
    "История": 2,
    "География": 1,
    "Биология": 1,
    "Информатика": 1,
    "Физическая культура": 2,
    "Музыка": 1,
    "Изобразительное искусство": 1,
    "Труд": 2,
}
_SENIOR = {
    "Русский язык": 3,
    "Литература": 2,
    "Алгебра": 3,
    "Геометрия": 2,
    "Английский язык": 3,
    "История": 2,
    "Обществознание": 1,
    "География": 2,
    "Биология": 2,
    "Физика": 2,
    "Химия": 2,
    "Информатика": 1,
    "ОБЗР": 1,
    "Физическая культура": 2,
}
_OLDEST = _SENIOR | {
    "Литература": 3,
    "Алгебра": 4,
    "Геометрия": 3,
    "Обществознание": 2,
    "География": 1,
    "Биология": 1,
    "Физика": 3,
    "Информатика": 2,
}
PLANS: dict[int, dict[str, int]] = {
    1: GUESTS,
    **dict.fromkeys((2, 3, 4), GUESTS | _ENGLISH),
    5: _MIDDLE | {"История": 3},
    6: _MIDDLE | {"Русский язык": 6, "Обществознание": 1},
    7: {key: hours for key, hours in _SENIOR.items() if key not in ("Химия", "ОБЗР")}
    | {"Русский язык": 4, "Музыка": 1, "Изобразительное искусство": 1, "Труд": 2},
    8: _SENIOR | {"Труд": 1, "Музыка": 1},
    9: _SENIOR | {"Литература": 3, "Физика": 3},
    10: _OLDEST,
    11: _OLDEST,
}

_WORDS = ("Русский язык", "Литература")
_NUMBERS = ("Математика", "Алгебра", "Геометрия")
_PAST = ("История", "Обществознание")
# Teachers of all grades: what each can give.
CHAIRS: tuple[tuple[str, ...], ...] = (
    _WORDS,
    _WORDS,
    _NUMBERS,
    _NUMBERS,
    ("Английский язык",),
    ("Английский язык",),
    _PAST,
    _PAST,
    ("География",),
    ("Биология",),
    ("Физика",),
    ("Информатика",),
    ("Физическая культура",),
    ("Физическая культура",),
    ("Музыка",),
    _WORDS,
    _NUMBERS,
    ("Английский язык",),
    ("Химия",),
    ("ОБЗР",),
    ("Изобразительное искусство", "Труд"),
)
# Places in CHAIRS of the people whom the story knows by name, and of those who lead 5А … 11А.
WORDS_OF_5A, NUMBERS_OF_7A, PHYSICS, CRAFTS = 0, 2, 10, 20
LEADERS = (0, 1, 2, 3, 6, 7, 8, 9)


def subjects() -> list[str]:
    """All subjects of the school, each once."""
    return list(dict.fromkeys((*OWN, *(name for plan in PLANS.values() for name in plan))))
