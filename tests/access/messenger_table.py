"""Every door of the messenger, and what a person must be allowed to pass it.

A new route or socket event is not in here: `test_messenger` fails until somebody has decided. A
door to one chat names its action of `app/messenger/chats/rights.py` and a request that succeeds
for those who may: `{chat}`, `{theirs}` (a message of somebody else) and `{own}` are filled in.
"""

from dataclasses import dataclass, field

from app.messenger.chats.rights import Action

MEMBER_OF_NOW = Action.SEE_MEMBERS


@dataclass(frozen=True)
class Door:
    method: str
    url: str
    action: Action
    form: dict = field(default_factory=dict)
    body: bytes | None = None


# Doors to one chat: which action opens them.
CHAT_DOORS = {
    "messenger.chat": Door("GET", "/im/chats/{chat}", Action.READ),
    "messenger.before": Door("GET", "/im/chats/{chat}/before?seq=9", Action.READ),
    "messenger.since": Door("GET", "/im/chats/{chat}/since?seq=0", Action.READ),
    "messenger.row": Door("GET", "/im/rows/{chat}", Action.READ),
    "messenger.row_menu": Door("GET", "/im/chats/{chat}/place", Action.READ),
    "messenger.place": Door("POST", "/im/chats/{chat}/place", Action.READ, {"how": "pin"}),
    "messenger.members": Door("GET", "/im/chats/{chat}/members", MEMBER_OF_NOW),
    "messenger.read": Door("POST", "/im/chats/{chat}/read", MEMBER_OF_NOW, {"seq": "1"}),
    "messenger.send": Door("POST", "/im/chats/{chat}/messages", Action.WRITE, {"text": "да"}),
    "messenger.upload": Door(
        "POST", "/im/chats/{chat}/files?name=a.txt", Action.WRITE, body=b"words"
    ),
    "messenger.presence": Door("GET", "/im/chats/{chat}/presence", MEMBER_OF_NOW),
    "messenger.mentions": Door("GET", "/im/chats/{chat}/mentions", Action.WRITE),
    "messenger.pinned": Door("GET", "/im/chats/{chat}/pinned", Action.READ),
    "messenger.message": Door("GET", "/im/chats/{chat}/messages/{theirs}", Action.READ),
    "messenger.forward": Door("GET", "/im/chats/{chat}/messages/{theirs}/forward", Action.READ),
    "messenger.reactions": Door(
        "POST", "/im/chats/{chat}/messages/{theirs}/reactions", Action.WRITE, {"emoji": "👍"}
    ),
    "messenger.reactions who": Door(
        "GET", "/im/chats/{chat}/messages/{theirs}/reactions", MEMBER_OF_NOW
    ),
    "messenger.readers": Door(
        "GET", "/im/chats/{chat}/messages/{theirs}/readers", Action.SEE_READERS
    ),
    "messenger.readers own": Door("GET", "/im/chats/{chat}/messages/{own}/readers", MEMBER_OF_NOW),
    "messenger.pin_message": Door("POST", "/im/chats/{chat}/messages/{theirs}/pin", Action.PIN),
    "messenger.unpin_message": Door("POST", "/im/chats/{chat}/unpin", Action.PIN),
    "messenger.edit": Door(
        "POST", "/im/chats/{chat}/messages/{own}/edit", Action.WRITE, {"text": "иные слова"}
    ),
    "messenger.permalink": Door("GET", "/im/chats/{chat}/m/{theirs}", Action.READ),
    "messenger.after": Door("GET", "/im/chats/{chat}/after?seq=0", Action.READ),
    "messenger.search_chat": Door("GET", "/im/chats/{chat}/search?q=слова", Action.READ),
    "messenger.delete": Door(
        "POST", "/im/chats/{chat}/messages/{theirs}/delete", Action.DELETE_ANY
    ),
    "messenger.delete own": Door("POST", "/im/chats/{chat}/messages/{own}/delete", Action.WRITE),
    "messenger.heading": Door("GET", "/im/chats/{chat}/heading", Action.READ),
    "messenger.add": Door("GET", "/im/chats/{chat}/add", Action.INVITE),
    "messenger.invite": Door("GET", "/im/chats/{chat}/invite", Action.SEE_LINK),
    "messenger.leave": Door("GET", "/im/chats/{chat}/leave", Action.LEAVE),
    "messenger.archive": Door("GET", "/im/chats/{chat}/archive", Action.ARCHIVE),
    "messenger.set_info": Door(
        "POST", "/im/chats/{chat}/settings/info", Action.EDIT_INFO, {"title": "Имя"}
    ),
    "messenger.remove_photo": Door(
        "POST", "/im/chats/{chat}/settings/photo/remove", Action.EDIT_INFO
    ),
    "messenger.set_appearance": Door(
        "POST",
        "/im/chats/{chat}/settings/appearance",
        Action.CHANGE_APPEARANCE,
        {"theme": "mint"},
    ),
    "messenger.set_rights": Door("POST", "/im/chats/{chat}/settings/rights", Action.SET_RIGHTS),
}
# Doors to one chat whose own tests (named) walk them by every role: they need a file, a link
# or another member to exist, or more than one action opens them.
ELSEWHERE = {
    "messenger.file": "tests/messenger/attachments",
    "messenger.thumb": "tests/messenger/attachments",
    "messenger.discard": "tests/messenger/attachments",
    "messenger.new_poll": "tests/messenger/polls",
    "messenger.own_votes": "tests/messenger/polls",
    "messenger.poll": "tests/messenger/polls",
    "messenger.vote": "tests/messenger/polls",
    "messenger.close_poll": "tests/messenger/polls",
    "messenger.photo": "tests/messenger/test_making.py",
    "messenger.member": "tests/messenger/test_administration.py",
    "messenger.settings": "tests/messenger/test_administration.py",
    "messenger.save_invite": "tests/messenger/test_invites.py",
    "messenger.renew_invite": "tests/messenger/test_invites.py",
    "messenger.annul_invite": "tests/messenger/test_invites.py",
    "messenger.invite_qr": "tests/messenger/test_invites.py",
    "messenger.print_invite": "tests/messenger/test_invites.py",
    "messenger.answer_request": "tests/messenger/test_invites.py",
}
# Doors to no chat in particular: what they show or make is the asking profile's own.
OWN_DOORS = {
    "messenger.chats",
    "messenger.rows",
    "messenger.direct",
    "messenger.start_direct",
    "messenger.safety",
    "messenger.notifications",
    "messenger.subscribe_push",
    "messenger.unsubscribe_push",
    "messenger.new_chat",
    "messenger.create",
    "messenger.people",
    "messenger.keys",
    "messenger.found",
    "messenger.rights",
}
# Socket events: the action they need; None for those that reveal and change nothing.
EVENTS = {
    "connect": None,
    "open": Action.WRITE,
    "close": None,
    "disconnect": None,
    "typing": Action.WRITE,
    "send": Action.WRITE,
}
# What an event needs besides the chat.
ARGUMENTS = {"send": ({"client_id": "by-socket-1", "text": "да"},)}
