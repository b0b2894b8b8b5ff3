"""Every action × role × preset × kind of chat, by HTTP and by socket (FLOWS 7 and 8).

What is allowed is said by `can` (its own table: tests/messenger/test_rights.py); here every door
is asked whether it obeys. In each case the one who may succeeds, and the others change nothing.
"""

import io
import itertools
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.core import clock, files, tokens
from app.core.db import db
from app.core.transaction import writing
from app.messenger.attachments.models import Attachment, AttachmentKind
from app.messenger.chats import rights
from app.messenger.chats.models import Chat, Frozen, Member
from app.messenger.chats.rights import Action, ChatKind, Circle, MemberRole, Membership, can
from app.messenger.invites.models import Invite, JoinRequest
from app.messenger.messages.models import Message
from app.messenger.polls.creating import Question, create_poll
from app.realtime.server import socketio
from tests.access.messenger_table import (
    ARGUMENTS,
    CALL_EVENTS,
    CHAT_DOORS,
    ELSEWHERE,
    EVENTS,
    OWN_DOORS,
)

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
        self.is_direct = made["kind"] is ChatKind.DIRECT
        pair = sorted((self.other.id, self.asker.id))
        fields = {"pair_low_id": pair[0], "pair_high_id": pair[1]} if self.is_direct else {}
        with writing() as session:
            self.chat = Chat(
                kind=made["kind"],
                title="Чат",
                permissions={str(key): str(value) for key, value in made["permissions"].items()},
                photo_key=_stored(),
                **fields,
            )
            session.add(self.chat)
        world.join(self.other, self.chat)
        self.known = {"chat": self.chat.public_id, **self._people(), **self._messages()}
        world.confirmed(self.other, "teacher")
        if role not in ("outsider", "unlinked"):
            # Colleagues, who by the table of FLOWS 8 may also call each other.
            world.confirmed(self.asker, "teacher")
        if role != "outsider":
            world.join(self.asker, self.chat, role=INSIDE.get(role, MemberRole.MEMBER))
            self.known["own"] = self._message(self.asker)
            self.known["draft"] = self._file(self.asker)
        if role in ("ex-member", "unlinked"):
            world.leave(self.asker, self.chat)
        with writing():
            self.chat.archived_at = clock.now() if made.get("archived") else None
            self.chat.frozen = made.get("frozen")

    def _people(self):
        """Two more members; one who waits at the door, where there is one."""
        if self.is_direct:
            return dict.fromkeys(("second", "third", "waiting"), self.other.public_id)
        second, third, waiting = (
            self.world.profile(name) for name in ("Вера Сомова", "Глеб Котов", "Дина Лис")
        )
        for profile in (second, third, waiting):
            self.world.confirmed(profile, "teacher")
        self.world.join(second, self.chat)
        self.world.join(third, self.chat)
        with writing() as session:
            invite = Invite(chat_id=self.chat.id, created_by_id=self.other.id)
            session.add(invite)
            session.flush()
            session.add(
                JoinRequest(chat_id=self.chat.id, profile_id=waiting.id, invite_id=invite.id)
            )
        return {
            "second": second.public_id,
            "third": third.public_id,
            "waiting": waiting.public_id,
        }

    def _messages(self):
        theirs, poll = self._message(self.other), tokens.public_id()
        asked = Question(text="Когда?", answers=["Завтра", "Потом"])
        create_poll(self.other.id, self.chat.public_id, poll, asked)
        with writing() as session:
            of = session.scalar(select(Message.id).where(Message.client_id == theirs))
        return {
            "theirs": theirs,
            "poll": poll,
            "file": self._file(self.other, message_id=of, position=0),
            "own": "no-such-message",
            "draft": "no-such-file",
        }

    def _message(self, author):
        client_id = tokens.public_id()
        self.world.says(author, self.chat, "слова", client_id)
        return client_id

    def _file(self, author, **fields):
        """A photo: a draft of its author, or of a message."""
        with writing() as session:
            attachment = Attachment(
                chat_id=self.chat.id,
                author_id=author.id,
                kind=AttachmentKind.PHOTO,
                name="фото.jpg",
                content_type="image/jpeg",
                size=5,
                key=_stored(),
                thumb_key=_stored(),
                **fields,
            )
            session.add(attachment)
            session.flush()
            return attachment.public_id

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

    def refusal(self, door):
        """The status with which this door must refuse the one who asks; None when it must not."""
        allowed = self.allows(door.action)
        if allowed is None or (door.needs_school and self.role == "unlinked"):
            return 404
        return None if allowed else 403

    def knock(self, web, door):
        url = door.url.format(**self.known)
        if door.body is not None:
            return web.open(url, method=door.method, data=door.body, content_type="text/plain")
        return web.open(url, method=door.method, data=door.form)

    def state(self):
        """What a refused request must leave as it was."""
        db.session.rollback()
        here = Message.chat_id == self.chat.id
        messages = select(func.count(Message.id), func.sum(func.length(Message.text))).where(here)
        members = select(Member.profile_id, Member.role, Member.left_seq).where(
            Member.chat_id == self.chat.id
        )
        requests = select(JoinRequest.state).where(JoinRequest.chat_id == self.chat.id)
        drafts = select(func.count(Attachment.id)).where(Attachment.chat_id == self.chat.id)
        return [
            db.session.execute(query).all()
            for query in (messages, members.order_by(Member.id), requests, drafts)
        ]


def _stored():
    """The key of a small file."""
    return files.save(io.BytesIO(b"bytes"), limit=9).key


@pytest.mark.parametrize(("chat", "role"), CASES)
def test_every_door_asks_the_one_permission_function(app, world, chat, role):
    scene = Scene(world, chat, role)
    web = world.signed_in(app.test_client(), scene.asker)
    for name, door in CHAT_DOORS.items():
        refusal, before = scene.refusal(door), scene.state()
        answer = scene.knock(web, door)
        answer.close()
        if refusal is None:
            assert answer.status_code < 400, (name, answer.status_code)
        else:
            assert answer.status_code == refusal, name
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
        answer = socket.emit(event.split()[0], scene.chat.public_id, *arguments, callback=True)
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
    assert (
        set(socketio.server.handlers["/"]) == {event.split()[0] for event in EVENTS} | CALL_EVENTS
    )


def test_every_action_has_a_door(app):
    tried = {door.action for door in CHAT_DOORS.values()} | set(EVENTS.values())
    assert set(Action) - tried <= {Action.END_CALL}  # tests/messenger/calls
    for path in ELSEWHERE.values():
        assert (Path(__file__).parents[2] / path).exists(), path


def test_every_door_to_a_chat_is_tried_by_somebody_who_may(world):
    """A table that only forbids would prove nothing."""
    scenes = [Scene(world, chat, role) for chat, role in CASES]
    for name, door in CHAT_DOORS.items():
        answers = {scene.allows(door.action) for scene in scenes}
        assert True in answers, name
        assert None in answers, name
