"""A lesson on a date: what its teacher changes about it; and «Дистанционное занятие»."""

from __future__ import annotations

import datetime as dt

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required

from app.core.errors import Conflict, Invalid, Missing
from app.core.pages import go
from app.journal import weeks
from app.journal.blueprint import bp
from app.journal.place_form import OWN_TIME, DistanceForm, PlaceForm, place_of
from app.school import bells, own_lessons
from app.school.changing_lessons import add_lesson, cancel_lesson, place_lesson, restore_lesson
from app.school.distance_lessons import call_of
from app.school.lesson_places import Taken
from app.school.lessons import Lesson
from app.school.people import Person


@bp.route("/timetable/lessons/<key>/<date>/<int:number>", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def lesson(key: str, date: str, number: int) -> Response:
    """What the lesson is on this date, and the form that changes it."""
    found = _asked(key, date, number)
    rings = bells.bells_of(current_user.person.school_id)
    form, reasons, status = PlaceForm(rings), [], 200
    if form.validate_on_submit():
        try:
            placed = place_lesson(_me(), found, place_of(form, rings))
        except (Conflict, Invalid) as problem:
            reasons, status = _reasons(problem), 422
        else:
            flash(gettext("Урок изменён"), "success")
            return go(_url(placed))
    elif request.method == "POST":
        status = 422
    else:
        form.show(found)
    return make_response(
        render_template(
            "journal/timetable/lesson.html",
            lesson=found,
            form=form,
            reasons=reasons,
            own_time=OWN_TIME,
            is_over=own_lessons.is_over(found, weeks.zone()),
            call=call_of(found, weeks.zone(), viewer_id=current_user.person_id),
        ),
        status,
    )


@bp.post("/timetable/lessons/<key>/<date>/<int:number>/cancel")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def cancel_lesson_on_date(key: str, date: str, number: int) -> Response:
    """«Отменить урок» on this date."""
    found = _asked(key, date, number)
    try:
        cancel_lesson(_me(), found)
    except Conflict as problem:
        flash(str(problem.message), "danger")
    else:
        flash(gettext("Урок отменён"), "success")
    return go(_url(found))


@bp.post("/timetable/lessons/<key>/<date>/<int:number>/restore")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def restore_lesson_on_date(key: str, date: str, number: int) -> Response:
    """«Вернуть урок»: as the timetable has it."""
    found = _asked(key, date, number)
    try:
        restore_lesson(_me(), found)
    except Conflict as problem:
        flash(str(problem.message), "danger")
    else:
        flash(gettext("Урок возвращён"), "success")
    return go(_url(found))


@bp.route("/timetable/distance", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def new_distance_lesson() -> Response:
    """«Дистанционное занятие»: a lesson of the timetable made so, or one beyond it."""
    lines = own_lessons.own_lines(_me())
    if not lines:
        raise Missing(lazy_gettext("Дистанционное занятие создаёт преподаватель."))
    rings = bells.bells_of(current_user.person.school_id)
    form, reasons, status = DistanceForm(rings, lines), [], 200
    if form.validate_on_submit():
        try:
            made = add_lesson(_me(), str(form.line.data), place_of(form, rings, is_distance=True))
        except (Conflict, Invalid) as problem:
            reasons, status = _reasons(problem), 422
        else:
            flash(gettext("Занятие создано. Звонок откроется за 15 минут до начала."), "success")
            return go(_url(made))
    elif request.method == "POST":
        status = 422
    else:
        form.suggest(weeks.today(), weeks.zone())
    return make_response(
        render_template(
            "journal/timetable/distance.html", form=form, reasons=reasons, own_time=OWN_TIME
        ),
        status,
    )


def _asked(key: str, date: str, number: int) -> Lesson:
    try:
        day = dt.date.fromisoformat(date)
    except ValueError:
        raise Missing(lazy_gettext("Такого урока среди ваших нет.")) from None
    return own_lessons.own_lesson(_me(), key, day, number)


def _me() -> Person:
    person: Person = current_user.person
    return person


def _url(found: Lesson) -> str:
    return url_for(
        "journal.lesson",
        key=found.line.key,
        date=found.day.date.isoformat(),
        number=found.day.number,
    )


def _reasons(problem: Conflict | Invalid) -> list[str]:
    return problem.reasons if isinstance(problem, Taken) else [str(problem.message)]
