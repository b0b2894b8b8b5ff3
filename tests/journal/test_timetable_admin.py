"""The administrator's pages of the timetable, and the calendar feed, through their doors."""

import datetime as dt
import re

import pytest

from app.core import clock
from app.core.db import db
from app.school import calendar_feeds

ADMIN_PAGES = ("/timetable/substitutions", "/timetable/edit", "/timetable/year")


@pytest.fixture(autouse=True)
def monday_morning(app):
    """Monday 23 November 2026, 8:00 in Moscow."""
    with clock.frozen(dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def admin(entered):
    return entered("admin")


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


@pytest.mark.parametrize("name", ["anna", "misha", "olga"])
def test_nobody_else_finds_the_administrators_pages(entered, people, name):
    other = entered(name)
    for url in (*ADMIN_PAGES, f"/timetable/edit/{people.c7a.public_id}/new"):
        assert other.get(url).status_code == 404
    for url in (
        *("/timetable/year/periods", "/timetable/year/bells", "/timetable/year/days-off"),
        *("/timetable/year/days-off/2026-11-23/remove", "/timetable/substitutions"),
        *("/timetable/substitutions/1/end", f"/timetable/edit/{people.c7a.public_id}/load"),
        f"/timetable/edit/{people.c7a.public_id}/load/{people.physics.public_id}/end",
        *(f"/timetable/edit/{people.c7a.public_id}/new", "/timetable/edit/slots/1/end"),
    ):
        assert other.post(url).status_code == 404, url


def test_a_substitution_is_set_seen_by_the_substitute_and_ended(admin, entered, people):
    form = {
        "line": people.physics.public_id,
        "substitute": people.anna.public_id,
        "since": "2026-11-23",
        "until": "2026-11-27",
    }
    assert admin.post("/timetable/substitutions", **form).status_code == 303
    page = admin.get("/timetable/substitutions")
    assert "Иванова А. П. вместо Ким О. И." in words(page)
    anna = entered("anna")
    assert "замена: вместо Ким О. И." in words(anna.get("/timetable"))
    (url,) = re.findall(r"/timetable/substitutions/[\w-]+/end", page.text)
    assert admin.post(url).status_code == 303
    assert "замена: вместо" not in words(anna.get("/timetable"))


def test_a_busy_substitute_is_named_and_may_be_meant(admin, people, world):
    reading = world.teaching(people.anna, people.c3a, world.subject("Чтение"))
    world.slot(reading, weekday=1, number=1, room="5")
    form = {
        "line": people.physics.public_id,
        "substitute": people.anna.public_id,
        "since": "2026-11-23",
        "until": "2026-11-23",
    }
    refused = admin.post("/timetable/substitutions", **form)
    assert refused.status_code == 422
    assert "23 ноября: Иванова А. П. в это время ведёт: Чтение, 3А, каб. 5" in refused.text
    assert "Всё равно назначить" in refused.text
    meant = admin.post("/timetable/substitutions", despite="y", **form)
    assert meant.status_code == 303


def test_a_weekly_lesson_is_added_changed_and_ended(admin, entered, people, world):
    history = world.teaching(people.anna, people.c7a, world.subject("История"))
    form = {
        "line": history.public_id, "weekday": "1", "number": "3", "room": "12",
        "since": "2026-11-23",
    }  # fmt: skip
    url = f"/timetable/edit/{people.c7a.public_id}"
    assert admin.post(f"{url}/new", **form).status_code == 303
    page = admin.get(url)
    assert "каб. 12" in words(page)
    assert "История" in words(entered("misha").get("/timetable"))
    slot = re.findall(r'href="(/timetable/edit/slots/[\w-]+)">История', page.text)[0]
    assert 'value="12"' in admin.get(slot).text
    assert admin.post(slot, **(form | {"room": "77"})).status_code == 303
    page = admin.get(url)
    assert "каб. 77" in words(page)
    slot = re.findall(r'href="(/timetable/edit/slots/[\w-]+)">История', page.text)[0]
    assert admin.post(f"{slot}/end", on="2026-11-23").status_code == 303
    assert "каб. 77" not in words(admin.get(url))


def test_a_clash_of_weekly_lessons_is_named_and_what_was_typed_is_kept(admin, people, world):
    history = world.teaching(people.anna, people.c7a, world.subject("История"))
    reply = admin.post(
        f"/timetable/edit/{people.c7a.public_id}/new",
        line=history.public_id, weekday="1", number="1", room="13", since="2026-11-23",
    )  # fmt: skip
    assert reply.status_code == 422
    assert "У 7А в это время Физика, каб. 204" in reply.text
    assert 'value="13"' in reply.text


def test_a_line_of_load_is_added_and_ended(admin, people, world):
    subject = world.subject("Химия")
    url = f"/timetable/edit/{people.c7a.public_id}"
    form = {"subject": subject.public_id, "teacher": people.anna.public_id}
    assert admin.post(f"{url}/load", **form).status_code == 303
    page = admin.get(url)
    assert "Иванова А. П. · 0 уроков в неделю" in words(page)
    (end,) = set(re.findall(rf"{url}/load/[\w-]+/end", page.text)) - {
        f"{url}/load/{people.physics.public_id}/end"
    }
    assert admin.post(end, on="2026-11-23").status_code == 303
    assert "Иванова А. П. · 0 уроков" not in words(admin.get(url))


def test_the_school_year_is_shown_and_saved(admin, people):
    page = admin.get("/timetable/year")
    assert 'value="Учебный год"' in page.text
    day = {"name": "Карантин", "since": "2026-11-24"}
    assert admin.post("/timetable/year/days-off", **day).status_code == 303
    assert "Карантин" in words(admin.get(f"/timetable?by=class&of={people.c7a.public_id}"))
    assert admin.post("/timetable/year/days-off/2026-11-24/remove").status_code == 303
    bells = {"starts-1": "08:00", "ends-1": "08:45"}
    assert admin.post("/timetable/year/bells", **bells).status_code == 303
    assert "08:00" in words(admin.get(f"/timetable?by=class&of={people.c7a.public_id}"))


@pytest.mark.parametrize(
    ("part", "form", "said"),
    [
        ("periods", {"name-0": "1", "since-0": "нет", "until-0": ""}, "Проверьте даты"),
        ("bells", {"starts-1": "9", "ends-1": "25:00"}, "Проверьте время"),
        ("days-off", {"name": "", "since": "2026-11-24"}, "Напишите, что это за дни"),
    ],
)
def test_bad_words_about_the_year_are_kept_and_change_nothing(admin, part, form, said):
    reply = admin.post(f"/timetable/year/{part}", **form)
    assert reply.status_code == 422
    assert said in reply.text


@pytest.fixture
def address(entered):
    """`address("misha")` is a new secret address of that person's feed."""

    def make(name):
        page = entered(name).post("/timetable/calendar")
        return re.search(r'value="http://localhost(/calendar/[\w-]+\.ics)"', page.text)[1]

    return make


def test_a_feed_has_the_lessons_of_its_person(address, web):
    text = web.get(address("oleg")).text
    assert "SUMMARY:Физика · 7А" in text
    assert web.get(address("misha")).headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:Физика · Миша" in web.get(address("olga")).text
    assert "VEVENT" not in web.get(address("anna")).text


def test_a_cancelled_lesson_is_cancelled_in_the_feed(address, entered, people, web):
    feed = address("misha")
    url = f"/timetable/lessons/{people.physics.public_id}/2026-11-24/1"
    before = re.findall(r"UID:\S*20261124\S*", web.get(feed).text)
    entered("oleg").post(f"{url}/cancel")
    text = web.get(feed).text
    assert re.findall(r"UID:\S*20261124\S*", text) == before
    assert text.count("STATUS:CANCELLED") == 1
    assert "SEQUENCE:1" in text


def test_a_feed_that_has_not_changed_is_not_sent_again(address, web):
    feed = address("misha")
    etag = web.get(feed).headers["ETag"]
    again = web.get(feed, headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again.text == ""


def test_a_renewed_or_revoked_address_works_no_more(address, entered, web):
    old, new = address("misha"), address("misha")
    assert web.get(old).status_code == 404
    assert web.get(new).status_code == 200
    entered("misha").post("/timetable/calendar/revoke")
    assert web.get(new).status_code == 404


def test_the_secret_is_shown_once_and_not_kept(address, entered, people):
    secret = address("misha").split("/")[-1].removesuffix(".ics")
    assert secret not in entered("misha").get("/timetable/calendar").text
    feed = calendar_feeds.feed_of(people.misha)
    assert secret not in (feed.token_digest, str(vars(feed)))


def test_who_left_the_school_has_no_feed(address, people, web):
    feed = address("misha")
    people.misha.left_on = dt.date(2026, 11, 20)
    db.session.commit()
    assert web.get(feed).status_code == 404


def test_guessing_addresses_is_stopped(web):
    replies = [web.get(f"/calendar/guess{number}.ics").status_code for number in range(21)]
    assert replies == [404] * 20 + [429]


def test_a_feed_is_not_read_without_end(address, web):
    feed = address("misha")
    assert [web.get(feed).status_code for _ in range(61)] == [200] * 60 + [429]
