"""The diary: own children only, the same marks as in the journal, what is new."""

import datetime as dt

import pytest

from app.core import clock
from tests.journal.gradebook_world import MONDAY, NOW, PERIOD, TUESDAY, School


@pytest.fixture
def school(world, browser):
    with clock.frozen(NOW):
        yield School(world, browser)


DIARIES = [
    ("olga", "misha", 200),
    ("olga", "vera", 404),
    ("olga", "foreign", 404),
    ("olga", "anna", 404),
    ("father", "misha", 404),
    ("misha", "vera", 404),
    ("anna", "misha", 404),
    ("admin", "misha", 404),
]


@pytest.mark.parametrize(("who", "whose", "status"), DIARIES)
@pytest.mark.parametrize("view", ["week", "marks"])
def test_whose_diary_opens(school, who, whose, status, view):
    child = getattr(school, whose).public_id
    answer = school.browser(who).get(f"/diary?child={child}&view={view}")
    assert answer.status_code == status


def test_a_week_shows_lessons_marks_and_comments(school):
    school.browser("oleg").post(
        school.url("/cell"),
        pupil=school.misha.public_id,
        place=TUESDAY,
        text="4/5",
        version=0,
        kind="control",
        weight=3,
        comment="Чистая работа",
    )
    school.put("н", place=MONDAY)
    for who in ("misha", "olga"):
        page = school.browser(who).get("/gradebook").text
        assert ">4/5</b>" in page
        assert "контрольная, вес 3" in page
        assert "Чистая работа" in page
        assert "не был" in page


def test_subjects_show_averages_missed_lessons_and_totals(school):
    school.put("5")
    school.put("н", place=MONDAY)
    school.put("4", place=f"period.{PERIOD}")
    page = school.browser("misha").get("/gradebook?view=marks").text
    assert "<b>5,00</b>" in page
    assert "<td>1</td>" in page
    assert '<b class="mark" data-m="4">4</b>' in page


def test_another_pupil_sees_none_of_it(school):
    school.put("2", place=MONDAY)
    for view in ("week", "marks"):
        assert 'data-m="2"' not in school.browser("vera").get(f"/diary?view={view}").text


def test_a_mark_is_new_until_the_next_visit(school):
    misha = school.browser("misha")
    misha.get("/diary")
    with clock.frozen(NOW + dt.timedelta(hours=1)):
        school.put("5")
    with clock.frozen(NOW + dt.timedelta(hours=2)):
        assert "новое" in misha.get("/diary").text
        assert "новое" in misha.get("/diary").text  # the same visit
    with clock.frozen(NOW + dt.timedelta(hours=3)):
        assert "новое" not in misha.get("/diary").text


def test_a_teacher_without_children_has_no_diary(school):
    assert school.browser("anna").get("/diary").status_code == 404


def test_a_teacher_who_is_a_parent_finds_the_childs_diary(school, world):
    world.guardianship(school.anna, school.misha)
    page = school.browser("anna").get("/gradebook")
    assert "/diary" in page.text
    assert "Физика" in school.browser("anna").get("/diary").text


def test_the_diary_writes_nothing_for_a_pupil(school):
    for view in ("week", "marks"):
        page = school.browser("misha").get(f"/diary?view={view}").text
        main = page[page.index("<main") :]
        assert "<form" not in main
        assert "<input" not in main


@pytest.mark.parametrize("view", ["week", "marks"])
def test_a_diary_costs_the_same_queries_for_any_number_of_marks(school, queries, view):
    misha = school.browser("misha")
    misha.get(f"/diary?view={view}")
    with queries() as few:
        misha.get(f"/diary?view={view}")
    for place in (MONDAY, TUESDAY, "2026-11-20.1", "2026-11-19.1"):
        school.put("5", place=place)
    with queries() as many:
        misha.get(f"/diary?view={view}")
    assert len(many) == len(few)
    assert len(many) <= 28
