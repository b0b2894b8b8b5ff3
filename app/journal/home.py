"""«Главная»: today for this person, and the one next step.

What is shown is asked of the rooms that know it; which step is next, of `next_step`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask_babel import lazy_gettext
from flask_login import current_user, login_required

from app.core import clock
from app.core.errors import Missing
from app.core.pages import page_or_block, wants_block
from app.journal import mark_words, me, weeks
from app.journal.blueprint import bp
from app.journal.home_cards import ClassCard, SchoolCard, class_card, school_card
from app.journal.next_step import Situation, next_step
from app.school import calendar, distance_lessons, homework, lessons, topics
from app.school.announcements import reading
from app.school.fresh_marks import fresh_marks
from app.school.homework import Homework
from app.school.lessons import Child, Lesson
from app.school.people import Role
from app.school.planning_laying import Place
from app.school.school_day import AHEAD, SchoolDay, day_of, holidays_until
from app.school.unfilled import Unfilled, unfilled

NEWS = 4


@dataclass(frozen=True)
class Whose:
    """Whose day is shown: one's own as a teacher (`pupil_id` None), or a pupil's.

    `children` is what the switcher offers; `child` the one chosen, None for one's own day.
    """

    pupil_id: int | None
    is_teaching: bool
    children: list[Child]
    child: Child | None


@bp.get("/")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def home() -> Response:
    """Today for this person; a parent's, of one child (`?child=`). Htmx gets the lessons alone."""
    whose = _whose(me.described().roles)
    found = _lessons(whose)
    shown = _day(whose, found)
    if not wants_block():
        waiting = _unfilled(found, shown["topics"]) if whose.is_teaching else []
        shown |= _around(whose, waiting) | {"homework": _homework(whose, shown["day"])}
    return page_or_block("journal/home.html", "today", whose=whose, **shown)


def _day(whose: Whose, found: list[Lesson]) -> dict[str, Any]:
    """What the card of lessons shows."""
    person, today, zone, now = current_user.person, weeks.today(), weeks.zone(), clock.now()
    day = day_of(found, now, zone)
    periods = calendar.periods_of(person.school_id, today)
    off = {} if day.lessons else calendar.named_days_off(person.school_id, today, today)
    return {
        "day": day,
        "period": calendar.period_at(periods, today),
        "holidays_until": holidays_until(periods, today),
        "day_off": off.get(today),
        "topics": _topics(found) if whose.is_teaching else {},
        "calls": distance_lessons.calls_of(day.lessons, zone, viewer_id=person.id),
        "now": now.astimezone(zone).time(),
        "here": url_for("journal.home", child=whose.child.public_id if whose.child else None),
    }


def _around(whose: Whose, waiting: list[Unfilled]) -> dict[str, Any]:
    """What stands around the lessons: marks, news, cards of those who look after others."""
    person, roles = current_user.person, me.described().roles
    marks = fresh_marks(whose.pupil_id, viewer_id=person.id) if whose.pupil_id else []
    news = reading.lines_of(reading.Reader(person.id, person.school_id, roles))
    unanswered = [line for line in news if line.awaits_answer]
    is_own = whose.child is None
    own_class = class_card(person.id, weeks.today()) if me.described().led and is_own else None
    school = school_card(person.school_id) if Role.ADMINISTRATOR in roles and is_own else None
    situation = Situation(
        is_linked=me.own_link() is not None,
        cases=school.cases if school else 0,
        unanswered=len(unanswered),
        requests=school.requests if school else 0,
        unfilled=len(waiting),
        never_came=_never_came(own_class, school),
        new_marks=sum(row.mark.is_new for row in marks),
    )
    return {
        "marks": marks,
        "kind_names": mark_words.KIND_NAMES,
        "absence_names": mark_words.ABSENCE_NAMES,
        "unfilled": waiting,
        "news": [line for line in news if not line.is_ahead][:NEWS],
        "unanswered": unanswered,
        "own_class": own_class,
        "school": school,
        "step": next_step(situation),
    }


def _homework(whose: Whose, day: SchoolDay) -> dict[dt.date, list[Homework]]:
    """What is due from today (while lessons are left) to the next school day, by date."""
    if whose.pupil_id is None:
        return {}
    found: dict[dt.date, list[Homework]] = defaultdict(list)
    first = day.date + dt.timedelta(days=1) if day.is_over else day.date
    last = max(first, day.next_date or first)
    for work in homework.homework_of_pupil(whose.pupil_id, first, last):
        found[work.date].append(work)
    return found


def _topics(found: list[Lesson]) -> dict[Place, str]:
    """Topics of this week's lessons up to today."""
    today = weeks.today()
    lines = {row.line.teaching_id for row in found if row.day.date <= today}
    return topics.topics_between(lines, weeks.monday_of(today), today) if lines else {}


def _unfilled(found: list[Lesson], known: Mapping[Place, str]) -> list[Unfilled]:
    return unfilled(
        found, known, giver_id=current_user.person_id, now=clock.now(), zone=weeks.zone()
    )


def _whose(roles: frozenset[Role]) -> Whose:
    """Own day first; a parent without a day of their own sees the first child's.

    Raises:
        Missing: `?child=` is not a child of this person.
    """
    person_id = current_user.person_id
    children = lessons.children_of(person_id) if Role.GUARDIAN in roles else []
    asked = request.args.get("child")
    child = next((row for row in children if row.public_id == asked), None)
    if asked and child is None:
        raise Missing(lazy_gettext("Такого ребёнка среди ваших нет."))
    if child is None and Role.TEACHER in roles:
        return Whose(None, True, children, None)
    if child is None and Role.PUPIL in roles:
        return Whose(person_id, False, children, None)
    if child is None and Role.ADMINISTRATOR not in roles and children:
        child = children[0]
    return Whose(child.id if child else None, False, children, child)


def _lessons(whose: Whose) -> list[Lesson]:
    """From Monday (what is not written down) to two weeks ahead (the next school day)."""
    today = weeks.today()
    if whose.is_teaching:
        return lessons.given_by(current_user.person_id, weeks.monday_of(today), today + AHEAD)
    if whose.pupil_id is None:
        return []
    return lessons.attended_by(whose.pupil_id, today, today + AHEAD)


def _never_came(own_class: ClassCard | None, school: SchoolCard | None) -> int:
    if school is not None:
        return school.totals.never_came
    return own_class.totals.never_came if own_class is not None else 0
