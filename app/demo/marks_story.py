"""The demo school's marks since September: a pure seeded tale of pupils, lessons and what happened.

Strong and weak pupils, subjects that suit them, illness in stretches, control works with harder
marks. The same seed and calendar make the same marks; `loading` writes them.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.school.mark_entries import WEIGHTS, Absence, WorkKind

CONTROL_EVERY = 11
PRAISE = ("Отличная работа!", "Молодец, виден прогресс.", "Очень хороший ответ у доски.")
ADVICE = (
    "Повторить правило и переделать.",
    "Забыл тетрадь, работа сдана на листке.",
    "Невнимательность: проверяй вычисления.",
    "Нужно подойти на консультацию.",
)


@dataclass(frozen=True)
class ToldLesson:
    """A lesson that has been given: whose, when, to whom."""

    teaching_id: int
    date: dt.date
    number: int
    pupils: tuple[int, ...]


@dataclass(frozen=True)
class ToldMark:
    """One written cell."""

    pupil_id: int
    teaching_id: int
    date: dt.date
    number: int
    kind: WorkKind
    weight: int
    value: int | None = None
    second: int | None = None
    absence: Absence | None = None
    comment: str = ""


@dataclass(frozen=True)
class ToldWork:
    """What the marks of a lesson were for."""

    teaching_id: int
    date: dt.date
    number: int
    kind: WorkKind


@dataclass
class Pupil:
    """How a pupil studies: `level` about 3–5, how often ill, the days away."""

    level: float
    away: dict[dt.date, Absence] = field(default_factory=dict)
    likes: dict[int, float] = field(default_factory=dict)


@dataclass
class MarksStory:
    """All cells and works of the school."""

    marks: list[ToldMark]
    works: list[ToldWork]


def tell_marks(lessons: Iterable[ToldLesson], seed: int) -> MarksStory:
    """Marks and absences of these lessons, in their order."""
    chance = random.Random(seed)
    lessons = sorted(lessons, key=lambda lesson: (lesson.date, lesson.number, lesson.teaching_id))
    days = sorted({lesson.date for lesson in lessons})
    ids = sorted({pupil for lesson in lessons for pupil in lesson.pupils})
    pupils = {pupil_id: _pupil(chance, days) for pupil_id in ids}
    counts: dict[int, int] = {}
    story = MarksStory([], [])
    for lesson in lessons:
        count = counts[lesson.teaching_id] = counts.get(lesson.teaching_id, 0) + 1
        kind = _kind(chance, count)
        if kind is not None:
            story.works.append(ToldWork(lesson.teaching_id, lesson.date, lesson.number, kind))
        story.marks += _lesson(chance, lesson, kind, pupils)
    return story


def _pupil(chance: random.Random, days: list[dt.date]) -> Pupil:
    pupil = Pupil(level=min(5.2, max(2.7, chance.gauss(4.05, 0.55))))
    for _ in range(chance.choice((0, 0, 0, 1, 1))):  # an illness: some school days in a row
        start = chance.randrange(len(days))
        for day in days[start : start + chance.randint(2, 5)]:
            pupil.away[day] = Absence.SICK
    for day in days:
        if day not in pupil.away and chance.random() < 0.008:
            pupil.away[day] = Absence.ABSENT
    return pupil


def _kind(chance: random.Random, count: int) -> WorkKind | None:
    """The announced work of a lesson: now and then a test, at times a control work."""
    if count % CONTROL_EVERY == CONTROL_EVERY - 2:
        return WorkKind.CONTROL
    if count % 6 == 4:
        return chance.choice((WorkKind.INDEPENDENT, WorkKind.INDEPENDENT, WorkKind.TEST))
    return None


def _lesson(
    chance: random.Random, lesson: ToldLesson, kind: WorkKind | None, pupils: dict[int, Pupil]
) -> Iterator[ToldMark]:
    for pupil_id in lesson.pupils:
        pupil = pupils[pupil_id]
        absence = pupil.away.get(lesson.date)
        if absence is None and chance.random() < 0.006:
            absence = Absence.LATE if lesson.number <= 2 else Absence.ABSENT
        share = 0.97 if kind else 0.15
        is_marked = chance.random() < share and absence in {None, Absence.LATE}
        if not is_marked and absence is None:
            continue
        done = kind or chance.choice((WorkKind.ANSWER, WorkKind.ANSWER, WorkKind.HOMEWORK))
        value = _value(chance, pupil, lesson.teaching_id, done) if is_marked else None
        second = None
        if value and done is WorkKind.CONTROL and lesson.teaching_id % 9 == 0:
            second = max(2, min(5, value + chance.choice((-1, 0, 0, 1))))
        comment = ""
        if value and chance.random() < 0.025:
            comment = chance.choice(PRAISE if value >= 4 else ADVICE)
        yield ToldMark(
            pupil_id=pupil_id,
            teaching_id=lesson.teaching_id,
            date=lesson.date,
            number=lesson.number,
            kind=done,
            weight=WEIGHTS[done],
            value=value,
            second=second,
            absence=absence,
            comment=comment,
        )


def _value(chance: random.Random, pupil: Pupil, teaching_id: int, kind: WorkKind) -> int:
    likes = pupil.likes.setdefault(teaching_id, chance.gauss(0, 0.35))
    harder = -0.2 if kind is WorkKind.CONTROL else 0.1
    return max(2, min(5, round(chance.gauss(pupil.level + likes + harder, 0.62))))
