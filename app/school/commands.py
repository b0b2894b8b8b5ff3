"""`flask school …`: import a roster, write the empty form, print slips, switch the staff chat."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext, ngettext
from sqlalchemy import select

from app.core.console import problems_in_words
from app.core.db import db
from app.core.errors import Missing
from app.school import slips, staff_chat
from app.school.people import Role, School
from app.school.roster import form_writing, showing
from app.school.roster.importing import (
    BrokenRoster,
    MassRemoval,
    Preview,
    apply_import,
    plan_import,
)
from app.school.slip_people import SlipQuery
from app.school.slip_printing import check_name, write_slips

# Another room may put a `PreviewChats` here; this one knows nothing of chats.
PREVIEW_CHATS_KEY = "svyazka.preview_chats"
FAULTS, MANY_REMOVALS = 1, 2

group = AppGroup("school", help="The school's data: roster, slips, staff chat.")

_FILE = click.Path(path_type=Path)
_ROLES = {role.value: role for role in (Role.PUPIL, Role.GUARDIAN, Role.TEACHER)}


@group.command("import")
@click.argument("path", type=_FILE)
@click.option("--apply", "is_real", is_flag=True, help="Write; without it only show the changes.")
@click.option("--allow-removals", is_flag=True, help="Let over 10 % of people leave.")
@click.option("--region", help="Region code of schools that have none, e.g. 77.")
@click.pass_context
def import_roster(
    context: click.Context, path: Path, is_real: bool, allow_removals: bool, region: str | None
) -> None:
    """Import the roster at PATH: OneRoster or SDS (zip or folder), or the Russian form.

    Exit codes: 0 fine; 1 there are faults, nothing is written; 2 over 10 % of people would leave,
    nothing is written without --allow-removals.
    """
    with problems_in_words():
        try:
            preview = _run(path, is_real=is_real, allow_removals=allow_removals, region=region)
        except (BrokenRoster, MassRemoval) as refusal:
            preview = refusal.preview
    showing.show(preview)
    if not preview.is_sound:
        click.echo(gettext("В файле есть ошибки. Ничего не записано."), err=True)
        context.exit(FAULTS)
    if preview.removes_many and not allow_removals:
        click.echo(str(MassRemoval(preview).message), err=True)
        click.echo(gettext("Если так и задумано, добавьте --allow-removals."), err=True)
        context.exit(MANY_REMOVALS)
    if not preview.is_applied:
        click.echo(gettext("Это проба: ничего не записано. Чтобы записать, добавьте --apply."))


def _run(path: Path, *, is_real: bool, allow_removals: bool, region: str | None) -> Preview:
    with showing.Bar(path) as bar:
        if is_real:
            return apply_import(path, allow_removals=allow_removals, region=region, watch=bar)
        hook = current_app.extensions.get(PREVIEW_CHATS_KEY)
        return plan_import(path, region=region, preview_chats=hook, watch=bar)


@group.command("template")
@click.argument("path", type=_FILE)
def write_template(path: Path) -> None:
    """Write the empty Russian form to PATH: a book (.xlsx), or a folder of CSV files."""
    with problems_in_words():
        for file in form_writing.write_form(path):
            click.echo(str(file))


@group.command("slips")
@click.option("--out", type=_FILE, required=True, help="The sheet to write: .pdf or .html.")
@click.option("--class", "class_name", help="Only this class, its parents and class teacher: 7А.")
@click.option("--role", type=click.Choice(list(_ROLES)), help="Only people of this role.")
@click.option("--school", "code", help="Only this school (its code in the roster).")
@click.option("--again", is_flag=True, help="Also people who have signed in: resets passwords.")
def print_slips(
    out: Path, class_name: str | None, role: str | None, code: str | None, again: bool
) -> None:
    """Print first sign-in slips: login and one-time password, eight a page."""
    with problems_in_words():
        check_name(out)
        query = SlipQuery(
            school_id=_find_school(code).id if code else None,
            class_name=class_name,
            role=_ROLES[role] if role else None,
            again=again,
        )
        count = slips.issue_slips(query, lambda ready: write_slips(ready, out))
    click.echo(ngettext("%(num)d памятка", "%(num)d памятки", count) + f": {out}")


@group.command("staff-chat")
@click.argument("state", type=click.Choice(["on", "off"]))
@click.option("--school", "code", help="The school's code in the roster; needed when several.")
def staff_chat_command(state: str, code: str | None) -> None:
    """Open (on) or close (off) the school's staff chat."""
    with problems_in_words():
        school = _find_school(code)
        staff_chat.switch_staff_chat(school, is_open=state == "on")
    if state == "on":
        click.echo(gettext("Чат коллектива открыт: %(school)s", school=school.name))
    else:
        click.echo(gettext("Чат коллектива закрыт: %(school)s", school=school.name))


def _find_school(code: str | None) -> School:
    """The school of this code, or the only one.

    Raises:
        Missing: there is no such school, or it must be named.
    """
    query = select(School).order_by(School.id)
    schools = list(db.session.scalars(query.where(School.external_id == code) if code else query))
    if len(schools) == 1:
        return schools[0]
    known = ", ".join(
        f"{school.external_id} ({school.name})" for school in db.session.scalars(query)
    )
    if code or not schools:
        raise Missing(gettext("Такой школы нет. Есть: %(known)s", known=known or "—"))
    raise Missing(gettext("Школ несколько, назовите одну: %(known)s", known=known))
