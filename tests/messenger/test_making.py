"""«Создать чат»: who may, whom they may add, what stands in the chat afterwards."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import func, select

from app.core import throttle
from app.core.audit import AuditEntry
from app.core.db import db
from app.messenger.chats.creating import MADE
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import CLOSED, ORDINARY, ChatKind, MemberRole
from app.messenger.photos import named_photos
from tests.core.samples import EXE, HTML, SVG, photo
from tests.messenger.counting import counted

HTMX = {"HX-Request": "true"}
DRAFT = "draft-0123456789"


@pytest.fixture
def anna(world):
    profile = world.profile("Анна Иванова Петровна")
    world.confirmed(profile, "teacher")
    return profile


@pytest.fixture
def boris(world):
    profile = world.profile("Борис Петров")
    world.confirmed(profile, "guardian")
    return profile


@pytest.fixture
def vera(world):
    """A teacher of another school."""
    profile = world.profile("Вера Ёлкина")
    world.confirmed(profile, "teacher", school="school-2")
    return profile


@pytest.fixture
def browser_of(app, world):
    return lambda profile: world.signed_in(app.test_client(), profile)


def form(**changes):
    return {"title": "Стенгазета", "preset": "closed", "shown": "closed", "draft": DRAFT} | changes


def made():
    return db.session.scalars(select(Chat).where(Chat.kind == ChatKind.MANUAL)).all()


def people_in(chat):
    return dict(
        db.session.execute(
            select(Member.profile_id, Member.role).where(Member.chat_id == chat.id)
        ).all()
    )


def test_the_list_has_a_pencil_that_leads_to_creating(browser_of, anna):
    page = browser_of(anna).get("/im/").text
    assert re.search(r'href="/im/new".*?Создать чат', page, re.S)


def test_the_form_recommends_the_closed_chat(browser_of, anna):
    page = browser_of(anna).get("/im/new").text
    assert re.search(r'id="preset-closed"[^>]*checked', page)
    assert "Введите название чата" in page
    assert "Введите имя или фамилию" in page
    assert "Пригласить может 1 человек, начать звонок — 1. Всего в чате: 1" in page


def test_a_chat_is_made_with_its_people_and_settings(browser_of, anna, boris):
    answer = browser_of(anna).post("/im/new", data=form(people=boris.public_id))
    (chat,) = made()
    assert answer.status_code == 303
    assert answer.location == f"/im/chats/{chat.public_id}"
    assert chat.title == "Стенгазета"
    assert people_in(chat) == {anna.id: MemberRole.CREATOR, boris.id: MemberRole.MEMBER}
    assert chats_of(anna.id).get(chat.public_id).member.permissions == CLOSED


def test_an_empty_chat_has_its_creator_alone(browser_of, anna):
    browser_of(anna).post("/im/new", data=form(preset="ordinary"))
    (chat,) = made()
    assert people_in(chat) == {anna.id: MemberRole.CREATOR}
    assert chats_of(anna.id).get(chat.public_id).member.permissions == ORDINARY


def test_sending_the_form_twice_makes_one_chat(browser_of, anna, boris):
    web = browser_of(anna)
    first = web.post("/im/new", data=form(people=boris.public_id))
    second = web.post("/im/new", data=form(people=boris.public_id))
    assert len(made()) == 1
    assert first.location == second.location


def test_another_persons_form_is_not_taken_over(browser_of, anna, boris):
    browser_of(anna).post("/im/new", data=form())
    answer = browser_of(boris).post("/im/new", data=form(title="Моё"))
    assert answer.status_code == 422
    assert "Форма устарела" in answer.text
    assert [chat.title for chat in made()] == ["Стенгазета"]


@pytest.mark.parametrize("title", ["", "   ", "\u200b\u0007", "я" * 121])
def test_without_a_fit_title_nothing_is_made_and_all_is_kept(browser_of, anna, boris, title):
    answer = browser_of(anna).post(
        "/im/new", data=form(title=title, people=boris.public_id, preset="ordinary")
    )
    assert answer.status_code == 422
    assert made() == []
    assert "Борис" in answer.text
    assert re.search(r'id="preset-ordinary"[^>]*checked', answer.text)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_whom_one_may_not_add_is_not_added(browser_of, anna, vera, headers):
    answer = browser_of(anna).post("/im/new", data=form(people=vera.public_id), headers=headers)
    assert answer.status_code == 422
    assert "добавить нельзя" in answer.text
    assert made() == []


def test_a_child_is_not_put_among_strangers(world, browser_of, anna, boris):
    pupil = world.profile("Миша Орлов")
    world.confirmed(pupil, "pupil", school="school-2")
    world.confirmed(anna, "teacher", school="school-2")
    answer = browser_of(anna).post("/im/new", data=form(people=[boris.public_id, pupil.public_id]))
    assert answer.status_code == 422
    assert "а в чате есть дети" in answer.text
    assert made() == []


def test_whose_role_nobody_confirms_makes_no_chat(world, browser_of):
    answer = browser_of(world.profile("Ни Кто")).post("/im/new", data=form())
    assert answer.status_code == 422
    assert "подтвердит вашу роль" in answer.text
    assert made() == []


def test_chats_are_not_made_by_the_hundred(browser_of, anna):
    for _ in range(MADE.count):
        throttle.record(f"chat:create:{anna.id}")
    answer = browser_of(anna).post("/im/new", data=form())
    assert answer.status_code == 422
    assert "слишком много чатов" in answer.text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["Ёлкина", "Петров"]),
        ("елк", ["Ёлкина"]),
        ("ПЕТ бор", ["Петров"]),
        ("орис", []),
        ("иванова", []),
    ],
)
def test_people_are_found_by_the_beginnings_of_their_names(
    world, browser_of, anna, boris, vera, text, names
):
    world.confirmed(vera, "teacher")
    page = browser_of(anna).get("/im/people", query_string={"q": text}).text
    assert [name for name in ("Ёлкина", "Петров") if name in page] == names


def test_the_settings_block_follows_the_tab_and_the_people(browser_of, anna, boris):
    page = browser_of(anna).post(
        "/im/rights", data=form(preset="ordinary", people=[boris.public_id, "x"])
    )
    assert "Пригласить могут 3 человека, начать звонок — 3. Всего в чате: 3" in page.text
    assert re.search(r'id="preset-ordinary"[^>]*checked', page.text)


def test_without_script_the_form_finds_people_and_keeps_what_was_typed(browser_of, anna, boris):
    page = browser_of(anna).post("/im/new", data=form(do="find", q="петр"))
    assert page.status_code == 200
    assert "Петров Борис" in page.text
    assert 'value="Стенгазета"' in page.text
    assert made() == []


def test_finding_people_costs_the_same_for_few_and_many(world, browser_of, anna):
    web = browser_of(anna)

    def cost():
        with counted() as statements:
            web.get("/im/people")
        return len(statements)

    before = cost()
    for number in range(30):
        profile = world.profile(f"Имя{number} Фамилия")
        world.confirmed(profile, "guardian")
    assert cost() == before <= 6


def test_the_creation_is_in_the_audit_log(browser_of, anna):
    browser_of(anna).post("/im/new", data=form())
    count = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "chat.created")
    assert db.session.scalar(count) == 1


def with_photo(content, **changes):
    return form(photo=(io.BytesIO(content), "фото.jpg"), **changes)


def test_the_photo_is_made_anew_and_shown_to_members_alone(world, browser_of, anna, boris, vera):
    browser_of(anna).post(
        "/im/new", data=with_photo(photo((900, 600), gps=True), people=boris.public_id)
    )
    (chat,) = made()
    url = f"/im/chats/{chat.public_id}/photo"
    shown = browser_of(boris).get(url)
    assert shown.content_type == "image/webp"
    picture = Image.open(io.BytesIO(shown.data))
    assert picture.size == (320, 320)
    assert not picture.getexif()
    assert b"PhoneMaker" not in shown.data
    assert browser_of(vera).get(url).status_code == 404
    assert url in browser_of(boris).get("/im/").text


@pytest.mark.parametrize("content", [SVG, HTML, EXE, b"", photo()[:90]])
def test_what_is_no_picture_is_refused_and_nothing_is_made(browser_of, anna, content):
    answer = browser_of(anna).post("/im/new", data=with_photo(content))
    assert answer.status_code == 422
    assert "не похоже на фотографию" in answer.text
    assert made() == []


def test_a_photo_that_a_chat_shows_is_not_swept_away(browser_of, anna):
    browser_of(anna).post("/im/new", data=with_photo(photo()))
    (chat,) = made()
    assert set(named_photos([chat.photo_key, "aa/unknown"])) == {chat.photo_key}
