"""The three tabs over eight rows: what a sent form means, and what it comes to in people."""

import pytest

from app.messenger.chats.presets import CHOICES, Preset, chosen, how_many, preset_of
from app.messenger.chats.rights import CLOSED, ORDINARY, PERMISSIONS, Action, Circle, MemberRole

CREATOR, ADMINISTRATOR, MEMBER = MemberRole.CREATOR, MemberRole.ADMINISTRATOR, MemberRole.MEMBER
ROLES = {CREATOR: 1, ADMINISTRATOR: 2, MEMBER: 24}
COUNT = {Circle.EVERYONE: 27, Circle.ADMINISTRATORS: 3, Circle.CREATOR: 1}


def test_the_tabs_stand_over_their_own_rows():
    assert preset_of(CLOSED) is Preset.CLOSED
    assert preset_of(ORDINARY) is Preset.ORDINARY


@pytest.mark.parametrize("action", PERMISSIONS)
@pytest.mark.parametrize("circle", CHOICES)
def test_changing_any_row_moves_to_own_settings(action, circle):
    for preset, rows in ((Preset.CLOSED, CLOSED), (Preset.ORDINARY, ORDINARY)):
        changed = chosen(preset, preset, rows | {action: circle})
        expected = preset if rows[action] is circle else Preset.OWN
        assert preset_of(changed) is expected
        assert changed[action] is circle


@pytest.mark.parametrize(
    ("tab", "shown", "rows", "expected"),
    [
        (Preset.ORDINARY, Preset.CLOSED, CLOSED, ORDINARY),
        (Preset.CLOSED, Preset.ORDINARY, ORDINARY, CLOSED),
        (Preset.CLOSED, Preset.OWN, {Action.PIN: Circle.EVERYONE}, CLOSED),
        (Preset.OWN, Preset.CLOSED, CLOSED, CLOSED),
        (Preset.CLOSED, Preset.CLOSED, CLOSED, CLOSED),
        (Preset.OWN, Preset.OWN, {}, CLOSED),
        (Preset.OWN, Preset.OWN, dict.fromkeys(PERMISSIONS, Circle.NOBODY), CLOSED),
    ],
)
def test_a_pressed_tab_sets_its_rows_and_otherwise_the_rows_count(tab, shown, rows, expected):
    assert chosen(tab, shown, rows) == expected


@pytest.mark.parametrize("action", PERMISSIONS)
@pytest.mark.parametrize("circle", CHOICES)
def test_each_row_counts_the_people_it_lets_in(action, circle):
    assert how_many(CLOSED | {action: circle}, ROLES)[action] == COUNT[circle]
