"""The journal's pages, by the words that people see, and their cost in queries."""

import re

import pytest

from app.core.transaction import writing
from app.school.accounts import Account
from tests.journal.conftest import PASSWORD

PAGES = (
    *("/", "/chats", "/gradebook", "/timetable", "/announcements", "/personal", "/help"),
    "/password",
)


def heading(page):
    return re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.S).group(1)


@pytest.mark.parametrize("name", ["anna", "oleg", "misha", "olga", "admin", "both"])
@pytest.mark.parametrize("url", PAGES)
def test_every_page_opens_for_everybody(entered, name, url):
    assert entered(name).get(url).status_code == 200


@pytest.mark.parametrize("url", [*PAGES, "/planning", "/reports", "/link/start"])
def test_a_stranger_is_led_to_the_door_and_back(web, url):
    reply = web.get(url)
    assert reply.status_code == 302
    assert reply.headers["Location"].startswith("/sign-in?next=")


def test_after_signing_in_one_is_where_one_wanted(people, web):
    reply = web.client.post(
        "/sign-in?next=/timetable", data={"login": "anna", "password": PASSWORD}
    )
    assert reply.headers["Location"] == "/timetable"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_door_leads_nowhere_else(people, web, evil):
    reply = web.client.post(f"/sign-in?next={evil}", data={"login": "anna", "password": PASSWORD})
    assert reply.headers["Location"] == "/"


def test_a_wrong_password_keeps_the_login(people, web):
    page = web.post("/sign-in", login="anna", password="не тот")
    assert page.status_code == 422
    assert 'value="anna"' in page.text
    assert "не тот" not in page.text


def test_the_home_page_shows_todays_lessons(entered):
    page = entered("oleg").get("/")
    assert "Физика" in page.text
    assert "каб. 204" in page.text


def test_a_pupil_has_a_diary(entered):
    page = entered("misha").get("/")
    assert "Электронный дневник" in page.text
    assert "Отчеты" not in page.text


def test_a_parent_switches_between_own_children_only(entered, people):
    olga = entered("olga")
    page = olga.get(f"/timetable?child={people.misha.public_id}")
    assert "Физика" in page.text
    assert olga.get(f"/timetable?child={people.dasha.public_id}").status_code == 200
    assert olga.get(f"/timetable?child={people.anna.public_id}").status_code == 404


def test_a_teacher_opens_own_classes_only(entered, people):
    oleg = entered("oleg")
    assert "Орлов Миша" in oleg.get(f"/gradebook?class={people.c7a.public_id}").text
    anna = entered("anna")
    assert anna.get(f"/gradebook?class={people.c3a.public_id}").status_code == 404


def test_reports_are_for_staff(entered, linked):
    linked("olga")
    assert entered("olga").get("/reports").status_code == 403
    assert "7А" in entered("anna").get("/reports").text
    assert "3А" not in entered("anna").get("/reports").text
    assert "3А" in entered("admin").get("/reports").text


def test_planning_opens_with_the_teachers_load(entered):
    assert "7 уроков в неделю" in entered("oleg").get("/planning").text


def test_a_one_time_password_opens_one_page_only(entered, people):
    oleg = entered("oleg")
    with writing() as session:
        session.get_one(Account, people.accounts["oleg"].id).must_change_password = True
    assert oleg.get("/chats").headers["Location"] == "/password"
    reply = oleg.post("/password", current=PASSWORD, new="совсем новый пароль")
    assert reply.headers["Location"] == "/"
    assert oleg.get("/chats").status_code == 200


def test_ending_the_other_sessions_ends_them(entered):
    here, there = entered("anna"), entered("anna")
    here.post("/personal/sessions/end")
    assert there.get("/personal").status_code == 302
    assert here.get("/personal").status_code == 200


def test_a_session_of_somebody_else_cannot_be_ended(entered):
    other = entered("oleg")
    page = other.get("/personal").text
    assert "этот браузер" in page
    assert entered("anna").post("/personal/sessions/end", session="made-up").status_code == 404
    assert other.get("/personal").status_code == 200


def test_signing_out_ends_the_session(entered):
    anna = entered("anna")
    anna.post("/sign-out")
    assert anna.get("/").status_code == 302


@pytest.mark.parametrize(("url", "most"), [("/", 28), ("/timetable", 20), ("/personal", 9)])
def test_a_page_costs_a_fixed_number_of_queries(entered, queries, url, most):
    for name in ("anna", "olga", "misha"):
        person = entered(name)
        person.get(url)
        with queries() as seen:
            person.get(url)
        assert len(seen) <= most, seen


def test_pages_are_not_kept_by_shared_computers(entered):
    assert entered("anna").get("/personal").headers["Cache-Control"] == "no-store"
