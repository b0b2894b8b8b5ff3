"""Routes of the messenger. All need a profile session; a chat is looked up through its member.

Importing the modules registers their routes on the one blueprint.
"""

from __future__ import annotations

from app.messenger.invites import models as _invites  # noqa: F401
from app.messenger.routes import (
    actions,
    attachments,
    chats,
    direct,
    making,
    messages,
    placing,
    polls,
)
from app.messenger.routes.frame import bp

PAGES = (actions, attachments, chats, direct, making, messages, placing, polls)

__all__ = ["PAGES", "bp"]
