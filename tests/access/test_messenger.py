"""Every action × role × preset × kind of chat, by HTTP and by socket (FLOWS 7 and 8).

What is allowed is said by `can` (its own table: tests/messenger/test_rights.py); here every door
is asked whether it obeys. In each case the one who may succeeds, and the others change nothing.
"""

import itertools

import pytest
from sqlalchemy import func, select

from app.core import clock, tokens
from app.core.db import db
from app.core.transaction import writing
from app.messenger.chats import rights
from app.messenger.chats.models import Chat, Frozen, Member
from app.messenger.chats.rights import Action, ChatKind, Circle, MemberRole, Membership, can
from app.messenger.messages.models import Message
from app.realtime.server import socketio
from tests.access.messenger_table import ARGUMENTS, CHAT_DOORS, ELSEWHERE, EVENTS, OWN_DOORS

OWN_SETTINGS = dict.fromkeys(rights.PERMISSIONS, Circle.ADMINISTRATORS)
CHATS = {
    "ordinary": {"kind": ChatKind.MANUAL, "permissions": rights.ORDINARY},
    "closed": {"kind": ChatKind.MANUAL, "permissions": rights.CLOSED},
    "own settings": {"kind": ChatKind.MANUAL, "permissions": OWN_SETTINGS},
    "archive": {"kind": ChatKind.MANUAL, "permissions": rights.ORDINARY, "archived": True},
    "automatic": {"kind": ChatKind.AUTO, "permissions": {}},
    "direct": {"kind": ChatKind.DIRECT, "permissions": {}},
    "frozen": {"kind": ChatKind.DIRECT, "permissions": {}, "frozen": Frozen.APART},
}
ROLES = ("creator", "administrator", "member", "ex-member", "unlinked", "outsider")
INSIDE = {
    "creator": MemberRole.CREATOR,
    "administrator": MemberRole.ADMINISTRATOR,
    "member": MemberRole.MEMBER,
}
# A direct chat has two equal members; nobody creates an automatic one.
CASES = [
    (chat, role)
    for chat, role in itertools.product(CHATS, ROLES)
    if not (CHATS[chat]["kind"] is ChatKind.DIRECT and role in ("creator", "administrator"))
    and not (CHATS[chat]["kind"] is ChatKind.AUTO and role == "creator")
]


class Scene:
    """A chat of one kind, another member who has written there, and the one who asks."""

    def __init__(self, world, chat, role):
        self.world, self.role, made = world, role, CHATS[chat]
        self.other, self.asker = world.profile("Анна Иванова"), world.profile("Борис Петров")
        pair = sorted((self.other.id, self.asker.id))
        fields = {"pair_low_id": pair[0], "pair_high_id": pair[1]} if "dir" in made["kind"] else {}
        with writing() as session:
            self.chat = Chat(
                kind=made["kind"],
                title="Чат",
                permissions={str(key): str(value) for key, value in made["permissions"].items()},
                **fields,
            )
            session.add(self.chat)
        world.join(self.other, self.chat)
        self.theirs = self._message(self.other)
        if role != "outsider":
            world.join(self.asker, self.chat, role=INSIDE.get(role, MemberRole.MEMBER))
            self.own = self._message(self.asker)
        else:
            self.own = "no-such-message"
        if role in ("ex-member", "unlinked"):
            world.leave(self.asker, self.chat)
        with writing():
            self.chat.archived_at = clock.now() if made.get("archived") else None
            self.chat.frozen = made.get("frozen")

    def _message(self, author):
        client_id = tokens.public_id()
        self.world.says(author, self.chat, "слова", client_id)
        return client_id

    def allows(self, action):
        """What `can` says of the one who asks; None for an outsider, who finds no chat."""
        row = db.session.execute(
            select(Member.left_at, Member.left_seq, Member.role).where(
                Member.chat_id == self.chat.id, Member.profile_id == self.asker.id
            )
        ).one_or_none()
        if row is None:
            return None
        return bool(
            can(
                Membership(
                    is_active=row.left_at is None,
                    left_seq=row.left_seq,
                    role=row.role,
                    kind=self.chat.kind,
                    permissions=rights.CLOSED
                    | {Action(key): Circle(value) for key, value in self.chat.permissions.items()},
                    is_archived=self.chat.archived_at is not None,
                    is_frozen=self.chat.frozen is not None,
                ),
                action,
            )
        )

    def knock(self, web, door):
        url = door.url.format(chat=self.chat.public_id, theirs=self.theirs, own=self.own)
        if door.body is not None:
            return web.open(url, method=door.method, data=door.body, content_type="text/plain")
        return web.open(url, method=door.method, data=door.form)

    def state(self):
        """What a refused request must leave as it was."""
        db.session.rollback()
        return db.session.execute(
            select(func.count(Message.id), func.sum(func.length(Message.text))).where(
                Message.chat_id == self.chat.id
            )
        ).one()


@pytest.mark.parametrize(("chat", "role"), CASES)
def test_every_door_asks_the_one_permission_function(app, world, chat, role):
    scene = Scene(world, chat, role)
    web = world.signed_in(app.test_client(), scene.asker)
    for name, door in CHAT_DOORS.items():
        expected, before = scene.allows(door.action), scene.state()
        status = scene.knock(web, door).status_code
        if expected is None:
            assert status == 404, name
        elif expected:
            assert status < 400, (name, status)
        else:
            assert status == 403, (name, status)
        if not expected:
            assert scene.state() == before, name


@pytest.mark.parametrize(("chat", "role"), CASES)
def test_the_socket_asks_it_too(app, world, chat, role):
    scene = Scene(world, chat, role)
    web = world.signed_in(app.test_client(), scene.asker)
    socket = socketio.test_client(app, flask_test_client=web)
    for event, action in EVENTS.items():
        if action is None:
            continue
        arguments = ARGUMENTS.get(event, ())
        answer = socket.emit(event, scene.chat.public_id, *arguments, callback=True)
        expected = scene.allows(action)
        assert answer["ok"] is bool(expected), event
        if not expected:
            assert answer["status"] == (404 if expected is None else 403), event
    socket.get_received()
    with writing():
        scene.chat.frozen = None
    if not scene.chat.archived_at:
        # What is said now is heard by those whom the socket let in, and by nobody else.
        world.says(scene.other, scene.chat, "тайна")
        heard = {event["name"] for event in socket.get_received()}
        may_hear = role in INSIDE and "frozen" not in CHATS[chat]
        assert ("fragment" in heard) is may_hear
    socket.disconnect()


def test_every_route_of_the_messenger_is_decided(app):
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    decided = {name.split()[0] for name in CHAT_DOORS} | OWN_DOORS | set(ELSEWHERE)
    assert {name for name in routes if name.startswith("messenger.")} == decided


def test_every_socket_event_is_decided(app):
    assert set(socketio.server.handlers["/"]) == set(EVENTS)


def test_every_door_to_a_chat_is_tried_by_somebody_who_may(world):
    """A table that only forbids would prove nothing."""
    scenes = [Scene(world, chat, role) for chat, role in CASES]
    for name, door in CHAT_DOORS.items():
        answers = {scene.allows(door.action) for scene in scenes}
        assert True in answers, name
        assert None in answers, name
