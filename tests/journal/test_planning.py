"""«Планирование»: who may write what, topics by plan and by lesson, homework with files."""

import datetime as dt
from io import BytesIO

import pytest

from app.core import clock, files
from app.core.errors import Missing
from app.school.changing_lessons import place_lesson, restore_lesson
from app.school.lesson_places import Place
from app.school.own_lessons import own_lesson
from app.school.planning import HomeworkFile, NoteChange
from app.school.timetable import TimetableSlot
from tests.journal.planning_world import FRIDAY, NOW, THURSDAY, TODAY, WEDNESDAY, Planned


@pytest.fixture
def school(world, browser):
    with clock.frozen(NOW):
        yield Planned(world, browser)


def url(school, tail="", line=None):
    return f"/planning/{(line or school.line).public_id}{tail}"


def key(day, number=1):
    return f"{day}.{number}"


def writes(school, *, by="oleg", day=WEDNESDAY, version=0, line=None, **fields):
    return school.browser(by).post(
        url(school, "/notes", line), place=key(day), version=version, **fields
    )


def page(school, by="oleg", tail="", **query):
    return school.browser(by).get(url(school, tail), query_string=query)


PAGES = ["", "/plan", f"/lessons/{key(WEDNESDAY)}", "/plan.xlsx", "/copy"]
READERS = [
    ("oleg", 200),
    ("anna", 200),
    ("admin", 200),
    ("nina", 404),
    ("stranger", 404),
    ("misha", 404),
    ("olga", 404),
    ("other_admin", 404),
]


@pytest.mark.parametrize("tail", PAGES)
@pytest.mark.parametrize(("who", "status"), READERS)
def test_who_opens_a_plan(school, tail, who, status):
    assert page(school, who, tail).status_code == status


WRITERS = [
    ("oleg", 200),
    ("anna", 403),
    ("admin", 403),
    *[(w, 404) for w, s in READERS if s == 404],
]


@pytest.mark.parametrize(("who", "status"), WRITERS)
def test_who_writes_topics_homework_and_plans(school, who, status):
    assert writes(school, by=who, topic="Закон Ома").status_code == status
    assert writes(school, by=who, day=THURSDAY, homework="§ 12").status_code == status
    form = {"topic": "Свет", "section": "", "hours": "1", "homework": "", "version": 0}
    answer = school.browser(who).post(url(school, "/plan"), **form)
    assert answer.status_code == (303 if status == 200 else status)
    assert bool(school.notes()) == (status == 200)


@pytest.mark.parametrize(("who", "status"), [("oleg", 200), ("anna", 403), ("nina", 404)])
def test_who_imports_a_plan(school, who, status):
    assert page(school, who, "/import").status_code == status


def test_a_substitute_writes_the_lessons_they_hold_and_gives_homework_for_the_next(school):
    school.world.substitution(school.line, school.nina, since=TODAY, until=WEDNESDAY)
    results = [
        (writes(school, by="nina", day=day, topic="Тема").status_code,
         writes(school, by="nina", day=day, homework="§ 1", version=version).status_code)
        for day, version in ((TODAY, 1), (WEDNESDAY, 1), (THURSDAY, 0), (FRIDAY, 0))
    ]  # fmt: skip
    assert results == [(200, 200), (200, 200), (403, 200), (403, 403)]
    form = {"topic": "Свет", "section": "", "hours": "1", "homework": "", "version": 0}
    assert school.browser("nina").post(url(school, "/plan"), **form).status_code == 403


def test_two_teachers_do_not_overwrite_each_other_unseen(school):
    assert writes(school, topic="Закон Ома").json["cell"]["version"] == 1
    late = writes(school, topic="Другая тема")
    assert late.status_code == 409
    assert late.json["cell"]["topic"] == "Закон Ома"
    assert late.json["by"] == "Ким О. И."
    assert writes(school, topic="Закон Ома").status_code == 200  # a repeat
    assert writes(school, topic="Другая тема", version=1).json["cell"]["topic"] == "Другая тема"


def test_topics_of_the_plan_move_when_a_lesson_is_cancelled(school):
    school.plan(*(f"Тема {n}" for n in range(1, 70)))
    assert ">Тема 57</textarea>" in page(school).text  # Wednesday's
    before = page(school, tail=f"/lessons/{key(THURSDAY)}").text
    assert 'value="Тема 58"' in before
    school.world.lesson_change(
        school.line, number=1, date=WEDNESDAY, planned_on=WEDNESDAY, planned_number=1,
        is_cancelled=True,
    )  # fmt: skip
    assert 'value="Тема 57"' in page(school, tail=f"/lessons/{key(THURSDAY)}").text
    assert "урока не будет" in page(school).text


def test_a_topic_typed_as_the_plan_has_it_goes_on_moving(school):
    school.plan(*(f"Тема {n}" for n in range(1, 70)))
    writes(school, topic="Своя тема")
    writes(school, topic="Тема 57", version=1)
    assert school.notes()[0].topic == ""
    assert writes(school, topic="Тема 57", version=2).json["cell"]["is_planned"]


MOVES = [
    ("to another day", (FRIDAY, 5)),
    ("to an earlier time of the day", (THURSDAY, 1)),
]


@pytest.mark.parametrize(("why", "target"), MOVES)
def test_what_is_written_for_a_lesson_moves_with_it_and_back(school, why, target):
    with school.changes():
        for slot in school.rows(TimetableSlot):
            slot.number, slot.room = 3, str(slot.teaching_id)
    school.note(THURSDAY, number=3, topic="Закон Ома", homework="§ 12")
    times = {"starts_at": dt.time(12, 30), "ends_at": dt.time(13, 15)}
    lesson = own_lesson(school.oleg, school.line.public_id, THURSDAY, 3)
    place_lesson(school.oleg, lesson, Place(target[0], target[1], **times))
    note = school.notes()[0]
    assert (note.date, note.number) == target, why
    restore_lesson(school.oleg, own_lesson(school.oleg, school.line.public_id, THURSDAY, 3))
    note = school.notes()[0]
    assert (note.date, note.number) == (THURSDAY, 3), why


def test_a_moved_lesson_does_not_overwrite_what_is_written_there(school):
    school.note(THURSDAY, topic="Закон Ома", homework="§ 12")
    school.note(FRIDAY, number=5, topic="Другое")
    lesson = own_lesson(school.oleg, school.line.public_id, THURSDAY, 1)
    times = {"starts_at": dt.time(12, 30), "ends_at": dt.time(13, 15)}
    place_lesson(school.oleg, lesson, Place(FRIDAY, 5, **times))
    assert [note.topic for note in school.notes()] == ["Закон Ома", "Другое"]
    assert "§ 12" in school.browser("misha").get("/diary").text


def test_topics_stand_in_the_gradebook(school):
    school.note(TODAY, topic="Закон Ома")
    assert "· Закон Ома" in school.sheet()
    assert "Закон Ома" in school.browser("oleg").get(school.url(f"/lesson/{key(TODAY)}")).text


def test_homework_is_told_changed_only_when_pupils_may_have_seen_it(school):
    writes(school, homework="§ 12")
    with clock.frozen(NOW + dt.timedelta(minutes=5)):
        writes(school, homework="§ 12, 13", version=1)
        assert "изменено" not in school.browser("misha").get("/diary").text
    with clock.frozen(NOW + dt.timedelta(minutes=30)):
        writes(school, topic="Закон Ома", version=2)
        assert "изменено" not in school.browser("misha").get("/diary").text
        writes(school, homework="§ 13", version=3)
        assert "изменено" in school.browser("misha").get("/diary").text


def test_homework_taken_back_is_shown_no_more(school):
    writes(school, homework="§ 12")
    writes(school, homework="", version=1)
    assert "§ 12" not in school.browser("misha").get("/diary").text
    assert school.notes()[0].given_at is None


def test_homework_of_the_plan_is_shown_to_pupils_only_when_given(school):
    plan = school.plan(*(f"Тема {n}" for n in range(1, 70)))
    with school.changes():
        for row in plan.rows:
            row.homework = f"§ {row.position + 1}"
    assert "§ 57" not in school.browser("misha").get("/diary?view=homework").text
    assert 'data-give="§ 57"' in page(school).text
    place = key(WEDNESDAY)
    school.browser("oleg").post(
        url(school), give=place, **{f"v-{place}": 0, f"t-{place}": "Тема 57", f"h-{place}": ""}
    )
    assert "§ 57" in school.browser("misha").get("/diary?view=homework").text
    assert school.notes()[0].topic == ""


def test_without_script_a_whole_table_is_saved_and_mistakes_stay_in_their_fields(school):
    school.note(THURSDAY, topic="Записал другой")
    one, two = key(WEDNESDAY), key(THURSDAY)
    answer = school.browser("oleg").post(
        url(school),
        **{f"v-{one}": 0, f"t-{one}": "Закон Ома", f"h-{one}": "§ 12"},
        **{f"v-{two}": 0, f"t-{two}": "Моя тема", f"h-{two}": ""},
    )
    assert answer.status_code == 422
    assert ">Моя тема</textarea>" in answer.text
    assert "«Записал другой»" in answer.text
    assert [(note.date, note.topic) for note in school.notes()] == [
        (THURSDAY, "Записал другой"),
        (WEDNESDAY, "Закон Ома"),
    ]


REFUSED = [
    ({"topic": "т" * 301}, 422),
    ({"homework": "т" * 4001}, 422),
    ({"topic": "Тема", "place": "2026-11-25.7"}, 404),
    ({"topic": "Тема", "place": "2026-11-29.1"}, 404),
    ({"topic": "Тема", "place": "вчера"}, 404),
    ({"topic": "Тема", "place": "2027-07-15.1"}, 404),
]


@pytest.mark.parametrize(("fields", "status"), REFUSED)
def test_what_cannot_be_written(school, fields, status):
    form = {"place": key(WEDNESDAY), "version": 0} | fields
    assert school.browser("oleg").post(url(school, "/notes"), **form).status_code == status
    assert not school.notes()


def gives(school, *uploads, by="oleg", **fields):
    form = {"version": 0, "topic": "", "homework": "§ 12"} | fields
    form["files"] = [(BytesIO(content), name) for name, content in uploads]
    return school.browser(by).post(url(school, f"/lessons/{key(WEDNESDAY)}"), **form)


PDF = ("Задачи.pdf", b"%PDF-1.4 tasks")


def test_homework_with_files_is_given_changed_and_remembered(school):
    assert gives(school, PDF, ("план.txt", "текст".encode())).status_code == 303
    diary = school.browser("olga").get("/diary").text
    assert "Задачи.pdf" in diary
    assert "план.txt" in diary
    stored = school.rows(HomeworkFile)
    gone = stored[0].key
    gives(school, version=1, homework="§ 12", dropped=stored[0].public_id)
    assert [file.name for file in school.rows(HomeworkFile)] == ["план.txt"]
    with pytest.raises(Missing):
        files.open_stored(gone)
    history = page(school, tail=f"/lessons/{key(WEDNESDAY)}").text
    assert "Задачи.pdf, план.txt" in history
    assert [change.after["files"] for change in school.rows(NoteChange)] == [
        ["Задачи.pdf", "план.txt"],
        ["план.txt"],
    ]


NAUGHTY = [
    [("run.exe", b"MZ\x90\x00")],
    [("Фото.png", b"<html><script>alert(1)</script>")],
    [("пусто.txt", b"")],
    [(f"{n}.txt", b"a") for n in range(11)],
]


@pytest.mark.parametrize("uploads", NAUGHTY)
def test_a_refused_file_leaves_nothing_and_keeps_what_was_typed(school, uploads):
    answer = gives(school, *uploads, homework="Решить задачи")
    assert answer.status_code == 422
    assert ">Решить задачи</textarea>" in answer.text
    assert not school.notes()
    assert not school.rows(HomeworkFile)


def test_files_of_an_overtaken_form_are_not_kept(school):
    writes(school, homework="§ 1")
    answer = gives(school, PDF, homework="§ 2")
    assert answer.status_code == 422
    assert "изменил другой человек" in answer.text
    assert not school.rows(HomeworkFile)


@pytest.mark.parametrize("who", ["anna", "admin"])
def test_readers_see_a_lesson_without_a_form(school, who):
    school.note(WEDNESDAY, topic="Закон Ома", homework="§ 12")
    shown = page(school, who, f"/lessons/{key(WEDNESDAY)}").text
    assert "Закон Ома" in shown
    assert "§ 12" in shown
    assert "<textarea" not in shown
    assert 'name="t-' not in page(school, who).text
    assert gives(school, PDF, by=who).status_code == 422
    assert not school.rows(HomeworkFile)


def test_pupils_and_parents_are_led_to_their_homework(school):
    school.note(WEDNESDAY, homework="§ 12")
    for who in ("misha", "olga"):
        diary = school.browser(who).get("/planning").headers["Location"]
        assert "§ 12" in school.browser(who).get(diary).text
    assert "§ 12" not in school.browser("foreign").get("/diary?view=homework").text
    stranger = f"/diary?view=homework&child={school.foreign.public_id}"
    assert school.browser("olga").get(stranger).status_code == 404


def test_a_table_costs_the_same_queries_for_any_number_of_lessons(school, queries):
    school.plan("Свет")
    school.file(school.note(WEDNESDAY, homework="§ 1"))
    oleg, address = school.browser("oleg"), url(school)
    oleg.get(address)
    with queries() as few:
        oleg.get(address)
    for offset in range(2, 14):
        day = WEDNESDAY + dt.timedelta(days=offset)
        school.file(school.note(day, topic="Тема", homework="§ 2"))
    with queries() as many:
        oleg.get(address)
    assert len(few) == len(many) <= 30
