"""`flask messenger cases …`: complaints that no administrator of their school can decide.

Decision: nobody judges their own words (`cases.Office`). Where the school has one administrator,
and the message is that person's, the case waits for whoever runs the site, who has a console.
"""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core.console import problems_in_words
from app.messenger.reports.cases import Office, complaints_of, school_of, waiting_everywhere
from app.messenger.reports.deciding import decide, note_look
from app.messenger.reports.models import Decision
from app.messenger.reports.words import DECISIONS, REASONS

BY = "command"
# An id may begin with «-», and is no option.
IDS = {"ignore_unknown_options": True}

group = AppGroup("cases", help="Complaints, of all schools of this site.")


@group.command("list")
def list_cases() -> None:
    """Cases that wait, longest first; not their words."""
    waiting = waiting_everywhere()
    for case, is_by_administrator in waiting:
        click.echo(f"{case.public_id}  {case.opened_at:%d.%m.%Y}  {case.chat_title or 'диалог'}")
        if is_by_administrator:
            click.echo(f"  автор {case.author_name}, администратор школы: себя не судят")
    if not waiting:
        click.echo("нерассмотренных обращений нет")


@group.command("show", context_settings=IDS)
@click.argument("case_id")
def show(case_id: str) -> None:
    """The message and the complaints; the look stands in the audit log."""
    with problems_in_words():
        case = note_look(Office(school_of(case_id)), case_id, by=BY)
    click.echo(f"{case.author_name}, {case.chat_title or 'диалог'}, {case.sent_at:%d.%m.%Y}")
    click.echo(case.text)
    for file in case.files:
        click.echo(f"  файл: {file['name']}")
    for one in complaints_of(case):
        click.echo(f"{one.name}: {REASONS[one.reason]}. {one.words}".rstrip())
    if case.decision is not None:
        click.echo(str(DECISIONS[case.decision]))


@group.command("decide", context_settings=IDS)
@click.argument("case_id")
@click.argument("decision", type=click.Choice([one.value for one in Decision]))
@click.option("--answer", default="", help="What those who complained will read.")
def decide_case(case_id: str, decision: str, answer: str) -> None:
    """Leave the message, delete it, or remove its author from the chat too."""
    with problems_in_words():
        decide(Office(school_of(case_id)), case_id, decision=decision, answer=answer, by=BY)
    click.echo(str(DECISIONS[Decision(decision)]))
