"""Rights in a chat, as a table."""

import pytest

from app.messenger.chats.rights import Action, MemberView, Verdict, may, readable_seq

ACTIVE = MemberView(is_active=True)
LEFT = MemberView(is_active=False, left_seq=7)


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
def test_members_do_everything_and_ex_members_read(member, action, verdict):
    assert may(member, action) is verdict
    assert bool(may(member, action)) is (verdict is Verdict.YES)


@pytest.mark.parametrize(
    ("member", "last_seq", "readable"),
    [
        (ACTIVE, 20, 20),
        (LEFT, 20, 7),
        (LEFT, 3, 3),
        (MemberView(is_active=False), 20, 0),
    ],
)
def test_an_ex_member_reads_up_to_the_moment_of_leaving(member, last_seq, readable):
    assert readable_seq(member, last_seq) == readable
