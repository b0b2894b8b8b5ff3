"""Routes of the messenger. All need a profile session; a chat is looked up through its member.

Importing the modules registers their routes on the one blueprint.
"""

from __future__ import annotations

from app.messenger.routes import (
    about,
    actions,
    attachments,
    calls,
    chats,
    direct,
    invites,
    jumping,
    kept,
    later,
    making,
    messages,
    notifications,
    placing,
    polls,
    reports,
)
from app.messenger.routes.frame import bp

PAGES = (
    about,
    actions,
    attachments,
    calls,
    chats,
    direct,
    invites,
    jumping,
    kept,
    later,
    making,
    messages,
    notifications,
    placing,
    polls,
    reports,
)

__all__ = ["PAGES", "bp"]
