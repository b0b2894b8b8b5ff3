"""`flask messenger cases`: complaints that no administrator of the school can decide."""

import pytest
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.db import db
from app.core.transaction import writing
from app.messenger.messages.models import Message
from app.messenger.reports.models import Case, Decision
from app.messenger.reports.reporting import report_message


@pytest.fixture
def case(world, anna, boris, chat):
    """Boris complains of Anna, the only administrator of the school."""
    world.confirmed(anna, "administrator")
    world.confirmed(boris, "pupil")
    world.says(anna, chat, "обидные слова", "bad-words")
    report_message(boris.id, chat.public_id, "bad-words", reason="bullying", words="При всех")
    with writing() as session:
        case = session.scalars(select(Case)).one()
        case.public_id = f"-h{case.public_id[2:]}"  # of sixty-four letters one is a hyphen
        return case.public_id


@pytest.fixture
def cases(app):
    def run(*arguments):
        result = app.test_cli_runner().invoke(args=["messenger", "cases", *arguments])
        db.session.rollback()
        return result

    return run


def actions():
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    return [(one.action, one.actor) for one in entries if one.action != "case.reported"]


def test_the_list_says_whose_case_cannot_be_judged_here_and_not_the_words(cases, case):
    shown = cases("list").output
    assert case in shown
    assert "Чат с родителями" in shown
    assert "Иванова" in shown
    assert "себя не судят" in shown
    assert "обидные слова" not in shown
    assert actions() == []


def test_another_persons_case_is_the_schools_own(world, cases, anna, boris, chat):
    world.confirmed(anna, "teacher")
    world.confirmed(boris, "pupil")
    world.says(anna, chat, "обидные слова", "bad-words")
    report_message(boris.id, chat.public_id, "bad-words", reason="bullying", words="")
    assert "себя не судят" not in cases("list").output


def test_to_read_it_stands_in_the_audit_log(cases, case):
    shown = cases("show", case).output
    assert "обидные слова" in shown
    assert "Борис Петров: Оскорбления, травля. При всех" in shown
    assert actions() == [("case.seen", "command")]


def test_it_is_decided_as_the_school_would(cases, case):
    result = cases("decide", case, "deleted", "--answer", "Спасибо, что сказали")
    assert result.exit_code == 0
    assert "Сообщение удалено у всех" in result.output
    decided = db.session.scalars(select(Case)).one()
    assert (decided.decision, decided.answer) == (Decision.DELETED, "Спасибо, что сказали")
    assert db.session.scalars(select(Message)).one().deleted_at is not None
    assert ("case.decided", "command") in actions()
    assert "нерассмотренных обращений нет" in cases("list").output
    assert "Сообщение удалено у всех" in cases("show", case).output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "no-such-case"), "Такого обращения нет."),
        (("decide", "no-such-case", "left"), "Такого обращения нет."),
        (("decide", "{case}", "removed"), "Выберите решение из списка."),
        (("decide", "{case}", "left", "--answer", "а" * 501), "не больше 500 знаков"),
        (("decide", "{case}", "burnt"), "'left', 'deleted', 'removed'"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_changes_nothing(cases, case, arguments, words):
    result = cases(*(word.format(case=case) for word in arguments))
    assert result.exit_code
    assert words in result.output
    assert "Traceback" not in result.output
    assert db.session.scalars(select(Case)).one().decided_at is None


def test_decided_is_decided(cases, case):
    cases("decide", case, "left")
    again = cases("decide", case, "deleted")
    assert "уже рассмотрено" in again.output
    assert db.session.scalars(select(Message)).one().deleted_at is None
