"""The Chats tab (FLOWS 3): banner, counts, search, «Редактировать», and who may see what."""

import io
import re

import pytest
from sqlalchemy import select

from app.core.db import db
from app.messenger.chats.models import Chat
from tests.core.samples import SVG, photo


def titles(page):
    found = re.findall(r'chat-row-title">(.*?)</span>', page.text)
    return [re.sub(r"<.*?>", "", title) for title in found]


def chat_id(title, label="7А"):
    return db.session.scalars(
        select(Chat.public_id).where(Chat.title == title, Chat.label == label)
    ).one()


def test_without_a_link_the_page_says_why_to_link(entered):
    page = entered("anna").get("/chats")
    assert "Привязать учебный профиль Сферум" in page.text
    assert titles(page) == []


def test_a_class_teacher_sees_three_chats_in_order(entered, linked):
    linked("anna")
    page = entered("anna").get("/chats")
    assert "Ваша учетная запись связана с учебным профилем Сферума" in page.text
    assert "Вам доступно 3 чата" in page.text
    assert "ВСЕГО: 3" in page.text
    assert titles(page) == ["Чат с преподавателями", "Чат с обучающимися", "Чат с родителями"]
    assert page.text.count("Редактировать") >= 3


def test_several_classes_are_named_in_the_titles(entered, linked):
    linked("olga")
    assert titles(entered("olga").get("/chats")) == [
        "Чат с родителями · 3А",
        "Чат с родителями · 7А",
    ]


@pytest.mark.parametrize(
    ("query", "count"), [("родит", 1), ("ПРЕПОДАВ", 1), ("чат", 3), ("7а", 3), ("ёлка", 0)]
)
def test_search_filters_without_regard_to_case(entered, linked, query, count):
    linked("anna")
    anna = entered("anna")
    assert len(titles(anna.get(f"/chats?q={query}"))) == count
    part = anna.get(f"/chats?q={query}", headers={"HX-Request": "true"})
    assert len(titles(part)) == count
    assert "<html" not in part.text


def test_editing_names_everybody_with_the_reason(entered, linked):
    linked("anna", "olga")
    page = entered("anna").get(f"/chats/{chat_id('Чат с родителями')}")
    assert "родитель: Орлов Миша, 7А" in page.text
    assert "связка" in page.text


def test_who_has_not_linked_is_shown_to_the_leader_only(entered, linked):
    linked("anna", "misha")
    url = f"/chats/{chat_id('Чат с родителями')}"
    assert "ещё не подключил" in entered("anna").get(url).text
    linked("olga")
    page = entered("olga").get(url)
    assert page.status_code == 200
    assert "родитель: " not in page.text
    assert "ещё не подключил" not in page.text


def test_the_title_can_be_changed_by_the_leader_alone(entered, linked):
    linked("anna", "olga")
    url = f"/chats/{chat_id('Чат с родителями')}"
    assert entered("olga").post(url, title="Взлом", description="").status_code == 403
    assert entered("anna").post(url, title="", description="о классе").status_code == 422
    assert entered("anna").post(url, title="Родители 7А", description="").status_code == 303
    assert "Родители 7А" in titles(entered("anna").get("/chats"))


def test_the_leader_sets_photo_and_appearance_and_others_only_see(entered, linked):
    linked("anna", "olga")
    url = f"/chats/{chat_id('Чат с родителями')}"
    form = {"title": "Родители 7А", "description": "", "theme": "mint"}
    picture = {"photo": (io.BytesIO(photo((300, 200))), "a.jpg")}
    assert entered("olga").post(url, **form).status_code == 403
    assert entered("anna").post(url, **form, **picture).status_code == 303
    chat = db.session.scalars(select(Chat).where(Chat.title == "Родители 7А")).one()
    assert chat.theme == "mint"
    shown = entered("olga").get(f"{url}/photo")
    assert shown.content_type == "image/webp"
    assert entered("both").get(f"{url}/photo").status_code == 404


def test_what_is_no_picture_changes_nothing(entered, linked):
    linked("anna")
    url = f"/chats/{chat_id('Чат с родителями')}"
    form = {"title": "Взлом", "description": "", "theme": "mint"}
    answer = entered("anna").post(url, **form, photo=(io.BytesIO(SVG), "a.svg"))
    assert answer.status_code == 422
    assert "не похоже на фотографию" in answer.text
    assert "Взлом" in answer.text
    assert chat_id("Чат с родителями")


def test_all_eight_rows_are_seen_locked(entered, linked):
    linked("anna")
    page = entered("anna").get(f"/chats/{chat_id('Чат с родителями')}").text
    assert page.count('class="locked-row"') == 8
    assert "Никто: это решает система" in page


@pytest.mark.parametrize("name", ["misha", "admin", "both"])
def test_a_chat_of_others_is_absent(entered, linked, name):
    linked("anna", name)
    assert entered(name).get(f"/chats/{chat_id('Чат с родителями')}").status_code == 404


def test_a_chat_is_absent_without_a_link(entered, linked):
    linked("olga")
    assert entered("anna").get(f"/chats/{chat_id('Чат с родителями')}").status_code == 404


def test_the_number_of_queries_does_not_grow_with_people(entered, linked, people, world, queries):
    linked("anna")
    anna = entered("anna")
    url = f"/chats/{chat_id('Чат с обучающимися')}"

    def cost(address):
        anna.get(address)
        with queries() as seen:
            anna.get(address)
        return len(seen)

    before = cost("/chats"), cost(url)
    for number in range(25):
        world.pupil(f"Ученик{number} Имя", in_=people.c7a)
    linked()
    assert (cost("/chats"), cost(url)) == before
    assert before[0] <= 7
    assert before[1] <= 9
