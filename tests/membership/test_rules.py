"""Who sits where, and why: sentences of FLOWS 4 as examples, in plain data."""

import datetime as dt
from dataclasses import replace

import pytest

from app.membership import rules
from app.membership.rules import ClassView, Reason, ReasonKind, SchoolView, TeachingView, wanted

ANNA, OLEG, MISHA, DASHA, OLGA, IGOR, SUBSTITUTE = range(1, 8)
NAMES = {ANNA: "Иванова Анна", OLEG: "Ким Олег", MISHA: "Орлов Миша", DASHA: "Белова Даша",
         OLGA: "Орлова Ольга", IGOR: "Белов Игорь", SUBSTITUTE: "Титова Вера"}  # fmt: skip
VIEW = SchoolView(
    key="s1",
    names=NAMES,
    classes=(ClassView(1, "c7a", "7А", True, leaders=(ANNA,), pupils=(MISHA, DASHA)),),
    guardians={MISHA: (OLGA,), DASHA: (IGOR,)},
    teachings=(TeachingView(1, "phys", "Физика", OLEG),),
    staff=frozenset({ANNA, OLEG}),
)


def seats(view, key):
    return set(wanted(view)[key].seats)


def test_a_class_teacher_has_three_chats():
    assert rules.chats_of(wanted(VIEW), ANNA) == [
        "class:c7a:pupils",
        "class:c7a:parents",
        "class:c7a:teachers",
    ]


@pytest.mark.parametrize(
    ("part", "people"),
    [
        ("pupils", {ANNA, MISHA, DASHA}),
        ("parents", {ANNA, OLGA, IGOR}),
        ("teachers", {ANNA, OLEG}),
    ],
)
def test_each_class_chat_holds_its_people_and_nobody_else(part, people):
    assert seats(VIEW, f"class:c7a:{part}") == people


def test_a_parent_never_sits_with_the_pupils_nor_a_pupil_with_the_parents():
    assert not seats(VIEW, "class:c7a:pupils") & {OLGA, IGOR}
    assert not seats(VIEW, "class:c7a:parents") & {MISHA, DASHA}


def test_a_reason_names_the_child_and_the_class():
    assert wanted(VIEW)["class:c7a:parents"].seats[OLGA] == {
        Reason(ReasonKind.GUARDIAN, "7А", "Орлов Миша")
    }


def test_two_children_in_one_class_are_one_seat_with_two_reasons():
    view = replace(VIEW, guardians={MISHA: (OLGA,), DASHA: (OLGA,)})
    assert len(wanted(view)["class:c7a:parents"].seats[OLGA]) == 2


def test_only_class_teachers_administer_class_chats():
    assert all(chat.administrators == {ANNA} for chat in wanted(VIEW).values())


def test_without_a_class_teacher_the_chats_have_no_seats():
    view = replace(VIEW, classes=(replace(VIEW.classes[0], leaders=()),))
    assert wanted(view) == {}


def test_a_group_has_no_class_chats():
    view = replace(VIEW, classes=(replace(VIEW.classes[0], is_homeroom=False),))
    assert wanted(view) == {}


def test_a_subject_chat_is_wanted_only_once_a_call_has_opened_it():
    assert "subject:c7a:phys" not in wanted(VIEW)
    view = replace(VIEW, opened_subjects=frozenset({"subject:c7a:phys"}))
    chat = wanted(view)["subject:c7a:phys"]
    assert set(chat.seats) == {OLEG, MISHA, DASHA, OLGA, IGOR}
    assert (chat.title, chat.label, chat.administrators) == ("Физика", "7А", {OLEG})


def test_a_substitute_teaches_but_does_not_rule():
    line = TeachingView(1, "phys", "Физика", OLEG, ((SUBSTITUTE, dt.date(2026, 11, 28)),))
    view = replace(VIEW, teachings=(line,), opened_subjects=frozenset({"subject:c7a:phys"}))
    chat = wanted(view)["subject:c7a:phys"]
    assert chat.seats[SUBSTITUTE] == {Reason(ReasonKind.SUBSTITUTE, "7А", "Физика", "2026-11-28")}
    assert SUBSTITUTE not in chat.administrators
    assert SUBSTITUTE in seats(view, "class:c7a:teachers")


def test_the_staff_chat_opens_when_the_school_wants_it():
    assert "school:s1:staff" not in wanted(VIEW)
    view = replace(VIEW, has_staff_chat=True, administrators=frozenset({OLEG}))
    chat = wanted(view)["school:s1:staff"]
    assert (set(chat.seats), chat.administrators) == ({ANNA, OLEG}, {OLEG})
