"""Leading a chat made by hand: who may do what to whom, as tables over HTTP, and what it leaves."""

import pytest
from sqlalchemy import select

from app.core.db import db
from app.core.transaction import writing
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import CLOSED, ORDINARY, Action, ChatKind, Circle, MemberRole
from app.messenger.messages.models import Message
from app.messenger.messages.notice_words import notice_sentence
from app.messenger.messages.notices import notice_from
from tests.messenger.counting import counted
from tests.messenger.led import newspaper, staff

CREATOR, ADMINISTRATOR, MEMBER = MemberRole.CREATOR, MemberRole.ADMINISTRATOR, MemberRole.MEMBER


@pytest.fixture
def people(world):
    return staff(world)


@pytest.fixture
def chat(world, people):
    return newspaper(world, people)


@pytest.fixture
def browser_of(app, world, people):
    return lambda who: world.signed_in(app.test_client(), people[who])


def settings(chat, rows):
    with writing() as session:
        session.get_one(Chat, chat.id).permissions = {k.value: v.value for k, v in rows.items()}


def roles(chat):
    return {
        f"{row.profile.given_name} {row.profile.family_name}": row.role
        for row in db.session.scalars(
            select(Member).where(Member.chat_id == chat.id, Member.left_at.is_(None))
        )
    }


def told(chat):
    rows = db.session.scalars(
        select(Message.notice).where(Message.chat_id == chat.id).order_by(Message.seq)
    )
    return [
        notice_sentence(notice_from(row)).replace("\u2068", "").replace("\u2069", "")
        for row in rows
    ]


def url(chat, rest):
    return f"/im/chats/{chat.public_id}/{rest}"


# -- every entrance x everybody ----------------------------------------------------------------
# outsider, ex-member, member, administrator, creator; in a closed chat.
GETS = [
    ("members", [404, 403, 200, 200, 200]),
    ("heading", [404, 200, 200, 200, 200]),
    ("add", [404, 403, 403, 403, 200]),
    ("leave", [404, 403, 200, 200, 200]),
    ("archive", [404, 403, 403, 403, 200]),
    ("settings", [404, 403, 403, 403, 200]),
]
POSTS = [
    ("settings/info", {"title": "Новое", "description": ""}, [404, 403, 403, 403, 303]),
    ("settings/photo/remove", {}, [404, 403, 403, 403, 303]),
    ("settings/appearance", {"theme": "mint"}, [404, 403, 403, 403, 303]),
    ("settings/rights", {"preset": "ordinary", "shown": "closed"}, [404, 403, 403, 403, 303]),
    ("archive", {"archived": "yes"}, [404, 403, 403, 403, 303]),
]
WHO = ("outsider", "ex", "member", "administrator", "creator")


@pytest.mark.parametrize(("page", "expected"), GETS)
def test_who_sees_which_page(browser_of, chat, page, expected):
    assert [browser_of(who).get(url(chat, page)).status_code for who in WHO] == expected


@pytest.mark.parametrize(("page", "form", "expected"), POSTS)
def test_who_may_change_what(browser_of, chat, page, form, expected):
    answers = [browser_of(who).post(url(chat, page), data=form) for who in WHO]
    assert [answer.status_code for answer in answers] == expected


def test_members_leave_and_the_creator_hands_over_first(browser_of, chat):
    answers = {who: browser_of(who).post(url(chat, "leave")).status_code for who in reversed(WHO)}
    assert answers == {
        "creator": 409,
        "administrator": 303,
        "member": 303,
        "ex": 403,
        "outsider": 404,
    }
    assert roles(chat) == {"Анна Иванова": CREATOR}


# -- what each row of the settings opens --------------------------------------------------------
ROWS = [
    (Action.EDIT_INFO, "settings/info", {"title": "Имя", "description": ""}),
    (Action.CHANGE_APPEARANCE, "settings/appearance", {"theme": "mint"}),
    (Action.INVITE, "add", {"do": "find"}),
]


@pytest.mark.parametrize(("action", "page", "form"), ROWS)
@pytest.mark.parametrize(
    ("circle", "expected"),
    [
        (Circle.EVERYONE, ["member", "administrator", "creator"]),
        (Circle.ADMINISTRATORS, ["administrator", "creator"]),
        (Circle.CREATOR, ["creator"]),
    ],
)
def test_a_row_lets_in_its_circle_and_nobody_else(
    browser_of, chat, action, page, form, circle, expected
):
    settings(chat, CLOSED | {action: circle})
    allowed = [
        who
        for who in WHO
        if browser_of(who).post(url(chat, page), data=form).status_code in (200, 303)
    ]
    assert allowed == expected


# -- to whom -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rows", "by", "deed", "to", "status"),
    [
        (CLOSED, "creator", "appoint", "member", 303),
        (CLOSED, "creator", "dismiss", "administrator", 303),
        (CLOSED, "creator", "remove", "administrator", 303),
        (CLOSED, "creator", "remove", "member", 303),
        (CLOSED, "creator", "hand-over", "member", 303),
        (CLOSED, "creator", "remove", "creator", 403),
        (CLOSED, "creator", "dismiss", "creator", 403),
        (CLOSED, "creator", "hand-over", "creator", 403),
        (CLOSED, "creator", "appoint", "ex", 404),
        (CLOSED, "creator", "appoint", "outsider", 404),
        (CLOSED, "creator", "burn", "member", 422),
        (CLOSED, "administrator", "remove", "member", 303),
        (CLOSED, "administrator", "remove", "creator", 403),
        (CLOSED, "administrator", "remove", "administrator", 403),
        (CLOSED, "administrator", "appoint", "member", 403),
        (ORDINARY, "administrator", "appoint", "member", 303),
        (CLOSED, "administrator", "dismiss", "administrator", 303),
        (CLOSED, "administrator", "hand-over", "member", 403),
        (CLOSED, "member", "remove", "administrator", 403),
        (CLOSED, "member", "appoint", "member", 403),
        (CLOSED, "member", "hand-over", "administrator", 403),
        (CLOSED | {Action.APPOINT: Circle.EVERYONE}, "member", "dismiss", "administrator", 403),
        (CLOSED, "ex", "remove", "member", 403),
        (CLOSED, "outsider", "remove", "member", 404),
    ],
)
def test_who_may_do_what_to_whom(browser_of, people, chat, rows, by, deed, to, status):
    settings(chat, rows)
    before = roles(chat)
    page = url(chat, f"members/{people[to].public_id}")
    answer = browser_of(by).post(page, data={"deed": deed})
    assert answer.status_code == status
    assert (roles(chat) != before) is (status == 303)


def test_a_person_of_another_chat_is_not_touched(world, browser_of, people, chat):
    other = world.chat("Другой", people["outsider"], kind=ChatKind.MANUAL)
    page = url(chat, f"members/{people['outsider'].public_id}")
    assert browser_of("creator").post(page, data={"deed": "remove"}).status_code == 404
    assert len(roles(other)) == 1


@pytest.mark.parametrize("page", ["leave", "archive", "settings", "add"])
def test_an_automatic_chat_is_led_by_the_system(world, browser_of, people, page):
    chat = world.chat("Чат с родителями", people["member"])
    assert browser_of("member").get(url(chat, page)).status_code == 403


def test_an_automatic_chat_shows_its_locked_rows_and_the_reason(world, browser_of, people):
    chat = world.chat("Чат с родителями", people["member"])
    page = browser_of("member").get(url(chat, "members")).text
    assert "Состав и настройки задаёт система" in page
    assert "По роли и расписанию" in page
    assert page.count("Никто: это решает система") == 3


# -- what it leaves ------------------------------------------------------------------------------
def test_a_life_of_a_chat_is_told_in_it(browser_of, people, chat):
    creator = browser_of("creator")
    creator.post(url(chat, "settings/info"), data={"title": "Газета", "description": "О школе"})
    creator.post(url(chat, "settings/appearance"), data={"theme": "mint"})
    creator.post(url(chat, f"members/{people['member'].public_id}"), data={"deed": "appoint"})
    creator.post(url(chat, f"members/{people['administrator'].public_id}"), data={"deed": "remove"})
    creator.post(url(chat, f"members/{people['member'].public_id}"), data={"deed": "hand-over"})
    creator.post(url(chat, "leave"))
    assert told(chat) == [
        "Иванова А. изменила название чата на «Газета»",
        "Иванова А. изменила описание чата",
        "Иванова А. сменила оформление чата",
        "Иванова А. назначила администратором: Ёлкина В.",
        "Иванова А. исключила из чата: Петров Б.",
        "Иванова А. передала чат: теперь его ведёт Ёлкина В.",
        "Иванова А. вышла из чата",
    ]
    assert roles(chat) == {"Вера Ёлкина": CREATOR}


def test_saving_what_was_there_changes_and_tells_nothing(browser_of, chat):
    form = {"title": chat.title, "description": chat.description}
    assert browser_of("creator").post(url(chat, "settings/info"), data=form).status_code == 303
    browser_of("creator").post(url(chat, "settings/appearance"), data={"theme": "default"})
    assert told(chat) == []


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"title": " ", "description": "Новое"}, "Введите название чата"),
        ({"title": "я" * 121, "description": ""}, "не длиннее 120"),
        ({"title": "Имя", "description": "я" * 501}, "не длиннее 500"),
    ],
)
def test_bad_words_change_nothing_and_are_kept(browser_of, chat, form, words):
    answer = browser_of("creator").post(url(chat, "settings/info"), data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert form["description"] in answer.text
    assert db.session.get(Chat, chat.id, populate_existing=True).title == "Стенгазета"


def test_an_unknown_theme_is_refused(browser_of, chat):
    answer = browser_of("creator").post(url(chat, "settings/appearance"), data={"theme": "x"})
    assert answer.status_code == 422


def test_the_last_one_out_closes_the_chat(world, browser_of, people):
    chat = world.chat("Пусто", kind=ChatKind.MANUAL)
    world.join(people["creator"], chat, role=CREATOR)
    assert browser_of("creator").post(url(chat, "leave")).status_code == 303
    assert db.session.get(Chat, chat.id, populate_existing=True).archived_at is not None


def test_an_archived_chat_is_read_only_and_comes_back(browser_of, chat):
    creator = browser_of("creator")
    creator.post(url(chat, "archive"), data={"archived": "yes"})
    assert creator.post(url(chat, "messages"), data={"text": "а"}).status_code == 403
    assert creator.post(url(chat, "settings/appearance"), data={"theme": "sky"}).status_code == 403
    assert creator.get(url(chat, "members")).status_code == 200
    creator.post(url(chat, "archive"), data={"archived": "no"})
    assert creator.post(url(chat, "messages"), data={"text": "а"}).status_code == 303


# -- people --------------------------------------------------------------------------------------
def add(browser_of, people, chat, by, *who):
    form = {"people": [people[name].public_id for name in who]}
    return browser_of(by).post(url(chat, "add"), data=form)


def test_people_are_added_once_and_nobody_loses_a_role(browser_of, people, chat):
    answer = add(browser_of, people, chat, "creator", "outsider", "administrator")
    assert answer.status_code == 303
    assert roles(chat)["Борис Петров"] is ADMINISTRATOR
    assert roles(chat)["Дина Лис"] is MEMBER
    assert told(chat) == ["Иванова А. пригласила в чат: Лис Д."]


def test_who_left_on_their_own_is_not_dragged_back(browser_of, people, chat):
    answer = add(browser_of, people, chat, "creator", "ex")
    assert answer.status_code == 409
    assert "вышел из чата сам" in answer.text
    assert "Егор Чиж" not in roles(chat)


def test_whom_an_administrator_removed_an_administrator_brings_back(browser_of, people, chat):
    settings(chat, ORDINARY)
    page = url(chat, f"members/{people['member'].public_id}")
    browser_of("creator").post(page, data={"deed": "remove"})
    add(browser_of, people, chat, "creator", "outsider")
    assert add(browser_of, people, chat, "outsider", "member").status_code == 409
    assert add(browser_of, people, chat, "administrator", "member").status_code == 303
    assert "Вера Ёлкина" in roles(chat)


def test_a_stranger_is_not_added_to_a_child(world, browser_of, people, chat):
    pupil, stranger = world.profile("Миша Орлов"), world.profile("Игорь Чужой")
    world.confirmed(pupil, "pupil")
    world.join(pupil, chat)
    world.confirmed(stranger, "teacher", school="school-2")
    world.confirmed(people["creator"], "teacher", school="school-2")
    people["stranger"] = stranger
    answer = add(browser_of, people, chat, "creator", "stranger")
    assert answer.status_code == 403
    assert "в чате есть дети" in answer.text


def test_a_grown_up_does_not_hand_a_chat_to_a_child(world, browser_of, chat):
    pupil = world.profile("Миша Орлов")
    world.confirmed(pupil, "pupil")
    world.join(pupil, chat)
    page = url(chat, f"members/{pupil.public_id}")
    answer = browser_of("creator").post(page, data={"deed": "hand-over"})
    assert answer.status_code == 403
    assert roles(chat)["Анна Иванова"] is CREATOR


def test_members_cost_the_same_for_few_and_many(world, browser_of, chat):
    web, address = browser_of("creator"), url(chat, "members")

    def cost():
        with counted() as statements:
            web.get(address, headers={"HX-Request": "true"})
        return len(statements)

    before = cost()
    for number in range(20):
        world.join(world.profile(f"Имя{number} Фамилия"), chat)
    assert cost() == before <= 4
