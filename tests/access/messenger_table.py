"""Every door of the messenger, and what a person must be allowed to pass it.

A new route or socket event is not in here: `test_messenger` fails until somebody has decided. A
door to one chat names its action of `app/messenger/chats/rights.py` and a request that succeeds
for those who may. Filled in: `{chat}`; messages `{theirs}` and `{own}`; `{poll}` and `{file}` of
somebody else; an own `{draft}` of a file; members `{second}` and `{third}`; `{waiting}`, who asks
to be let in. A second door by the same address has a word after its name.
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
    needs_school: bool = False  # dark for who is no longer confirmed by any school, as if absent


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
    "messenger.send to all": Door(
        "POST", "/im/chats/{chat}/messages", Action.MENTION_ALL, {"text": "@все, собрание"}
    ),
    "messenger.file": Door("GET", "/im/chats/{chat}/files/{file}", Action.READ, needs_school=True),
    "messenger.thumb": Door(
        "GET", "/im/chats/{chat}/files/{file}/thumb", Action.READ, needs_school=True
    ),
    "messenger.discard": Door("POST", "/im/chats/{chat}/files/{draft}/discard", Action.READ),
    "messenger.photo": Door("GET", "/im/chats/{chat}/photo", Action.READ),
    "messenger.presence": Door("GET", "/im/chats/{chat}/presence", MEMBER_OF_NOW),
    "messenger.start_call": Door("POST", "/im/chats/{chat}/call", Action.START_CALL),
    "messenger.call_bar": Door("GET", "/im/chats/{chat}/call", MEMBER_OF_NOW),
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
    "messenger.edit to all": Door(
        "POST", "/im/chats/{chat}/messages/{own}/edit", Action.MENTION_ALL, {"text": "и @все тоже"}
    ),
    "messenger.new_poll": Door("GET", "/im/chats/{chat}/polls", Action.WRITE),
    "messenger.new_poll asked": Door(
        "POST",
        "/im/chats/{chat}/polls",
        Action.WRITE,
        {"question": "Когда?", "answer": ["Завтра", "Потом"]},
    ),
    "messenger.poll": Door("GET", "/im/chats/{chat}/polls/{poll}", Action.READ),
    "messenger.own_votes": Door("GET", "/im/chats/{chat}/polls/mine?ids={poll}", Action.READ),
    "messenger.vote": Door(
        "POST", "/im/chats/{chat}/polls/{poll}/vote", Action.WRITE, {"option": "1"}
    ),
    "messenger.close_poll": Door("POST", "/im/chats/{chat}/polls/{poll}/close", Action.DELETE_ANY),
    "messenger.report": Door("GET", "/im/chats/{chat}/messages/{theirs}/report", Action.READ),
    "messenger.permalink": Door("GET", "/im/chats/{chat}/m/{theirs}", Action.READ),
    "messenger.after": Door("GET", "/im/chats/{chat}/after?seq=0", Action.READ),
    "messenger.search_chat": Door("GET", "/im/chats/{chat}/search?q=слова", Action.READ),
    "messenger.delete": Door(
        "POST", "/im/chats/{chat}/messages/{theirs}/delete", Action.DELETE_ANY
    ),
    "messenger.delete own": Door("POST", "/im/chats/{chat}/messages/{own}/delete", Action.WRITE),
    "messenger.keep_later": Door("POST", "/im/chats/{chat}/later", Action.WRITE, {"text": "утром"}),
    "messenger.cancel_later": Door("POST", "/im/chats/{chat}/later/none/cancel", Action.READ),
    "messenger.kept": Door("GET", "/im/chats/{chat}/kept?what=links", Action.READ),
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
    "messenger.invite_qr": Door("GET", "/im/chats/{chat}/invite/qr.svg", Action.SEE_LINK),
    "messenger.print_invite": Door("GET", "/im/chats/{chat}/invite/print", Action.SEE_LINK),
    "messenger.save_invite": Door("POST", "/im/chats/{chat}/invite", Action.INVITE),
    "messenger.renew_invite": Door("POST", "/im/chats/{chat}/invite/renew", Action.INVITE),
    "messenger.annul_invite": Door("POST", "/im/chats/{chat}/invite/annul", Action.INVITE),
    "messenger.answer_request": Door(
        "POST", "/im/chats/{chat}/requests/{waiting}", Action.ADMIT, {"answer": "yes"}
    ),
    "messenger.member": Door("GET", "/im/chats/{chat}/members/{second}", MEMBER_OF_NOW),
    "messenger.member appointed": Door(
        "POST", "/im/chats/{chat}/members/{second}", Action.APPOINT, {"deed": "appoint"}
    ),
    "messenger.member removed": Door(
        "POST", "/im/chats/{chat}/members/{third}", Action.REMOVE_MEMBER, {"deed": "remove"}
    ),
    # The last one: whoever does it is then another member than before.
    "messenger.member handed": Door(
        "POST", "/im/chats/{chat}/members/{second}", Action.HAND_OVER, {"deed": "hand-over"}
    ),
}
# Doors to one chat that more than one action opens, or the table of safety as well: their own tests
# walk them by every role.
ELSEWHERE = {
    "messenger.send_later_now": "tests/messenger/test_later.py",
    "messenger.settings": "tests/messenger/test_administration.py",
    "messenger.call": "tests/messenger/calls/test_pages.py",
    "messenger.end_call": "tests/messenger/calls/test_pages.py",
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
    "messenger.reports",
    "messenger.report_answers",
}
# Socket events: the action they need; None for those that reveal and change nothing.
EVENTS = {
    "connect": None,
    "open": Action.WRITE,
    "close": None,
    "disconnect": None,
    "typing": Action.WRITE,
    "send": Action.WRITE,
    "send to all": Action.MENTION_ALL,
}
# Events of a call, which are about its public id: tests/realtime/test_calls.py walks them.
CALL_EVENTS = {"call_enter", "call_leave", "call_state", "call_signal"}
# What an event needs besides the chat.
ARGUMENTS = {
    "send": ({"client_id": "by-socket-1", "text": "да"},),
    "send to all": ({"client_id": "by-socket-2", "text": "@все, собрание"},),
}
