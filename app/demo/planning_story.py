"""What the demo school's lessons are about, and what is to be done at home, by bulk inserts."""

from __future__ import annotations

import datetime as dt
import random
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core import clock, tokens
from app.demo.load_plan import OWN, PLANS
from app.demo.school_story import SEED, TIME_ZONE, Story, grade_of
from app.school.lesson_days import LessonDay, lessons_between
from app.school.planning import MAX_HOURS, HomeworkDone, LessonNote, Plan, PlanRow

WEEKS = 34
GIVEN_BACK, GIVEN_AHEAD = dt.timedelta(days=28), dt.timedelta(days=7)
GIVEN_SHARE = 0.62
AT_HOME = dt.time(15, 20)
TICKED_AHEAD = dt.timedelta(days=1)


@cache
def _lines(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """«head: one; two» of a text file, in order."""
    text = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    rows = (row.split(": ", 1) for row in text.splitlines() if row and not row.startswith("#"))
    return tuple((head, tuple(part.strip() for part in rest.split(";"))) for head, rest in rows)


def topics_of(subject: str, grade: int) -> tuple[str, ...]:
    """The topics of a year, in order.

    Raises:
        LookupError: none are written for this subject and grade.
    """
    for head, topics in _lines("topics"):
        name, grades = head.rsplit(", ", 1)
        first, last = grades.split("-")
        if name == subject and int(first) <= grade <= int(last):
            return topics
    raise LookupError(f"no topics: {subject}, {grade}")


def tasks_of(subject: str) -> tuple[str, ...]:
    """Kinds of homework; none for subjects that give none."""
    return next((tasks for head, tasks in _lines("homework") if subject in head.split(", ")), ())


def tell_planning(session: Session, story: Story) -> None:
    """A plan for every line of load; homework of the last weeks and the days ahead."""
    chance = random.Random(SEED + 6)
    today = clock.today(TIME_ZONE)
    ids = {line.id: (name, subject) for (name, subject), line in story.teachings.items()}
    lessons = lessons_between(ids, today - GIVEN_BACK, today + GIVEN_AHEAD)
    _plans(session, story)
    _homework(session, ids, [one for one in lessons if not one.is_cancelled], chance)
    _ticks(session, story)


def _plans(session: Session, story: Story) -> None:
    plans = {key: Plan(teaching_id=line.id, version=1) for key, line in story.teachings.items()}
    session.add_all(plans.values())
    session.flush()
    rows = []
    for (class_name, subject), plan in plans.items():
        grade = grade_of(class_name)
        weekly = (OWN | PLANS[grade]).get(subject, 1)
        rows += [
            {"plan_id": plan.id, "position": position, "topic": topic, "hours": count}
            for position, (topic, count) in enumerate(_spread(topics_of(subject, grade), weekly))
        ]
    session.execute(insert(PlanRow), rows)


def _spread(topics: tuple[str, ...], weekly: int) -> list[tuple[str, int]]:
    """The year's hours over its topics; each ends with an hour of looking back."""
    each = max(2, min(MAX_HOURS, round(WEEKS * weekly / len(topics))))
    rows: list[tuple[str, int]] = []
    for topic in topics:
        rows += [(topic, each - 1), (f"{topic}: обобщение", 1)]
    return rows


def _homework(
    session: Session,
    lines: dict[int, tuple[str, str]],
    lessons: list[LessonDay],
    chance: random.Random,
) -> None:
    """What is to be done for a lesson was given at the lesson before, here: the day before."""
    now = clock.now()
    rows = []
    for lesson in lessons:
        class_name, subject = lines[lesson.teaching_id]
        tasks = tasks_of(subject) if grade_of(class_name) > 1 else ()
        given_at = _home_time(lesson.date - dt.timedelta(days=1))
        if not tasks or chance.random() > GIVEN_SHARE:
            continue
        ahead = lesson.date > clock.today(TIME_ZONE) + dt.timedelta(days=2)
        if ahead and chance.random() < 0.5:
            continue
        rows.append(
            {
                "public_id": tokens.public_id(),
                "teaching_id": lesson.teaching_id,
                "date": lesson.date,
                "number": lesson.number,
                "homework": _task(chance, tasks),
                "version": 1,
                "given_at": min(given_at, now),
                "changed_at": min(given_at, now),
            }
        )
    if rows:
        session.execute(insert(LessonNote), rows)


def _task(chance: random.Random, tasks: tuple[str, ...]) -> str:
    text = chance.choice(tasks)
    for slot, first, last in (("{стр}", 24, 118), ("{упр}", 104, 386), ("{пар}", 9, 28)):
        while slot in text:
            text = text.replace(slot, str(chance.randint(first, last)), 1)
    return text


def _home_time(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, AT_HOME, ZoneInfo(TIME_ZONE))


def _ticks(session: Session, story: Story) -> None:
    """The pupils among the personas have done what was due, and some of what is."""
    chance = random.Random(SEED + 7)
    today = clock.today(TIME_ZONE)
    done = []
    for login, class_name in (("misha", "3А"), ("egor", "9А"), ("dasha", "7А")):
        lines = [line.id for (name, _), line in story.teachings.items() if name == class_name]
        for note_id, date in session.execute(
            select(LessonNote.id, LessonNote.date)
            .where(LessonNote.teaching_id.in_(lines), LessonNote.date <= today + TICKED_AHEAD)
            .order_by(LessonNote.id)
        ):
            if chance.random() < (0.9 if date < today else 0.4):
                done.append({"note_id": note_id, "pupil_id": story.logins[login].id})
    if done:
        session.execute(insert(HomeworkDone), done)
