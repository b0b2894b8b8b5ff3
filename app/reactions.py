"""Everything that happens after a fact, in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.transaction import Reaction
from app.messenger.facts import ChatRead, MembersChanged, MessageSent
from app.realtime import fanout

TABLE: Mapping[type, Sequence[Reaction]] = {
    MessageSent: [fanout.show_message],
    MembersChanged: [fanout.follow_members],
    ChatRead: [fanout.show_read],
}
