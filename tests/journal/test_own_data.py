"""«Скачать мои данные»: all of one's own, nothing of others, for the owner alone."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.core import archive, files
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.transaction import writing
from app.identity.profiles import Profile
from app.linking.links import Link
from app.messenger.attachments.models import Attachment, AttachmentKind
from app.messenger.messages.models import Message
from app.school import signing_in
from tests.journal.conftest import PASSWORD
from tests.journal.planning_world import TODAY, Planned


@pytest.fixture
def school(world, browser):
    return Planned(world, browser)


@pytest.fixture
def linked(school, world):
    """`linked("anna")`: their profile, linked; their journal browser is signed in to it too."""

    def link(name):
        web = school.browser(name)
        row = world.link(getattr(school, name), account=school._accounts[name])
        profile = db.session.scalars(select(Profile).where(Profile.public_id == row.subject)).one()
        world.signed_in(web.client, profile)
        return profile

    return link


def asks(school, name, password=PASSWORD):
    return school.browser(name).post("/personal/export", password=password)


def opened(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.data))


def rows(answer, key):
    return json.loads(opened(answer).read(f"data/{key}.json"))


def test_a_pupil_gets_the_record_and_the_diary(school):
    school.put("5")
    note = school.note(TODAY, homework="Параграф 12", topic="Сила")
    school.browser("misha").post(f"/homework/{note.public_id}/done", done="1")
    answer = asks(school, "misha")
    assert [(row["subject"], row["mark"]) for row in rows(answer, "marks")] == [("Физика", "5")]
    assert rows(answer, "homework-done")[0]["homework"] == "Параграф 12"
    assert rows(answer, "classes")[0]["class"] == "7А"
    page = opened(answer).read("index.html").decode()
    for words in ("Орлов Миша", "Физика", "Параграф 12", "login-misha", "Отметки и пропуски"):
        assert words in page


def test_nobody_elses_marks_are_in_it(school):
    school.put("2", pupil=school.vera)
    school.put("5")
    whole = opened(asks(school, "misha"))
    for name in whole.namelist():
        assert "Яшина" not in whole.read(name).decode()
    assert len(rows(asks(school, "misha"), "marks")) == 1


def test_a_parent_gets_the_childrens_diaries_and_nothing_else_of_theirs(school):
    school.put("4")
    school.browser("misha")
    answer = asks(school, "olga")
    assert [row["mark"] for row in rows(answer, "child-1-marks")] == ["4"]
    assert "marks.json" not in opened(answer).namelist()
    assert {row["browser"] for row in rows(answer, "journal-sessions")} != set()
    assert len(rows(answer, "journal-sessions")) == 1  # the child's sign-in is the child's


def test_own_messages_and_files_are_in_it_and_those_of_others_are_not(school, world, linked):
    anna, olga = linked("anna"), linked("olga")
    chat = world.chat("Чат с родителями", anna, olga)
    world.says(anna, chat, "слово Анны")
    world.says(olga, chat, "слово Ольги")
    said = db.session.scalars(select(Message).where(Message.author_id == anna.id)).one()
    stored = files.save(io.BytesIO(b"bytes of a picture"), limit=1000)
    world._add(
        Attachment(
            chat_id=chat.id,
            author_id=anna.id,
            message_id=said.id,
            kind=AttachmentKind.DOCUMENT,
            name="../план.txt",
            content_type="text/plain",
            size=stored.size,
            key=stored.key,
        )
    )
    answer = asks(school, "anna")
    assert [row["text"] for row in rows(answer, "messages")] == ["слово Анны"]
    whole = opened(answer)
    (file,) = [name for name in whole.namelist() if name.startswith("files/")]
    assert ".." not in file.split("/")
    assert whole.read(file) == b"bytes of a picture"
    assert rows(answer, "files")[0]["place"] == file
    for name in whole.namelist():
        assert "слово Ольги".encode() not in whole.read(name)


def test_messages_need_a_browser_that_is_signed_in_to_the_profile(school, world, linked):
    anna = linked("anna")
    world.says(anna, world.chat("Чат", anna), "слово Анны")
    school.browser("anna").client.delete_cookie("svyazka_profile")
    assert "этот браузер не вошёл в Сферум" in school.browser("anna").get("/personal/export").text
    whole = opened(asks(school, "anna"))
    assert "data/messages.json" not in whole.namelist()
    assert "data/links.json" in whole.namelist()


def test_somebody_elses_profile_in_the_same_browser_is_not_taken(school, world, linked):
    linked("anna")
    stranger = world.profile("Пётр Чужой")
    world.says(stranger, world.chat("Чат", stranger), "чужое слово")
    world.signed_in(school.browser("anna").client, stranger)
    assert "data/messages.json" not in opened(asks(school, "anna")).namelist()


def test_an_ended_link_gives_no_messages(school, linked):
    linked("anna")
    with writing() as session:
        session.execute(db.update(Link).values(ended_at=db.func.now()))
    assert "data/messages.json" not in opened(asks(school, "anna")).namelist()


def test_a_wrong_password_gives_nothing_and_soon_no_more_tries(school, monkeypatch):
    few = replace(signing_in.ACCOUNT_LIMIT, count=2)
    monkeypatch.setattr(signing_in, "ACCOUNT_LIMIT", few)
    answer = asks(school, "misha", "не тот пароль")
    assert answer.status_code == 422
    assert "Неверный пароль" in answer.text
    asks(school, "misha", "не тот пароль")
    assert asks(school, "misha").status_code == 429


def test_three_archives_a_day_are_enough(school):
    for _ in range(3):
        assert asks(school, "misha").status_code == 200
    assert asks(school, "misha").status_code == 429
    assert asks(school, "vera").status_code == 200


def test_it_is_told_to_the_log_and_the_log_is_in_it(school):
    answer = asks(school, "misha")
    line = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "data.exported")).one()
    assert line.actor == f"account:{school._accounts['misha'].public_id}"
    assert {"action": "data.exported", "by_me": True} in [
        {key: row[key] for key in ("action", "by_me")} for row in rows(answer, "audit")
    ]


def test_nothing_stays_on_the_disk(school):
    asks(school, "misha").close()
    assert list(files._store().incoming.iterdir()) == []


def test_a_long_history_is_read_in_pages(school, world, linked, monkeypatch):
    monkeypatch.setattr(archive, "AT_ONCE", 3)
    anna = linked("anna")
    chat = world.chat("Чат", anna)
    for number in range(8):
        world.says(anna, chat, f"слово {number}")
    texts = [row["text"] for row in rows(asks(school, "anna"), "messages")]
    assert texts == [f"слово {number}" for number in range(8)]


def test_words_are_shown_as_words(school, world, linked):
    anna = linked("anna")
    world.says(anna, world.chat("Чат", anna), "<script>alert(1)</script>")
    page = opened(asks(school, "anna")).read("index.html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_archive_speaks_the_persons_language(school):
    misha = school.browser("misha")
    misha.post("/language", value="en", next="/")
    page = opened(asks(school, "misha")).read("index.html").decode()
    assert '<html lang="en">' in page
    assert "Marks and absences" in page
