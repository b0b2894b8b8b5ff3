"""«Журнал»: who may write where, and that nothing is lost or overwritten silently."""

import datetime as dt
import re

import pytest

from app.core import clock
from app.core.transaction import writing
from app.school.classes import Enrolment
from app.school.marks import Mark, MarkChange, PeriodMark
from app.school.timetable import TimetableSlot
from tests.journal.gradebook_world import MONDAY, NOW, PERIOD, TODAY, TUESDAY, WEDNESDAY, School

TOTAL = f"period.{PERIOD}"


@pytest.fixture
def school(world, browser):
    with clock.frozen(NOW):
        yield School(world, browser)


def test_a_mark_is_saved_with_its_average_and_history(school):
    school.put("5")
    answer = school.put("4/5", version=1)
    assert answer.json["cell"]["text"] == "4/5"
    assert answer.json["numbers"] == {"average": "4,50", "suggested": "5"}
    changes = school.rows(MarkChange)
    assert [(c.before["text"], c.after["text"]) for c in changes] == [("", "5"), ("5", "4/5")]
    assert {c.by_id for c in changes} == {school.oleg.id}
    page = school.browser("oleg").get(
        school.url(f"/cell?pupil={school.misha.public_id}&place={TUESDAY}")
    )
    assert "Ким О. И." in page.text
    assert "5 → <b>4/5</b>" in page.text


def test_two_teachers_do_not_overwrite_each_other_silently(school):
    school.world.substitution(school.line, school.nina, since=TODAY, until=TODAY)
    assert school.put("5").status_code == 200
    answer = school.put("3", by="nina")
    assert answer.status_code == 409
    assert (answer.json["cell"]["text"], answer.json["by"]) == ("5", "Ким О. И.")
    assert school.rows(Mark)[0].value == 5
    assert school.put("3", by="nina", version=1).status_code == 200


def test_a_resent_mark_makes_no_second_change(school):
    school.put("5")
    assert school.put("5").status_code == 200
    assert len(school.rows(MarkChange)) == 1


def test_a_cleared_cell_keeps_its_history_and_version(school):
    school.put("2")
    school.put("", version=1)
    assert school.put("5", version=0).status_code == 409
    assert school.put("5", version=2).json["cell"]["version"] == 3


@pytest.mark.parametrize("text", ["1", "6", "х", "н5", "<script>", "5" * 50])
def test_bad_input_changes_nothing_and_says_why(school, text):
    answer = school.put(text)
    assert answer.status_code == 422
    assert "2–5" in answer.json["message"]
    assert school.rows(Mark) == []


WRITERS = [
    # who, place, what they get
    ("oleg", TUESDAY, 200),
    ("oleg", MONDAY, 200),
    ("oleg", WEDNESDAY, 403),  # has not been given yet
    ("nina", TUESDAY, 200),  # in the days of the substitution
    ("nina", MONDAY, 403),
    ("nina", TOTAL, 403),
    ("oleg", TOTAL, 200),
    ("anna", TUESDAY, 403),  # a class teacher reads
    ("admin", TUESDAY, 403),
    ("stranger", TUESDAY, 404),
    ("misha", TUESDAY, 404),
    ("olga", TUESDAY, 404),
    ("other_admin", TUESDAY, 404),
    ("oleg", "2026-11-22.1", 404),  # Sunday
    ("oleg", "2026-11-24.7", 404),
    ("oleg", "2026-10-28.1", 404),  # holidays
    ("oleg", "nonsense", 404),
    ("oleg", "period.nonsense", 404),
]


@pytest.mark.parametrize(("who", "place", "status"), WRITERS)
def test_who_may_write_where(school, who, place, status):
    school.world.substitution(
        school.line, school.nina, since=TODAY, until=TODAY + dt.timedelta(days=1)
    )
    assert school.put("5", by=who, place=place).status_code == status
    assert len(school.rows(Mark)) + len(school.rows(PeriodMark)) == (status == 200)


READERS = [("oleg", 200), ("anna", 200), ("admin", 200), ("stranger", 404), ("misha", 404)]
READERS += [("olga", 404), ("other_admin", 404), ("nina", 404)]


@pytest.mark.parametrize(("who", "status"), READERS)
@pytest.mark.parametrize("tail", ["", "/changes?since=0", f"/lesson/{TUESDAY}", "/cell?place="])
def test_who_may_read_a_sheet(school, who, status, tail):
    tail = tail.replace("place=", f"place={TUESDAY}&pupil={school.misha.public_id}")
    assert school.browser(who).get(school.url(tail)).status_code == status


def test_a_pupil_of_another_class_has_no_cell_here(school):
    assert school.put("5", pupil=school.foreign).status_code == 404
    tail = f"/cell?place={TUESDAY}&pupil={school.foreign.public_id}"
    assert school.browser("oleg").get(school.url(tail)).status_code == 404


def test_a_substitute_finishes_entries_for_a_week_and_is_gone(school):
    ended = TODAY - dt.timedelta(days=7)
    school.world.substitution(school.line, school.nina, since=ended, until=ended)
    assert school.put("5", by="nina", place=f"{ended}.1").status_code == 200
    with clock.frozen(NOW + dt.timedelta(days=1)):
        assert school.browser("nina").get(school.url()).status_code == 404


def test_a_pupil_who_left_is_shown_but_not_written_after(school):
    with writing():
        row = next(row for row in school.rows(Enrolment) if row.pupil_id == school.vera.id)
        row.ended_on = dt.date(2026, 11, 23)
    assert "Яшина Вера" in school.sheet()
    assert school.put("5", pupil=school.vera, place="2026-11-20.1").status_code == 200
    assert school.put("5", pupil=school.vera, place=MONDAY).status_code == 404


def test_marks_stay_in_sight_when_the_timetable_changes(school):
    school.put("5")
    with writing():
        for slot in school.rows(TimetableSlot):
            slot.since = dt.date(2027, 1, 1)
    assert f'data-place="{TUESDAY}"' in school.sheet()
    assert f'data-place="{MONDAY}"' not in school.sheet()


def test_a_new_teacher_sees_the_marks_of_the_one_before(school):
    school.put("5")
    with writing():
        school.line.ended_on = TODAY
    line = school.world.teaching(school.nina, school.c7a, school.physics)
    school.timetable(line, numbers=(2,))
    page = school.browser("nina").get(school.url(line=line)).text
    assert re.search(rf'data-place="{TUESDAY}\.{school.line.id}" data-locked', page)
    assert "5,00" in page


def test_what_others_enter_comes_with_the_next_look(school):
    school.world.substitution(school.line, school.nina, since=TODAY, until=TODAY)
    oleg = school.browser("oleg")
    cursor = oleg.get(school.url("/changes?since=0")).json["cursor"]
    school.put("н", by="nina")
    news = oleg.get(school.url(f"/changes?since={cursor}&period={PERIOD}")).json
    assert [(c["pupil"], c["place"], c["cell"]["text"]) for c in news["cells"]] == [
        (school.misha.public_id, TUESDAY, "Н")
    ]
    again = oleg.get(school.url(f"/changes?since={news['cursor']}&period={PERIOD}")).json
    assert again["cells"] == []


def test_a_closed_period_is_read_only_until_an_administrator_reopens_it(school):
    place = "2026-10-23.1"  # the first quarter ended on 25 October
    assert school.put("5", place=place).status_code == 403
    assert (
        school.browser("oleg").post(school.url("/reopen"), period="2026-09-01").status_code == 403
    )
    assert (
        school.browser("admin").post(school.url("/reopen"), period="2026-09-01").status_code == 303
    )
    assert school.put("5", place=place).status_code == 200
    with clock.frozen(NOW + dt.timedelta(days=8)):
        assert school.put("4", place=place, version=1).status_code == 403


def test_a_period_mark_has_versions_too(school):
    assert school.put("5", place=TOTAL).json["cell"] == {"text": "5", "version": 1}
    assert school.put("4", place=TOTAL).status_code == 409
    assert school.put("н", place=TOTAL, version=1).json["cell"]["text"] == "н/а"
    assert school.put("1", place=TOTAL, version=2).status_code == 422


def test_kind_weight_and_comment_are_kept_by_the_details(school):
    oleg = school.browser("oleg")
    fields = {"pupil": school.misha.public_id, "place": TUESDAY, "text": "5", "version": 0}
    oleg.post(school.url("/cell"), **fields, kind="control", weight=4, comment="Лучшая работа")
    mark = school.rows(Mark)[0]
    assert (mark.kind.value, mark.weight, mark.comment) == ("control", 4, "Лучшая работа")
    assert 'title="Лучшая работа"' in school.sheet()
    page = oleg.post(school.url("/cell"), **fields | {"text": "9", "version": 1, "comment": "оп"})
    assert page.status_code == 422
    assert "оп</textarea>" in page.text


def test_a_whole_lesson_is_marked_without_script(school):
    oleg, m, v = school.browser("oleg"), school.misha.public_id, school.vera.public_id
    answer = oleg.post(
        school.url(f"/lesson/{TUESDAY}"),
        **{f"m-{m}": "4", f"v-{m}": 0, f"m-{v}": "н", f"v-{v}": 0, "kind": "control", "weight": 3},
    )
    assert answer.status_code == 303
    assert [(r.entry.text, r.weight) for r in school.rows(Mark)] == [("4", 3), ("Н", 3)]
    assert "к/р" in school.sheet()


def test_what_a_lesson_form_could_not_save_is_kept_and_named(school):
    m, v = school.misha.public_id, school.vera.public_id
    school.put("2")
    form = {f"m-{m}": "5", f"v-{m}": 0, f"m-{v}": "77", f"v-{v}": 0}
    page = school.browser("oleg").post(school.url(f"/lesson/{TUESDAY}"), **form)
    assert page.status_code == 422
    assert "Сейчас в журнале: 2." in page.text
    assert 'value="77"' in page.text
    assert school.rows(Mark)[0].value == 2
    form = {f"m-{m}": "5", f"v-{m}": 1, f"m-{v}": "", f"v-{v}": 0}
    assert school.browser("oleg").post(school.url(f"/lesson/{TUESDAY}"), **form).status_code == 303
    assert school.rows(Mark)[0].value == 5


def test_a_sheet_costs_the_same_queries_for_any_number_of_marks(school, queries):
    school.sheet()
    with queries() as few:
        school.sheet()
    for number in range(2, 24):
        if dt.date(2026, 11, number).isoweekday() < 6:
            school.put("5", place=f"2026-11-{number:02d}.1")
    school.world.pupil("Новый Иван", in_=school.c7a)
    with queries() as many:
        school.sheet()
    assert len(many) == len(few)
    assert len(many) <= 32
