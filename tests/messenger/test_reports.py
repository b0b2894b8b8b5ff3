"""«Пожаловаться»: who may, what is kept, and that the author never learns of it."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import Conflict, Invalid, Missing, TooMany
from app.messenger.chats.rights import ChatKind, MemberRole
from app.messenger.messages.deleting import delete_message
from app.messenger.messages.editing import edit_message
from app.messenger.reports import deciding
from app.messenger.reports.cases import Office, complaints_of, lines_of, neighbours_of, open_count
from app.messenger.reports.models import Case, Decision, Report
from app.messenger.reports.reporting import A_DAY, report_message
from app.realtime.server import socketio
from tests.messenger.counting import counted

HTMX = {"HX-Request": "true"}
HERE = Office("school-1")


@pytest.fixture
def chat(world, people):
    chat = world.chat("7А", people["leader"], people["member"], people["ex-member"])
    world.confirmed(people["leader"], "teacher")
    world.confirmed(people["member"], "pupil")
    world.says(people["leader"], chat, "первое")
    world.says(people["leader"], chat, "второе")
    world.says(people["leader"], chat, "третье")
    world.says(people["leader"], chat, "обидные слова", "bad-words")
    world.leave(people["ex-member"], chat)
    world.says(people["member"], chat, "ответ")
    return chat


def url(chat, tail="report", client_id="bad-words"):
    return f"/im/chats/{chat.public_id}/messages/{client_id}/{tail}"


def reported(who, chat, **said):
    said = {"reason": "bullying", "words": ""} | said
    report_message(who.id, chat.public_id, "bad-words", **said)


def only_case():
    db.session.rollback()
    return db.session.scalars(select(Case)).one()


def test_the_form_sends_a_report_with_and_without_script(chat, web_of):
    for who, headers in (("member", HTMX), ("ex-member", {})):
        web = web_of(who)
        page = web.get(url(chat), headers=headers).text
        assert "обидные слова" in page
        assert page.count('name="reason"') == 7
        answer = web.send(
            "post", url(chat), data={"reason": "threat", "words": "пугает"}, headers=headers
        )
        assert answer.status_code == (200 if headers else 303)
        assert "Обращение отправлено" in web.get(url(chat), headers=headers).text
    assert len(complaints_of(only_case())) == 2


def test_bad_input_keeps_what_was_typed_and_changes_nothing(chat, web_of):
    web = web_of("member")
    for sent, problem in (
        ({"words": "слова остаются"}, "Выберите, что не так"),
        ({"reason": "other", "words": " "}, "Напишите своими словами"),
        ({"reason": "other", "words": "а" * 501}, "Слишком длинно"),
    ):
        answer = web.send("post", url(chat), data=sent, headers=HTMX)
        assert answer.status_code == 422
        assert problem in answer.text
        assert sent["words"].strip() in answer.text
    assert db.session.scalar(select(func.count()).select_from(Case)) == 0


def test_a_report_is_made_once_a_person_and_message(chat, people):
    reported(people["member"], chat, words="раз")
    reported(people["member"], chat, words="два")
    case = only_case()
    assert [one.words for one in complaints_of(case)] == ["раз"]


def test_those_who_complain_of_one_message_share_a_case(chat, people):
    reported(people["member"], chat)
    reported(people["ex-member"], chat)
    assert open_count(HERE) == 1
    assert lines_of(HERE, is_decided=False)[0].reports == 2


def test_the_copy_outlives_editing_and_deleting(chat, people):
    reported(people["member"], chat)
    edit_message(people["leader"].id, chat.public_id, "bad-words", "иные слова")
    reported(people["ex-member"], chat)
    delete_message(people["leader"].id, chat.public_id, "bad-words")
    case = only_case()
    assert (case.text, case.author_name, case.chat_title) == (
        "обидные слова", "Анна Петровна Иванова", "7А",
    )  # fmt: skip
    assert [one.text for one in complaints_of(case)] == [None, "иные слова"]


def test_names_of_files_are_kept(world, people, chat, web_of):
    web = web_of("leader")
    draft = web.send(
        "post", f"/im/chats/{chat.public_id}/files?name=план.txt", data=b"words", headers=HTMX
    ).json
    web.post(f"/im/chats/{chat.public_id}/messages", client_id="with-file", attachments=draft["id"])
    report_message(people["member"].id, chat.public_id, "with-file", reason="fraud", words="")
    assert only_case().files == [{"kind": "document", "name": "план.txt", "size": 5}]


def test_nobody_reports_what_is_not_theirs_to_read(world, people, chat):
    with pytest.raises(Missing):
        reported(people["stranger"], chat)
    with pytest.raises(Conflict, match="ваше сообщение"):
        reported(people["leader"], chat)
    world.says(people["leader"], chat, "после ухода", "later-words")
    with pytest.raises(Missing):
        report_message(
            people["ex-member"].id, chat.public_id, "later-words", reason="fraud", words=""
        )
    delete_message(people["leader"].id, chat.public_id, "bad-words")
    with pytest.raises(Missing):
        reported(people["member"], chat)


def test_a_chat_of_no_school_says_so(world, people):
    chat = world.chat("Вместе", people["leader"], people["member"])
    world.says(people["leader"], chat, "слова", "bad-words")
    with pytest.raises(Conflict, match="нет школы"):
        reported(people["member"], chat)


def test_a_storm_of_reports_is_stopped(world, people, chat):
    for number in range(A_DAY.count + 1):
        world.says(people["leader"], chat, "слова", f"message-{number}")
    for number in range(A_DAY.count):
        report_message(
            people["member"].id, chat.public_id, f"message-{number}", reason="fraud", words=""
        )
    with pytest.raises(TooMany):
        reported(people["member"], chat)
    with clock.frozen(clock.now() + dt.timedelta(days=1, minutes=1)):
        reported(people["member"], chat)


def test_the_author_sees_nothing_of_it(chat, people, web_of):
    before = web_of("leader").get(f"/im/chats/{chat.public_id}").text
    reported(people["member"], chat, words="это травля")
    for address in (f"/im/chats/{chat.public_id}", "/im/reports", "/im/", url(chat, "readers")):
        page = web_of("leader").get(address).text
        assert "это травля" not in page
        assert "Школа ответила" not in page
    assert before.count("data-message") == web_of("leader").get(
        f"/im/chats/{chat.public_id}"
    ).text.count("data-message")
    assert web_of("leader").get(url(chat)).status_code == 409


def test_who_decides_sees_two_messages_each_way_while_the_case_is_open(chat, people, world):
    reported(people["member"], chat)
    case = only_case()
    before, after = neighbours_of(case)
    assert [one.text for one in before] == ["второе", "третье"]
    assert [one.text for one in after] == ["ответ"]
    deciding.decide(HERE, case.public_id, decision="left", answer="", by="account:x")
    assert neighbours_of(only_case()) == ((), ())


@pytest.mark.parametrize(
    ("office", "seen"),
    [
        (Office("school-1"), 1),
        (Office("another school"), 0),
        (Office("school-1", frozenset({"the author"})), 0),
    ],
)
def test_other_schools_and_the_author_find_no_case(chat, people, office, seen):
    if office.profiles:
        office = Office(office.school_key, frozenset({people["leader"].public_id}))
    reported(people["member"], chat)
    case = only_case()
    assert (open_count(office), len(lines_of(office, is_decided=False))) == (seen, seen)
    if not seen:
        with pytest.raises(Missing):
            deciding.note_look(office, case.public_id, by="account:x")
        with pytest.raises(Missing):
            deciding.decide(office, case.public_id, decision="left", answer="", by="account:x")


def test_deleting_leaves_a_trace_and_answers_who_complained(chat, people, web_of):
    reported(people["member"], chat)
    assert "Школа ответила" not in web_of("member").get("/im/").text
    deciding.decide(
        HERE, only_case().public_id, decision="deleted", answer="Спасибо, что сказали",
        by="account:boss",
    )  # fmt: skip
    page = web_of("member").get(f"/im/chats/{chat.public_id}").text
    assert "Сообщение удалено по решению школы" in page
    assert "обидные слова" not in page
    assert "Школа ответила на ваше обращение" in page
    own = web_of("member").get("/im/reports").text
    assert "Сообщение удалено у всех" in own
    assert "Спасибо, что сказали" in own
    assert "Школа ответила" not in web_of("member").get("/im/").text
    assert "Спасибо, что сказали" in web_of("member").get(url(chat)).text
    noted = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action.like("case.%")).order_by(AuditEntry.id)
    ).all()
    assert [(line.action, line.actor.split(":")[0]) for line in noted] == [
        ("case.reported", "profile"), ("case.decided", "account"),
    ]  # fmt: skip


def test_the_answer_is_told_at_once_to_who_complained_only(chat, people, app, world):
    reported(people["member"], chat)
    sockets = {
        who: socketio.test_client(
            app, flask_test_client=world.signed_in(app.test_client(), people[who])
        )
        for who in ("member", "leader")
    }
    for socket in sockets.values():
        socket.get_received()
    deciding.decide(HERE, only_case().public_id, decision="left", answer="", by="account:x")
    heard = {
        who: {event["name"] for event in socket.get_received()} for who, socket in sockets.items()
    }
    assert heard == {"member": {"answered"}, "leader": set()}


def test_an_author_is_taken_out_of_a_chat_made_by_hand_only(world, people, web_of):
    for kind, role, allowed in (
        (ChatKind.MANUAL, MemberRole.MEMBER, True),
        (ChatKind.MANUAL, MemberRole.CREATOR, False),
        (ChatKind.AUTO, MemberRole.MEMBER, False),
    ):
        chat = world.chat("Газета", people["member"], kind=kind)
        world.join(people["leader"], chat, role=role)
        world.confirmed(people["member"], "pupil", school=f"school-{chat.id}")
        world.confirmed(people["leader"], "pupil", school=f"school-{chat.id}")
        world.says(people["leader"], chat, "обидные слова", "bad-words")
        reported(people["member"], chat)
        case = db.session.scalars(select(Case).order_by(Case.id.desc())).first()
        office = Office(case.school_key)
        if allowed:
            deciding.decide(office, case.public_id, decision="removed", answer="", by="account:x")
            leader = web_of("leader").get(f"/im/chats/{chat.public_id}").text
            assert "больше не состоит в чате" in leader
            assert 'data-is-member="no"' in leader
        else:
            with pytest.raises(Invalid):
                deciding.decide(
                    office, case.public_id, decision="removed", answer="", by="account:x"
                )


def test_a_case_is_decided_once_and_may_be_opened_anew(chat, people):
    reported(people["member"], chat)
    first = only_case().public_id
    deciding.decide(HERE, first, decision="left", answer="", by="account:x")
    with pytest.raises(Conflict):
        deciding.decide(HERE, first, decision="deleted", answer="", by="account:y")
    assert only_case().decision is Decision.LEFT
    reported(people["ex-member"], chat)
    assert open_count(HERE) == 1
    assert db.session.scalar(select(func.count()).select_from(Report)) == 2


def test_the_list_costs_two_queries(chat, people):
    reported(people["member"], chat)
    with counted() as queries:
        lines_of(HERE, is_decided=False)
    assert len(queries) == 2
