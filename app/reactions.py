"""Everything that happens after a fact, in one table; and what happens by the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.ticking import Job
from app.core.transaction import Reaction
from app.identity import backchannel
from app.identity.facts import ConsentWithdrawn, SessionEnded
from app.linking.facts import ProfileLinked, ProfileUnlinked
from app.membership import new_day, reconcile
from app.messenger.attachments import attaching
from app.messenger.calls import ending as calls_ending
from app.messenger.facts import (
    CallChanged,
    CaseDecided,
    ChatChanged,
    ChatPlaced,
    ChatRead,
    DirectChanged,
    FilesForgotten,
    MembersChanged,
    MessageChanged,
    MessageSent,
    PinChanged,
    PollEnded,
    PutOut,
)
from app.messenger.invites import making as invites
from app.messenger.later import keeping
from app.messenger.notifications import pushing
from app.messenger.polls import ending
from app.realtime import calls as live_calls
from app.realtime import fanout
from app.school.facts import RosterApplied, StaffChatSwitched, SubstitutionSet, TimetableChanged

TABLE: Mapping[type, Sequence[Reaction]] = {
    ProfileLinked: [reconcile.on_link],
    ProfileUnlinked: [reconcile.on_taken_away, reconcile.on_link],
    RosterApplied: [reconcile.on_roster],
    SubstitutionSet: [reconcile.on_class],
    TimetableChanged: [reconcile.on_class],
    StaffChatSwitched: [reconcile.on_staff_chat],
    SessionEnded: [fanout.close_sockets, backchannel.on_session_ended],
    ConsentWithdrawn: [backchannel.on_consent_withdrawn],
    MessageSent: [fanout.show_message, pushing.on_message],
    MessageChanged: [fanout.show_message],
    PinChanged: [fanout.show_pin],
    MembersChanged: [invites.void_of_left, fanout.follow_members, calls_ending.on_members],
    ChatChanged: [fanout.show_chat, calls_ending.on_chat],
    DirectChanged: [fanout.follow_direct, calls_ending.on_direct],
    CallChanged: [live_calls.show_call, pushing.on_call],
    PutOut: [live_calls.put_out],
    ChatRead: [fanout.show_read],
    ChatPlaced: [fanout.show_placed],
    FilesForgotten: [attaching.erase],
    CaseDecided: [fanout.tell_decided],
    PollEnded: [pushing.on_poll_ended],
}

DUE: Sequence[Job] = (ending.end_due, keeping.send_due, new_day.begin_due)
"""Looked for every few seconds where the site is served (`core.ticking`)."""
