"""«Личные данные»: what is shown of oneself, notifications, language and theme of the account."""

import pytest
from sqlalchemy import select

from app.core.db import db
from app.identity.profiles import Profile
from app.messenger.notifications.choosing import choice_of
from tests.journal.conftest import PASSWORD


@pytest.fixture
def anna(entered, linked):
    linked("anna")
    return entered("anna")


def profile():
    return db.session.scalars(select(Profile).where(Profile.family_name == "Иванова")).one()


def test_own_data_the_link_and_the_way_to_undo_it_are_there(anna):
    page = anna.get("/personal").text
    for words in ("Иванова Анна Петровна", "7А", "этот браузер", "Отменить привязку профиля"):
        assert words in page
    assert "/personal/export" in page


def test_notifications_are_changed_from_here(anna):
    answer = anna.post("/personal", sound="yes", quiet_from="21:00", quiet_until="07:30")
    assert answer.status_code == 303
    choice = choice_of(profile().id)
    assert choice.has_sound
    assert (choice.quiet.start, choice.quiet.end) == (21 * 60, 7 * 60 + 30)
    assert 'value="21:00"' in anna.get("/personal").text


@pytest.mark.parametrize(
    ("start", "end"), [("21:00", ""), ("21:00", "21:00"), ("вечером", "утром")]
)
def test_bad_hours_are_said_kept_and_change_nothing(anna, start, end):
    anna.post("/personal", sound="yes", quiet_from="22:00", quiet_until="06:00")
    answer = anna.post("/personal", quiet_from=start, quiet_until=end)
    assert answer.status_code == 422
    assert f'value="{start}"' in answer.text
    assert 'role="alert"' in answer.text
    assert choice_of(profile().id).quiet.start == 22 * 60


def test_without_a_link_there_is_nothing_to_change(entered):
    oleg = entered("oleg")
    assert "появятся, когда вы привяжете" in oleg.get("/personal").text
    assert oleg.post("/personal", sound="yes").status_code == 404


def test_language_and_theme_come_along_to_another_browser(entered, browser, people):
    here = entered("oleg")
    here.post("/language", value="en", next="/personal")
    here.post("/theme", value="dark", next="/personal")
    there = browser().signs_in(people.accounts["oleg"], PASSWORD)
    page = there.get("/personal").text
    assert '<html lang="en" data-theme="dark">' in page


def test_on_a_shared_computer_the_next_person_has_their_own(entered, browser, people):
    entered("oleg").post("/language", value="en", next="/")
    shared = browser().signs_in(people.accounts["oleg"], PASSWORD)
    assert '<html lang="en"' in shared.get("/").text
    entered("anna").post("/language", value="ru", next="/")
    shared.post("/sign-out")
    shared.signs_in(people.accounts["anna"], PASSWORD)
    assert '<html lang="ru"' in shared.get("/").text


def test_a_value_that_is_none_is_not_kept(entered, people):
    entered("oleg").post("/theme", value="<b>", next="/")
    entered("oleg").post("/language", value="tlh", next="/")
    db.session.rollback()
    assert (people.accounts["oleg"].theme, people.accounts["oleg"].language) == ("", "")


def test_a_stranger_may_choose_for_this_browser(web):
    web.post("/language", value="en", next="/sign-in")
    assert "Sign in" in web.get("/sign-in").text


@pytest.mark.parametrize("is_linked", [False, True])
def test_the_page_costs_a_fixed_number_of_queries(entered, linked, queries, is_linked):
    if is_linked:
        linked("anna")
    anna = entered("anna")
    anna.get("/personal")
    with queries() as seen:
        anna.get("/personal")
    assert len(seen) == (11 if is_linked else 9), "\n".join(seen)


def test_push_is_turned_on_in_the_messenger_of_this_browser(anna):
    answer = anna.get("/link/messenger?to=notifications")
    assert "notifications" in answer.headers["Location"]
    elsewhere = anna.get("/link/messenger?to=//evil.example").headers["Location"]
    assert "evil" not in elsewhere
