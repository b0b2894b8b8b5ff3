"""Two people who change the timetable at the same moment never double anybody."""

import datetime as dt
import threading

import pytest

from app.core import clock
from app.core.db import db
from app.school.changing_lessons import add_lesson
from app.school.lesson_places import Place, Taken
from app.school.lessons import of_class
from app.school.people import Person

NOW = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 24)
EVENING = Place(DAY, None, dt.time(18), dt.time(18, 45), is_distance=True)


@pytest.fixture
def teachings(world):
    """Physics and chemistry of one class, with their teachers."""
    c7a = world.school_class("7А")
    world.c7a = c7a
    return [
        world.teaching(world.teacher(name), c7a, world.subject(subject))
        for name, subject in (("Ким Олег", "Физика"), ("Титова Вера", "Химия"))
    ]


def test_one_of_two_at_once_is_told_that_the_class_is_busy(app, world, teachings):
    pairs = [(line.teacher_id, line.public_id) for line in teachings]
    at_once, outcomes = threading.Barrier(2), []

    def adds(teacher_id, key):
        with app.app_context(), app.test_request_context(), clock.frozen(NOW):
            person = db.session.get_one(Person, teacher_id)
            at_once.wait(timeout=10)
            try:
                add_lesson(person, key, EVENING)
                outcomes.append("added")
            except Taken as refused:
                outcomes.append(refused.reasons[0].split(" в это время ")[0])
            db.session.remove()

    threads = [threading.Thread(target=adds, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["added", "У 7А"]
    db.session.rollback()
    assert len(of_class(world.c7a.id, DAY, DAY)) == 1
