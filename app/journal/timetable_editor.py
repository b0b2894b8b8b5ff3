"""The weekly timetable of a class, edited: lessons of every week and the load. Administrators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required

from app.core.errors import Conflict, Invalid, Missing
from app.core.pages import go
from app.journal import weeks
from app.journal.blueprint import bp
from app.journal.people import only_administrators
from app.journal.slot_form import SlotForm, words_of
from app.school import bells, changing_load, editing_timetable, places, weekly
from app.school.editing_timetable import Weekly
from app.school.lesson_places import Taken
from app.school.weekly import WeekLesson


@dataclass(frozen=True)
class Class:
    """The class whose week is edited."""

    id: int
    key: str
    name: str


@bp.get("/timetable/edit", defaults={"class_key": None})
@bp.get("/timetable/edit/<class_key>")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def edit_timetable(class_key: str | None) -> Response:
    """The week of a class, every lesson and every free hour of it a link; the load below."""
    only_administrators()
    school_class = _class_of(class_key)
    today = weeks.today()
    slots = weekly.week_of_class(school_class.id, today) if school_class else []
    rings = bells.bells_of(current_user.person.school_id)
    numbers = sorted({ring.number for ring in rings} | {slot.number for slot in slots})
    return make_response(
        render_template(
            "journal/timetable/edit.html",
            chosen=school_class,
            classes=[Class(*row) for row in places.classes_of(current_user.person.school_id)],
            cells=_cells(slots),
            numbers=numbers,
            rings={ring.number: ring for ring in rings},
            weekdays=range(1, 8) if any(slot.weekday == 7 for slot in slots) else range(1, 7),
            monday=weeks.monday_of(today),
            lines=weekly.lines_of_class(school_class.id, today) if school_class else [],
            hours=_hours(slots),
            subjects=places.subjects_of(current_user.person.school_id),
            teachers=places.teachers_of(current_user.person.school_id),
            today=today,
        )
    )


@bp.route("/timetable/edit/<class_key>/new", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def add_slot(class_key: str) -> Response:
    """A new lesson of every week, `?weekday=` and `?number=` filled in."""
    only_administrators()
    school_class = _class(class_key)
    form = _form(school_class.id)
    if request.method == "GET":
        form.suggest(weeks.today(), request.args)
    return _edited(
        form,
        school_class,
        lambda words: editing_timetable.add_slot(current_user.person, school_class.id, words),
    )


@bp.route("/timetable/edit/slots/<public_id>", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def change_slot(public_id: str) -> Response:
    """A lesson of every week, changed from a date."""
    only_administrators()
    slot = editing_timetable.slot_of(current_user.person, public_id)
    school_class = slot.teaching.school_class
    form = _form(school_class.id)
    if request.method == "GET":
        form.show(slot, weeks.today())
    return _edited(
        form,
        Class(school_class.id, school_class.public_id, school_class.name),
        lambda words: editing_timetable.change_slot(current_user.person, public_id, words),
        slot_key=public_id,
    )


@bp.post("/timetable/edit/slots/<public_id>/end")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def end_slot(public_id: str) -> Response:
    """«Убрать из расписания» from the day asked for."""
    only_administrators()
    slot = editing_timetable.slot_of(current_user.person, public_id)
    class_key = slot.teaching.school_class.public_id
    try:
        editing_timetable.end_slot(current_user.person, public_id, _day("on"))
    except Invalid as problem:
        flash(str(problem.message), "danger")
    else:
        flash(gettext("Урок убран из расписания"), "success")
    return go(url_for("journal.edit_timetable", class_key=class_key))


@bp.post("/timetable/edit/<class_key>/load")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def add_load(class_key: str) -> Response:
    """A teacher begins to teach a subject in the class."""
    only_administrators()
    school_class = _class(class_key)
    try:
        changing_load.add_teaching(
            current_user.person,
            school_class.id,
            request.form.get("subject", ""),
            request.form.get("teacher", ""),
        )
    except (Conflict, Missing) as problem:
        flash(str(problem.message), "danger")
    else:
        flash(gettext("Нагрузка добавлена"), "success")
    return go(url_for("journal.edit_timetable", class_key=class_key))


@bp.post("/timetable/edit/<class_key>/load/<key>/end")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def end_load(class_key: str, key: str) -> Response:
    """A line of the load ends; its lessons with it."""
    only_administrators()
    try:
        changing_load.end_teaching(current_user.person, key, _day("on"))
    except Invalid as problem:
        flash(str(problem.message), "danger")
    else:
        flash(gettext("Нагрузка завершена"), "success")
    return go(url_for("journal.edit_timetable", class_key=class_key))


def _edited(
    form: SlotForm, school_class: Class, save: Callable[[Weekly], None], *, slot_key: str = ""
) -> Response:
    reasons, status = [], 200
    if form.validate_on_submit():
        try:
            save(words_of(form))
        except (Conflict, Invalid) as problem:
            reasons = problem.reasons if isinstance(problem, Taken) else [str(problem.message)]
            status = 422
        else:
            flash(gettext("Расписание изменено"), "success")
            return go(url_for("journal.edit_timetable", class_key=school_class.key))
    elif request.method == "POST":
        status = 422
    return make_response(
        render_template(
            "journal/timetable/slot.html",
            form=form,
            chosen=school_class,
            reasons=reasons,
            slot_key=slot_key,
            today=weeks.today(),
        ),
        status,
    )


def _form(class_id: int) -> SlotForm:
    lines = weekly.lines_of_class(class_id, weeks.today())
    return SlotForm(bells.bells_of(current_user.person.school_id), lines)


def _class(key: str) -> Class:
    found = _class_of(key)
    if found is None:
        raise Missing(lazy_gettext("Такого класса в школе нет."))
    return found


def _class_of(key: str | None) -> Class | None:
    """The class asked for, or the first of the school.

    Raises:
        Missing: there is none such.
    """
    classes = [Class(*row) for row in places.classes_of(current_user.person.school_id)]
    if key is None:
        return classes[0] if classes else None
    for row in classes:
        if row.key == key:
            return row
    raise Missing(lazy_gettext("Такого класса в школе нет."))


def _cells(slots: list[WeekLesson]) -> dict[tuple[int, int], list[WeekLesson]]:
    cells: dict[tuple[int, int], list[WeekLesson]] = {}
    for slot in slots:
        cells.setdefault((slot.weekday, slot.number), []).append(slot)
    return cells


def _hours(slots: list[WeekLesson]) -> dict[int, int]:
    """Lessons a week by line, of those that do not end."""
    hours: dict[int, int] = {}
    for slot in slots:
        if slot.ended_on is None:
            hours[slot.line.teaching_id] = hours.get(slot.line.teaching_id, 0) + 1
    return hours


def _day(name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return weeks.today()
