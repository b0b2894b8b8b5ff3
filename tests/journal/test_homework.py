"""Homework in the diary: what is due when, whose files open, the pupil's own tick."""

import datetime as dt

import pytest

from app.core import clock, files
from app.core.transaction import writing
from app.school import homework
from app.school.homework import homework_of_pupil
from app.school.people import Guardianship
from tests.journal.planning_world import FRIDAY, NOW, THURSDAY, TODAY, WEDNESDAY, Planned


@pytest.fixture
def school(world, browser):
    with clock.frozen(NOW):
        yield Planned(world, browser)


def due(school, pupil="misha", since=TODAY, until=FRIDAY):
    person = getattr(school, pupil)
    return [(row.date.day, row.text) for row in homework_of_pupil(person.id, since, until)]


def test_homework_is_due_at_the_lesson_it_is_given_for(school):
    school.note(WEDNESDAY, homework="§ 12")
    school.note(FRIDAY, homework="§ 13")
    assert due(school) == [(25, "§ 12"), (27, "§ 13")]
    assert due(school, until=WEDNESDAY) == [(25, "§ 12")]
    assert due(school, "foreign") == []


def test_homework_of_a_cancelled_lesson_goes_to_the_next_one(school):
    school.note(WEDNESDAY, homework="§ 12")
    school.world.lesson_change(
        school.line,
        number=1,
        date=WEDNESDAY,
        planned_on=WEDNESDAY,
        planned_number=1,
        is_cancelled=True,
    )
    assert due(school) == [(26, "§ 12")]
    assert due(school, until=WEDNESDAY) == []
    assert due(school, since=THURSDAY) == [(26, "§ 12")]
    assert "перенесено с 25.11" in school.browser("misha").get("/diary").text


def test_what_is_not_given_is_not_shown(school):
    school.note(WEDNESDAY, homework="§ 12", given=False)
    assert due(school) == []


def test_homework_of_days_outside_the_class_is_not_the_pupils(school, world):
    late = world.pupil("Новиков Пётр")
    world.enrol(late, school.c7a, since=FRIDAY)
    school.note(WEDNESDAY, homework="§ 12")
    school.note(FRIDAY, homework="§ 13")
    assert [row.text for row in homework_of_pupil(late.id, TODAY, FRIDAY)] == ["§ 13"]


def test_the_diary_shows_topics_homework_and_files_to_child_and_parent(school):
    school.plan(*(f"Тема {n}" for n in range(1, 60)))
    note = school.note(WEDNESDAY, topic="Закон Ома", homework="§ 12, https://example.org/a?b=1")
    school.file(note)
    for who in ("misha", "olga"):
        page = school.browser(who).get("/diary").text
        assert "Закон Ома" in page
        assert "Тема 58" in page  # Thursday: 39 lessons of the first quarter, 19 of the second
        assert "Задача.txt" in page
        assert '<a href="https://example.org/a?b=1" rel="nofollow noopener noreferrer"' in page
    assert "Закон Ома" not in school.browser("foreign").get("/diary").text


def test_homework_cannot_carry_markup(school):
    school.note(WEDNESDAY, homework='<script>alert(1)</script> javascript:alert(1) "><img>')
    page = school.browser("misha").get("/diary").text
    assert "<script>alert" not in page
    assert "<img>" not in page
    assert 'href="javascript' not in page


READERS = [
    ("misha", 200),
    ("vera", 200),
    ("olga", 200),
    ("oleg", 200),
    ("anna", 200),
    ("admin", 200),
    ("nina", 404),
    ("stranger", 404),
    ("foreign", 404),
    ("father", 404),
    ("other_admin", 404),
]


@pytest.mark.parametrize(("who", "status"), READERS)
def test_whose_files_open(school, who, status):
    note = school.note(WEDNESDAY, homework="§ 12")
    file = school.file(note)
    answer = school.browser(who).get(f"/homework/{note.public_id}/files/{file.public_id}")
    assert answer.status_code == status
    if status == 200:
        assert answer.text == "условие задачи"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_substitute_opens_files_in_their_days_and_a_file_only_by_its_own_note(school):
    note, other = school.note(WEDNESDAY, homework="§ 12"), school.note(FRIDAY, homework="§ 13")
    file = school.file(note)
    school.world.substitution(school.line, school.nina, since=TODAY, until=WEDNESDAY)
    nina = school.browser("nina")
    assert nina.get(f"/homework/{note.public_id}/files/{file.public_id}").status_code == 200
    assert nina.get(f"/homework/{other.public_id}/files/{file.public_id}").status_code == 404


def test_a_parent_whose_guardianship_ended_opens_nothing(school):
    note = school.note(WEDNESDAY, homework="§ 12")
    file = school.file(note)
    mother = school.browser("olga")
    assert mother.get(f"/homework/{note.public_id}/files/{file.public_id}").status_code == 200
    with writing():
        for row in school.rows(Guardianship):
            row.ended_on = TODAY
    assert mother.get(f"/homework/{note.public_id}/files/{file.public_id}").status_code == 404


def test_files_that_homework_names_are_kept_by_the_sweep(school):
    file = school.file(school.note(WEDNESDAY, homework="§ 12"))
    with clock.frozen(NOW + dt.timedelta(days=5000)):
        files.sweep()
    assert files.open_stored(file.key).read()
    assert list(homework.still_needed({file.key, "no"})) == [file.key]


def test_a_pupil_ticks_their_own_homework_and_nobody_else_sees_it(school):
    note = school.note(WEDNESDAY, homework="§ 12")
    misha, tick = school.browser("misha"), f"/homework/{note.public_id}/done"
    assert 'aria-pressed="false"' in misha.get("/diary").text
    misha.post(tick, done="1")
    misha.post(tick, done="1")
    assert 'aria-pressed="true"' in misha.get("/diary").text
    assert 'aria-pressed="false"' in school.browser("vera").get("/diary").text
    assert "aria-pressed" not in school.browser("olga").get("/diary").text
    misha.post(tick, done="")
    assert 'aria-pressed="false"' in misha.get("/diary").text


@pytest.mark.parametrize("who", ["foreign", "olga", "oleg", "admin"])
def test_nobody_ticks_homework_of_others(school, who):
    note = school.note(WEDNESDAY, homework="§ 12")
    answer = school.browser(who).post(f"/homework/{note.public_id}/done", done="1")
    assert answer.status_code == 404


def test_homework_costs_the_same_queries_for_any_number(school, queries):
    pupil_id = school.misha.id

    def fill(*days):
        for day in days:
            school.file(school.note(day, topic="Тема", homework="§ 12"))

    fill(WEDNESDAY)
    with queries() as few:
        homework_of_pupil(pupil_id, TODAY, FRIDAY)
    fill(TODAY, THURSDAY, FRIDAY)
    with queries() as many:
        homework_of_pupil(pupil_id, TODAY, FRIDAY)
    assert len(few) == len(many) <= 10
