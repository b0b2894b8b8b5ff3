"""The page of a call, its bar in the chat, and who finds them."""

import pytest

from app.messenger.calls import seats
from app.messenger.calls.ending import end_call
from app.messenger.calls.lookup import live_call
from app.messenger.calls.mesh import CAPACITY
from app.messenger.calls.starting import start_call
from app.messenger.chats.rights import MemberRole


@pytest.fixture
def web_of(app, world):
    return lambda profile: world.signed_in(app.test_client(), profile)


@pytest.fixture
def call(anna, chat):
    return start_call(anna.id, chat.public_id)


def test_the_button_of_the_chat_leads_to_the_call(web_of, anna, boris, chat):
    web, url = web_of(anna), f"/im/chats/{chat.public_id}"
    assert f'action="{url}/call"' in web.get(url).text
    answer = web.post(f"{url}/call")
    call = live_call(chat.id).public_id
    assert answer.location == f"/im/calls/{call}"
    page = web.get(answer.location)
    assert page.status_code == 200
    assert "Войти в звонок" in page.text
    assert "Завершить для всех" in page.text
    # Boris may not begin one, and joins this one; to end it for all is not his.
    other = web_of(boris).get(url).text
    assert f'action="{url}/call"' not in other
    assert f'href="/im/calls/{call}"' in other
    assert "Завершить для всех" not in web_of(boris).get(answer.location).text


def test_only_the_page_of_a_call_may_ask_for_all_devices(web_of, anna, chat, call):
    web = web_of(anna)
    policies = {
        url: web.get(url).headers["Permissions-Policy"]
        for url in (f"/im/calls/{call}", f"/im/chats/{chat.public_id}")
    }
    assert policies[f"/im/calls/{call}"] == (
        "camera=(self), microphone=(self), display-capture=(self)"
    )
    assert policies[f"/im/chats/{chat.public_id}"] == (
        "camera=(), microphone=(self), display-capture=()"
    )
    assert web.get("/sign-in").headers["Permissions-Policy"] == (
        "camera=(), microphone=(), display-capture=()"
    )


@pytest.mark.parametrize(
    ("who", "start", "page", "end"),
    [
        ("leader", 303, 200, 303),
        ("administrator", 303, 200, 303),
        ("member", 303, 200, 403),
        ("ex-member", 403, 403, 403),
        ("stranger", 404, 404, 404),
    ],
)
def test_every_door_of_a_call_by_role(world, web_of, anna, chat, call, who, start, page, end):
    asker = anna if who == "leader" else world.profile("Кто То")
    if who in ("administrator", "member", "ex-member"):
        role = MemberRole.ADMINISTRATOR if who == "administrator" else MemberRole.MEMBER
        world.join(asker, chat, role=role)
    if who == "ex-member":
        world.leave(asker, chat)
    web = web_of(asker)
    assert web.post(f"/im/chats/{chat.public_id}/call").status_code == start
    assert web.get(f"/im/calls/{call}").status_code == page
    assert web.post(f"/im/calls/{call}/end").status_code == end
    assert (live_call(chat.id) is None) is (end == 303)


def test_after_the_end_the_page_says_how_long_it_was(web_of, anna, chat, call):
    end_call(anna.id, call)
    page = web_of(anna).get(f"/im/calls/{call}").text
    assert "Звонок завершён" in page
    assert "Длился 0:0" in page
    assert "js/calls" not in page
    assert web_of(anna).get(f"/im/chats/{chat.public_id}/call").text == ""


def test_a_full_call_says_so_before_one_presses(world, web_of, boris, chat, call):
    for number in range(CAPACITY):
        profile = world.profile(f"Ученик Номер{number}")
        world.join(profile, chat)
        seats.enter(profile.id, call, f"w{number}")
    assert "Звонок заполнен" in web_of(boris).get(f"/im/calls/{call}").text


def test_a_page_that_was_away_learns_which_call_goes_on(web_of, anna, boris, chat, call):
    since = f"/im/chats/{chat.public_id}/since?seq=0"
    assert web_of(boris).get(since).headers["Svyazka-Call"] == f"{call}.0"
    seats.enter(anna.id, call, "w1")
    assert web_of(boris).get(since).headers["Svyazka-Call"] == f"{call}.1"
    end_call(anna.id, call)
    assert web_of(boris).get(since).headers["Svyazka-Call"] == ""
