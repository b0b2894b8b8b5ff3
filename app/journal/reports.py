"""«Отчеты»: link coverage by class."""

from __future__ import annotations

from flask import Response, make_response, render_template
from flask_babel import lazy_gettext
from flask_login import current_user, login_required

from app.core.errors import Denied
from app.journal import me
from app.journal.blueprint import bp
from app.membership.coverage import coverage_of
from app.school.descriptions import led_classes
from app.school.people import Role


@bp.get("/reports")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def reports() -> Response:
    """Link coverage by class: own classes for a class teacher, all for an administrator.

    Raises:
        Denied: the person neither leads a class nor administers the school.
    """
    person = current_user.person
    described = me.described()
    if described.is_diary:
        raise Denied(lazy_gettext("Отчёты видят преподаватели и администратор школы."))
    sees_all = Role.ADMINISTRATOR in described.roles
    own = None if sees_all else [row.id for row in led_classes(person.id)]
    return make_response(
        render_template("journal/reports.html", rows=coverage_of(person.school_id, own))
    )
