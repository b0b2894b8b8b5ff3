"""What may be written into a cell, by any keyboard."""

import pytest

from app.school.mark_entries import Unreadable, read_entry

READ = [
    ("", ""),
    ("  ", ""),
    ("5", "5"),
    (" 2 ", "2"),
    ("4/5", "4/5"),
    ("4 / 5", "4/5"),
    ("н", "Н"),
    ("Н", "Н"),
    ("y", "Н"),
    ("h", "Н"),
    ("б", "Б"),
    (",", "Б"),
    ("о", "О"),
    ("j", "О"),
    ("o", "О"),
    ("О 5", "О 5"),
    ("о5", "О 5"),
    ("о 4/5", "О 4/5"),
]


@pytest.mark.parametrize(("typed", "shown"), READ)
def test_marks_and_absences_are_read_in_both_layouts(typed, shown):
    assert read_entry(typed).text == shown


@pytest.mark.parametrize(
    "typed",
    ["1", "6", "0", "55", "4/", "/5", "4/5/3", "н5", "б 4", "х", "5н", "<b>", "=1+1", "4,5"],
)
def test_anything_else_is_refused(typed):
    with pytest.raises(Unreadable):
        read_entry(typed)


@pytest.mark.parametrize(("typed", "marks"), [("4/5", (4, 5)), ("О 3", (3,)), ("Н", ()), ("", ())])
def test_the_marks_that_count(typed, marks):
    assert read_entry(typed).marks == marks
