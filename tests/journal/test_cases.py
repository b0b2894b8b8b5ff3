"""«Обращения»: the school's administrator sees and decides; nobody else finds the page."""

import pytest
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.db import db
from app.identity.profiles import Profile
from app.messenger.chats.models import Chat
from app.messenger.reports.models import Case
from app.messenger.reports.reporting import report_message


def profile(family):
    return db.session.scalars(select(Profile).where(Profile.family_name == family)).one()


@pytest.fixture
def case(people, linked, world):
    """Olga complained of Anna's words in the parents' chat; the administrator is linked too."""
    linked("anna", "olga", "admin")
    anna = profile("Иванова")
    olga = profile("Орлова")
    chat = db.session.scalars(
        select(Chat).where(Chat.auto_key.like("%parents"), Chat.label == "7А")
    ).one()
    world.says(anna, chat, "обидные слова", "bad-words")
    report_message(olga.id, chat.public_id, "bad-words", reason="other", words="это грубо")
    return db.session.scalars(select(Case)).one().public_id


def test_others_find_no_such_page(case, entered):
    for who in ("anna", "olga", "misha", "both"):
        web = entered(who)
        assert web.get("/cases").status_code == 404
        assert web.get(f"/cases/{case}").status_code == 404
        assert web.post(f"/cases/{case}", decision="deleted").status_code == 404
        assert "Обращения" not in web.get("/").text
    assert db.session.scalars(select(Case)).one().decided_at is None


def test_the_administrator_sees_the_case_and_decides(case, entered):
    web = entered("admin")
    assert 'href="/cases"' in web.get("/").text
    page = web.get("/cases").text
    assert case in page
    assert "обидные слова" not in page
    page = web.get(f"/cases/{case}").text
    for words in ("обидные слова", "это грубо", "Ольга", "Удалить сообщение у всех"):
        assert words in page
    assert "исключить автора" not in page
    refused = web.post(f"/cases/{case}", decision="", answer="слова остаются")
    assert refused.status_code == 422
    assert "слова остаются" in refused.text
    done = web.post(f"/cases/{case}", decision="deleted", answer="Поговорили")
    assert done.headers["Location"] == f"/cases/{case}"
    page = web.get(f"/cases/{case}").text
    assert "Сообщение удалено у всех" in page
    assert 'name="decision"' not in page
    assert case in web.get("/cases?show=decided").text
    assert "Всё рассмотрено" in web.get("/cases").text


def test_a_second_click_finds_it_decided(case, entered):
    web = entered("admin")
    for _ in range(2):
        answer = web.post(f"/cases/{case}", decision="left", answer="")
        assert answer.status_code == 303
    assert "уже рассмотрено" in web.get(f"/cases/{case}").text


def test_every_look_is_in_the_audit_log(case, entered, people):
    web = entered("admin")
    web.get(f"/cases/{case}")
    web.post(f"/cases/{case}", decision="left", answer="")
    noted = db.session.scalars(
        select(AuditEntry).where(AuditEntry.subject == f"case:{case}").order_by(AuditEntry.id)
    ).all()
    assert [line.action for line in noted] == ["case.reported", "case.seen", "case.decided"]
    assert noted[1].actor == f"account:{people.accounts['admin'].public_id}"


def test_an_administrator_does_not_judge_their_own_words(case, entered, world, people):
    boss = profile("Громова")
    olga = profile("Орлова")
    chat = world.chat("Разговор", boss, olga)
    world.says(boss, chat, "грубость", "own-words")
    report_message(olga.id, chat.public_id, "own-words", reason="bullying", words="")
    own = db.session.scalars(select(Case).order_by(Case.id.desc())).first().public_id
    web = entered("admin")
    assert own not in web.get("/cases").text
    assert web.get(f"/cases/{own}").status_code == 404
    assert web.post(f"/cases/{own}", decision="left").status_code == 404


def test_a_case_is_the_next_step_of_the_administrator(case, entered):
    web = entered("admin")
    assert "1 жалоба на сообщение ждёт вашего решения" in web.get("/").text
    web.post(f"/cases/{case}", decision="deleted", answer="Поговорили")
    assert "ждёт вашего решения" not in web.get("/").text
