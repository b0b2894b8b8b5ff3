"""`flask membership …`: bring the automatic chats in order, and say why somebody is (not) there."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.linking.links import active_link
from app.membership import seats
from app.membership.reasons import in_words
from app.membership.reconcile import reconcile
from app.school.signing_in import find_account

group = AppGroup("membership", help="Automatic chats: who sits where.")


@group.command("reconcile")
def reconcile_all() -> None:
    """Repair the automatic chats of every school (run hourly)."""
    click.echo(f"{reconcile()} chats changed")


@group.command("why")
@click.argument("login")
def why(login: str) -> None:
    """Say which automatic chats the person of LOGIN has, why, and what is missing."""
    account = find_account(login)
    if account is None:
        raise click.ClickException(f"нет учётной записи «{login}»")
    click.echo(account.person.full_name)
    if account.person.left_on is not None:
        click.echo("выбыл(а) из школы: мест в чатах нет")
    if active_link(account.id) is None:
        click.echo("профиль не связан: места есть, но в чаты человек не входит")
    rows = seats.reasons_of(account.person_id)
    for title, reasons in rows:
        click.echo(f"  {title}: {'; '.join(in_words(reason) for reason in reasons)}")
    if not rows:
        click.echo(
            "мест нет: человек не числится в открытом классе с классным руководителем, "
            "не родитель такого ученика и не ведёт там предмет"
        )
