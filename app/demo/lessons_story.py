"""What differs from the demo school's week: substitutions, lessons cancelled or given by call; and
lessons by call soon after now, whatever the time of day, so that a visitor can press the call.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core import clock, tokens
from app.demo.school_story import SCHOOL_CODE, SEED, TIME_ZONE, Story
from app.school import conflicts
from app.school.classes import SchoolClass, Subject, Teaching
from app.school.conflicts import busy_of
from app.school.distance_lessons import OPENS_BEFORE
from app.school.lesson_days import LessonDay
from app.school.lessons import Lesson, Line, lines_of, of_school
from app.school.people import School
from app.school.timetable import LessonChange, Substitution

# Lines that have a lesson by call soon: the personas give it, attend it, or have a child there.
SOON = (("5А", "Русский язык"), ("9А", "Физика"), ("3А", "Окружающий мир"))
STEP, LENGTH = dt.timedelta(minutes=5), dt.timedelta(minutes=45)
# A lesson that goes on is worth entering while so much of it is left.
WORTH = dt.timedelta(minutes=15)
EXTRA_NUMBER, LAST_NUMBER = 9, 14
# The first days of substitutions, counted from today; none of them meet.
SUBSTITUTED = (-22, -15, -8, -1, 5)
# Physics of 7А is left as it is: the tests of the timetable change it.
UNTOUCHED = ("7А", "Физика")


def tell_lessons(session: Session, story: Story) -> None:
    """Of the last weeks and the next one."""
    chance = random.Random(SEED + 4)
    today = clock.today(TIME_ZONE)
    _substitute(session, story, today, chance)
    session.flush()
    lessons = of_school(
        story.school.id, today - dt.timedelta(days=21), today + dt.timedelta(days=6)
    )
    _change(session, story, lessons, chance)
    session.flush()
    _soon(session, story.school.id, [story.teachings[key].id for key in SOON])


def renew_calls(session: Session) -> None:
    """The lessons of `SOON` once more, when those of the last loading are over."""
    school_id = session.scalars(select(School.id).where(School.external_id == SCHOOL_CODE)).one()
    teachings = {
        (row[0], row[1]): row[2]
        for row in session.execute(
            select(SchoolClass.name, Subject.name, Teaching.id)
            .join(SchoolClass, SchoolClass.id == Teaching.class_id)
            .join(Subject, Subject.id == Teaching.subject_id)
            .where(SchoolClass.school_id == school_id)
        )
    }
    _soon(session, school_id, [teachings[key] for key in SOON])


def _substitute(session: Session, story: Story, today: dt.date, chance: random.Random) -> None:
    """Colleagues of the same subject take over: a few times in the past, now, and ahead."""
    able: dict[str, set[int]] = {}
    for (_name, subject), line in story.teachings.items():
        able.setdefault(subject, set()).add(line.teacher.id)
    lines = [
        (line, subject)
        for (name, subject), line in story.teachings.items()
        if (name, subject) not in (UNTOUCHED, *SOON) and len(able[subject]) > 1
    ]
    chance.shuffle(lines)
    for days in SUBSTITUTED:
        since = today + dt.timedelta(days=days)
        until = since + dt.timedelta(days=chance.randint(3, 6))
        found = _substitute_for(story, lines, able, since, until)
        if found is not None:
            line, substitute = found
            session.add(
                Substitution(
                    teaching_id=line.id,
                    substitute_id=substitute,
                    since=since,
                    until=until,
                    set_by=story.administrators[0].id,
                )
            )


def _substitute_for(
    story: Story,
    lines: list[tuple[Teaching, str]],
    able: dict[str, set[int]],
    since: dt.date,
    until: dt.date,
) -> tuple[Teaching, int] | None:
    """The next line that somebody else can give on these days; it is taken from `lines`."""
    lessons = of_school(story.school.id, since, until)
    for entry in lines:
        line, subject = entry
        own = [one for one in lessons if one.line.teaching_id == line.id]
        for substitute in sorted(able[subject] - {line.teacher.id}):
            if own and not any(_clashes(one, substitute, lessons) for one in own):
                lines.remove(entry)
                return line, substitute
    return None


def _clashes(lesson: Lesson, substitute: int, lessons: Sequence[Lesson]) -> bool:
    """Whether the substitute is busy then, by the school's own rule."""
    others = [
        busy_of(other)
        for other in lessons
        if other is not lesson and other.day.date == lesson.day.date and other.is_given
    ]
    return bool(conflicts.conflicts(conflicts.taught_by(busy_of(lesson), substitute), others))


def _change(
    session: Session, story: Story, lessons: Sequence[Lesson], chance: random.Random
) -> None:
    """Now and then a lesson is cancelled, given by call, or in another room."""
    loud = {story.teachings[key].id for key in (*SOON, UNTOUCHED)}
    rows = []
    for lesson in lessons:
        lot = chance.random()
        if lot > 0.03 or lesson.line.teaching_id in loud or lesson.day.substitute_id:
            continue
        rows.append(
            _row(lesson.day)
            | {
                "is_cancelled": lot < 0.008,
                "is_distance": 0.008 <= lot < 0.022,
                "room": lesson.day.room if lot < 0.022 else "Актовый зал",
            }
        )
    # Two in one room at the same time would be a clash: the hall is for one.
    taken: set[tuple[object, object]] = set()
    for row in rows:
        place = (row["date"], row["number"])
        if row["room"] == "Актовый зал" and place in taken:
            row["room"] = ""
        taken.add(place)
    if rows:
        session.execute(insert(LessonChange), rows)


def _row(day: LessonDay) -> dict[str, object]:
    return {
        "public_id": tokens.public_id(),
        "teaching_id": day.teaching_id,
        "planned_on": day.date,
        "planned_number": day.number,
        "date": day.date,
        "number": day.number,
        "starts_at": day.starts_at,
        "ends_at": day.ends_at,
        "room": day.room,
        "is_distance": day.is_distance,
        "is_cancelled": False,
        "revision": 1,
        "changed_at": clock.now(),
    }


def _soon(session: Session, school_id: int, teaching_ids: Sequence[int]) -> None:
    now = clock.local(TIME_ZONE)
    begins = next_step(now)
    for line in lines_of(teaching_ids).values():
        lessons = [
            one for one in of_school(school_id, begins.date(), begins.date()) if one.is_given
        ]
        own = [one for one in lessons if one.line.class_id == line.class_id]
        if any(_is_worth(one, now) and one.day.is_distance for one in own):
            continue
        going = next((one for one in own if _is_worth(one, now)), None)
        if going is not None:
            session.add(_by_call(session, going))
        elif (extra := _extra(line, begins, lessons)) is not None:
            session.add(LessonChange(**_row(extra) | {"planned_on": None, "planned_number": None}))
        session.flush()


def next_step(now: dt.datetime) -> dt.datetime:
    """When a lesson that begins soon begins; it ends on the same day. `now` is of the school."""
    begins = now + STEP
    begins += dt.timedelta(minutes=-begins.minute % 5)
    begins = begins.replace(second=0, microsecond=0)
    latest = now.replace(hour=23, minute=10, second=0, microsecond=0)
    if latest < begins and now < latest + 2 * WORTH:
        return latest
    midnight = (now + dt.timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if begins > latest else begins


def _extra(line: Line, begins: dt.datetime, lessons: Sequence[Lesson]) -> LessonDay | None:
    """A lesson of this line by call, at the first time from then on when everybody is free."""
    own = [one.day.number for one in lessons if one.line.teaching_id == line.teaching_id]
    number = max([EXTRA_NUMBER - 1, *own]) + 1
    while number <= LAST_NUMBER and (ends := begins + LENGTH).date() == begins.date():
        wanted = conflicts.busy_at(line, begins.time(), ends.time(), "")
        if not conflicts.conflicts(wanted, [busy_of(one) for one in lessons]):
            return LessonDay(
                begins.date(),
                number,
                line.teaching_id,
                begins.time(),
                ends.time(),
                is_distance=True,
            )
        begins += STEP
    return None


def _is_worth(lesson: Lesson, now: dt.datetime) -> bool:
    """Its call may be entered now, or in a moment, and goes on for a while."""
    zone = ZoneInfo(TIME_ZONE)
    return lesson.begins(zone) - OPENS_BEFORE <= now and lesson.ends(zone) - WORTH >= now


def _by_call(session: Session, lesson: Lesson) -> LessonChange:
    """A lesson of the timetable, given by call."""
    kept = session.scalars(
        select(LessonChange).where(LessonChange.public_id == lesson.day.change_id)
    ).one_or_none()
    if kept is not None:
        kept.is_distance = True
        return kept
    return LessonChange(**_row(lesson.day) | {"is_distance": True})
