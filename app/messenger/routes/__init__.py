"""Routes of the messenger. All need a profile session; a chat is looked up through its member.

Importing the modules registers their routes on the one blueprint.
"""

from __future__ import annotations

from app.messenger.routes import chats, messages
from app.messenger.routes.frame import bp

PAGES = (chats, messages)

__all__ = ["PAGES", "bp"]
