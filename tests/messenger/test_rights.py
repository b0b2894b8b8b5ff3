"""Rights in a chat, as a table."""

import pytest

from app.messenger.chats.rights import (
    CLOSED,
    ORDINARY,
    PERMISSIONS,
    Action,
    ChatKind,
    Circle,
    MemberRole,
    Membership,
    Verdict,
    can,
    readable_seq,
)

ACTIVE = Membership(is_active=True)
LEFT = Membership(is_active=False, left_seq=7)
CREATOR, ADMINISTRATOR, MEMBER = MemberRole.CREATOR, MemberRole.ADMINISTRATOR, MemberRole.MEMBER
AUTO, MANUAL, DIRECT = ChatKind.AUTO, ChatKind.MANUAL, ChatKind.DIRECT


@pytest.mark.parametrize(
    ("member", "action", "verdict"),
    [
        (ACTIVE, Action.READ, Verdict.YES),
        (ACTIVE, Action.SEE_MEMBERS, Verdict.YES),
        (ACTIVE, Action.WRITE, Verdict.YES),
        (LEFT, Action.READ, Verdict.YES),
        (LEFT, Action.SEE_MEMBERS, Verdict.LEFT),
        (LEFT, Action.WRITE, Verdict.LEFT),
    ],
)
def test_members_take_part_and_ex_members_read(member, action, verdict):
    assert can(member, action) is verdict
    assert bool(can(member, action)) is (verdict is Verdict.YES)


@pytest.mark.parametrize(
    ("member", "last_seq", "readable"),
    [
        (ACTIVE, 20, 20),
        (LEFT, 20, 7),
        (LEFT, 3, 3),
        (Membership(is_active=False), 20, 0),
    ],
)
def test_an_ex_member_reads_up_to_the_moment_of_leaving(member, last_seq, readable):
    assert readable_seq(member, last_seq) == readable


@pytest.mark.parametrize("action", PERMISSIONS)
@pytest.mark.parametrize(
    ("permissions", "roles"),
    [
        (CLOSED, {CREATOR}),
        (dict.fromkeys(PERMISSIONS, Circle.ADMINISTRATORS), {CREATOR, ADMINISTRATOR}),
        (dict.fromkeys(PERMISSIONS, Circle.EVERYONE), set(MemberRole)),
    ],
)
def test_each_row_of_the_settings_is_obeyed(action, permissions, roles):
    allowed = {
        role
        for role in MemberRole
        if can(Membership(is_active=True, role=role, kind=MANUAL, permissions=permissions), action)
    }
    assert allowed == roles


def test_an_ordinary_chat_keeps_two_rows_for_administrators():
    member = Membership(is_active=True, kind=MANUAL, permissions=ORDINARY)
    refused = {action for action in PERMISSIONS if not can(member, action)}
    assert refused == {Action.MENTION_ALL, Action.APPOINT}


@pytest.mark.parametrize(
    ("kind", "role", "action", "allowed"),
    [
        (AUTO, ADMINISTRATOR, Action.PIN, True),
        (AUTO, MEMBER, Action.PIN, False),
        (AUTO, ADMINISTRATOR, Action.INVITE, False),
        (AUTO, ADMINISTRATOR, Action.SET_RIGHTS, False),
        (AUTO, MEMBER, Action.LEAVE, False),
        (MANUAL, MEMBER, Action.LEAVE, True),
        (MANUAL, ADMINISTRATOR, Action.SET_RIGHTS, False),
        (MANUAL, CREATOR, Action.SET_RIGHTS, True),
        (MANUAL, ADMINISTRATOR, Action.REMOVE_MEMBER, True),
        (DIRECT, MEMBER, Action.PIN, True),
        (DIRECT, MEMBER, Action.DELETE_ANY, False),
    ],
)
def test_what_no_setting_changes(kind, role, action, allowed):
    member = Membership(is_active=True, role=role, kind=kind)
    assert bool(can(member, action)) is allowed


def test_an_archived_chat_is_read_left_and_brought_back():
    member = Membership(is_active=True, role=CREATOR, is_archived=True)
    allowed = {action for action in Action if can(member, action)}
    assert allowed == {Action.READ, Action.SEE_MEMBERS, Action.ARCHIVE, Action.LEAVE}
    assert can(member, Action.WRITE) is Verdict.ARCHIVED
