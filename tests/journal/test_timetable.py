"""«Расписание» by class, teacher and room; a lesson's page; the distance lesson."""

import datetime as dt
import re

import pytest

from app.core import clock
from app.journal.week_grid import grid
from app.school.bells import USUAL

MONDAY, TUESDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def monday_morning(app):
    """Monday 23 November 2026, 8:00 in Moscow: every lesson of the day is ahead."""
    with clock.frozen(dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def url(people):
    """`url()` is the page of Kim's physics lesson on Tuesday."""
    return lambda tail="", date=TUESDAY, number=1: (
        f"/timetable/lessons/{people.physics.public_id}/{date}/{number}{tail}"
    )


def place(**changes):
    return {"date": "2026-11-24", "number": "1", "room": "204"} | changes


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


@pytest.mark.parametrize("view", ["week", "day"])
@pytest.mark.parametrize("name", ["oleg", "misha", "olga", "anna", "admin", "both"])
def test_the_timetable_opens_for_everybody(entered, name, view):
    assert entered(name).get(f"/timetable?view={view}").status_code == 200


def test_a_pupil_sees_subject_teacher_room_and_time(entered):
    page = words(entered("misha").get("/timetable?day=2026-11-24"))
    for word in ("Физика", "Ким О. И.", "каб. 204", "08:30"):
        assert word in page


@pytest.mark.parametrize("name", ["anna", "admin"])
def test_staff_look_up_any_class_teacher_and_room(entered, people, name):
    staff = entered(name)
    assert "Ким О. И." in staff.get(f"/timetable?by=class&of={people.c7a.public_id}").text
    assert "7А" in words(staff.get(f"/timetable?by=teacher&of={people.oleg.public_id}"))
    assert "Физика" in staff.get("/timetable?by=room&of=204").text


@pytest.mark.parametrize("asked", ["by=class", "by=teacher", "by=room", "by=room&of=204"])
@pytest.mark.parametrize("name", ["misha", "olga"])
def test_pupils_and_parents_look_up_nobody_else(entered, name, asked):
    assert entered(name).get(f"/timetable?{asked}").status_code == 404


@pytest.mark.parametrize("asked", ["by=class&of=guess", "by=teacher&of=guess", "by=room&of=999"])
def test_what_the_school_has_not_is_not_found(entered, asked):
    assert entered("anna").get(f"/timetable?{asked}").status_code == 404


def test_another_schools_class_is_not_found(entered, world):
    other = world.school_class("9А", school=world.school("Школа № 2"))
    assert entered("anna").get(f"/timetable?by=class&of={other.public_id}").status_code == 404


def test_htmx_gets_the_part_alone(entered):
    page = entered("anna").get("/timetable", headers={"HX-Request": "true"}).text
    assert "<html" not in page
    assert "week-name" in page


def test_a_teacher_cancels_an_own_lesson_and_the_pupil_sees_it(entered, url):
    oleg = entered("oleg")
    assert oleg.post(url("/cancel")).status_code == 303
    assert "отменён" in words(entered("misha").get("/timetable?day=2026-11-24"))
    assert oleg.post(url("/restore")).status_code == 303
    assert "отменён" not in words(entered("misha").get("/timetable?day=2026-11-24"))


def test_a_teacher_moves_a_lesson(entered, url):
    reply = entered("oleg").post(url(), **place(number="3", room="115"))
    assert reply.status_code == 303
    assert reply.headers["Location"] == url(number=3)
    page = words(entered("misha").get("/timetable?day=2026-11-24"))
    assert "каб. 115" in page
    assert "перенесён на другое время" in page


def test_a_clash_is_named_and_what_was_typed_is_kept(entered, url, people, world):
    chemistry = world.teaching(people.anna, people.c7a, world.subject("Химия"))
    world.slot(chemistry, weekday=2, number=2, room="301")
    reply = entered("oleg").post(url(), **place(number="2", room="77"))
    assert reply.status_code == 422
    assert "У 7А в это время Химия, каб. 301" in reply.text
    assert 'value="77"' in reply.text
    assert "каб. 204" in entered("oleg").get(url()).text


def test_an_own_time_needs_both_times(entered, url):
    reply = entered("oleg").post(url(), **place(number="own", starts_at="15:30"))
    assert reply.status_code == 422
    assert "Укажите время" in reply.text


@pytest.mark.parametrize("tail", ["", "/cancel", "/restore"])
@pytest.mark.parametrize("name", ["anna", "misha", "olga"])
def test_a_lesson_of_another_teacher_is_not_found(entered, url, name, tail):
    other = entered(name)
    assert other.post(url(tail), **place()).status_code == 404
    assert other.get(url()).status_code == 404


@pytest.mark.parametrize("wrong", [{"date": "2026-11-99"}, {"date": "no"}, {"number": 9}])
def test_a_lesson_that_is_not_is_not_found(entered, url, wrong):
    assert entered("oleg").get(url(**wrong)).status_code == 404


def test_an_administrator_changes_any_lesson(entered, url):
    assert entered("admin").post(url(), **place(room="7")).status_code == 303


def test_a_teacher_makes_a_distance_lesson_of_a_lesson(entered, people):
    reply = entered("oleg").post(
        "/timetable/distance", line=people.physics.public_id, date="2026-11-24", number="1"
    )
    assert reply.status_code == 303
    page = words(entered("misha").get("/timetable?day=2026-11-24"))
    assert "дистанционно" in page
    assert "Звонок откроется в 08:15" in page


def test_a_distance_lesson_may_be_beyond_the_timetable(entered, people):
    reply = entered("oleg").post(
        "/timetable/distance",
        line=people.physics.public_id,
        date="2026-11-28",
        number="own",
        starts_at="18:00",
        ends_at="18:45",
    )
    assert reply.status_code == 303
    assert "18:00–18:45" in words(entered("misha").get("/timetable?day=2026-11-28"))


def test_a_distance_lesson_of_a_foreign_line_is_refused(entered, people, world):
    foreign = world.teaching(people.anna, people.c3a, world.subject("Чтение"))
    reply = entered("oleg").post(
        "/timetable/distance", line=foreign.public_id, date="2026-11-24", number="4"
    )
    assert reply.status_code == 422
    assert "дистанционно" not in entered("dasha").get("/timetable?day=2026-11-24").text


@pytest.mark.parametrize("name", ["misha", "olga", "admin"])
def test_who_teaches_nothing_makes_no_distance_lesson(entered, name):
    assert entered(name).get("/timetable/distance").status_code == 404


def test_todays_distance_lesson_is_on_the_home_page(entered, people):
    entered("oleg").post(
        "/timetable/distance", line=people.physics.public_id, date="2026-11-23", number="1"
    )
    with clock.frozen(dt.datetime(2026, 11, 23, 5, 20, tzinfo=dt.UTC)):
        assert "Присоединиться" in words(entered("misha").get("/"))


def test_the_week_is_drawn_from_its_first_lesson_to_its_last(world):
    empty = grid([MONDAY], [], USUAL, today=MONDAY, now=dt.time(9), chosen=MONDAY)
    assert empty.rows == []


def test_sunday_is_drawn_when_it_is_asked_for(world):
    week = [MONDAY + dt.timedelta(days=number) for number in range(7)]
    drawn = grid(week, [], USUAL, today=MONDAY, now=dt.time(9), chosen=week[6])
    assert len(drawn.columns) == 7
    drawn = grid(week, [], USUAL, today=MONDAY, now=dt.time(9), chosen=MONDAY)
    assert len(drawn.columns) == 6


def test_a_teacher_who_is_a_parent_sees_own_lessons_and_the_childs(entered, people, world):
    world.guardianship(people.both, people.misha)
    both = entered("both")
    page = both.get("/timetable")
    assert "Мои уроки" in page.text
    assert "Физика" not in page.text
    assert "Физика" in both.get(f"/timetable?child={people.misha.public_id}").text
    assert both.get(f"/timetable?child={people.dasha.public_id}").status_code == 404


def test_a_room_is_free_when_its_lesson_is_given_online(entered, people):
    staff = entered("anna")
    assert "Физика" in staff.get("/timetable?by=room&of=204&view=day").text
    entered("oleg").post(
        "/timetable/distance", line=people.physics.public_id, date="2026-11-23", number="1"
    )
    assert "Физика" not in staff.get("/timetable?by=room&of=204&view=day").text
