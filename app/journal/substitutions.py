"""«Замены»: who gives whose lessons, from when until when. Administrators."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField
from wtforms.validators import DataRequired

from app.core.errors import Conflict, Invalid
from app.core.pages import go
from app.journal import weeks
from app.journal.blueprint import bp
from app.journal.people import only_administrators
from app.school import places, substituting
from app.school.lesson_places import Taken
from app.school.lessons import Line


class SubstitutionForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Whose lessons, who gives them, on which days."""

    line = SelectField(
        lazy_gettext("Чьи уроки"), validators=[DataRequired(lazy_gettext("Выберите уроки."))]
    )
    substitute = SelectField(
        lazy_gettext("Кто заменяет"),
        validators=[DataRequired(lazy_gettext("Выберите преподавателя."))],
    )
    since = DateField(
        lazy_gettext("Первый день"), validators=[DataRequired(lazy_gettext("Выберите дату."))]
    )
    until = DateField(
        lazy_gettext("Последний день"), validators=[DataRequired(lazy_gettext("Выберите дату."))]
    )
    despite = BooleanField(lazy_gettext("Всё равно назначить: занятия пройдут вместе"))

    def __init__(self, lines: list[Line], teachers: list[tuple[int, str, str]], **kw: Any) -> None:
        super().__init__(**kw)
        nobody = ("", lazy_gettext("Выберите"))
        self.line.choices = [
            nobody,
            *((line.key, f"{line.class_name} · {line.subject} · {line.teacher}") for line in lines),
        ]
        self.substitute.choices = [nobody, *((key, name) for _, key, name in teachers)]


@bp.route("/timetable/substitutions", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def substitutions() -> Response:
    """The substitutions of the school, and the form that sets one."""
    only_administrators()
    person = current_user.person
    form = SubstitutionForm(
        substituting.lines_of_school(person.school), places.teachers_of(person.school_id)
    )
    reasons: list[str] = []
    is_busy, status = False, 200
    if form.validate_on_submit():
        try:
            substituting.set_substitution(
                person,
                form.line.data,
                form.substitute.data,
                form.since.data or dt.date.min,
                form.until.data or dt.date.min,
                despite=bool(form.despite.data),
            )
        except Taken as problem:
            reasons, is_busy, status = problem.reasons, True, 422
        except (Conflict, Invalid) as problem:
            reasons, status = [str(problem.message)], 422
        else:
            flash(gettext("Замена назначена"), "success")
            return go(url_for("journal.substitutions"))
    elif request.method == "POST":
        status = 422
    else:
        form.since.data = form.until.data = weeks.today()
    return make_response(
        render_template(
            "journal/timetable/substitutions.html",
            form=form,
            reasons=reasons,
            is_busy=is_busy,
            rows=substituting.substitutions_of(person.school),
            today=weeks.today(),
        ),
        status,
    )


@bp.post("/timetable/substitutions/<public_id>/end")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def end_substitution(public_id: str) -> Response:
    """«Завершить» with the day asked for, or «Отменить» one that has not begun."""
    only_administrators()
    try:
        last_day = dt.date.fromisoformat(request.form.get("last_day", ""))
    except ValueError:
        last_day = weeks.today() - dt.timedelta(days=1)
    try:
        substituting.end_substitution(current_user.person, public_id, last_day)
    except (Conflict, Invalid) as problem:
        flash(str(problem.message), "danger")
    else:
        flash(gettext("Замена завершена"), "success")
    return go(url_for("journal.substitutions"))
