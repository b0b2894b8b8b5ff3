"""Deciding a case: what happens to the message and its author, and who is told."""

from __future__ import annotations

from flask_babel import lazy_gettext
from sqlalchemy import select, update

from app.core import audit, clock
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.names import clean_block
from app.core.transaction import publish, writing
from app.messenger.chats import members
from app.messenger.chats.models import Member
from app.messenger.chats.rights import MemberRole
from app.messenger.facts import CaseDecided
from app.messenger.messages.deleting import wipe
from app.messenger.messages.models import Message
from app.messenger.messages.notices import NoticeEvent, post_notice
from app.messenger.reports.cases import Now, Office, case_of, now_of
from app.messenger.reports.models import MAX_WORDS, Case, Decision, Report

DONE = lazy_gettext("Это обращение уже рассмотрено.")


def note_look(office: Office, public_id: str, *, by: str) -> Case:
    """The case for reading. Every look stands in the audit log, for it shows others' words.

    Raises:
        Missing: as `case_of`.
    """
    with writing():
        case = case_of(office, public_id)
        audit.note(actor=by, action="case.seen", subject=f"case:{case.public_id}")
        return case


def open_decisions(now: Now) -> list[Decision]:
    """What can be decided as things stand."""
    found = [Decision.LEFT]
    if not now.is_deleted:
        found.append(Decision.DELETED)
    if now.is_removable:
        found.append(Decision.REMOVED)
    return found


def decide(office: Office, public_id: str, *, decision: str, answer: str, by: str) -> None:
    """Do it, and tell those who complained. `by` is «account:<public id>», or «command».

    Raises:
        Missing: as `case_of`. Conflict: it is decided already. Invalid: no such decision here.
    """
    answer = clean_block(answer)
    if len(answer) > MAX_WORDS:
        raise Invalid(
            lazy_gettext("Слишком длинно: можно не больше %(most)s знаков.", most=MAX_WORDS)
        )
    with writing() as session:
        case = case_of(office, public_id)
        if case.decided_at is not None:
            raise Conflict(DONE)
        if decision not in open_decisions(now_of(case)):
            raise Invalid(lazy_gettext("Выберите решение из списка."))
        chosen = Decision(decision)
        message = session.get_one(Message, case.message_id)
        if chosen is not Decision.LEFT and message.deleted_at is None:
            wipe(message, by=None)
        if chosen is Decision.REMOVED:
            _remove(message)
        case.decided_at, case.decided_by = clock.now(), by
        case.decision, case.answer = chosen, answer
        audit.note(
            actor=by,
            action="case.decided",
            subject=f"case:{case.public_id}",
            decision=chosen.value,
            chat=message.chat.public_id,
            seq=message.seq,
        )
        reporters = session.scalars(select(Report.profile_id).where(Report.case_id == case.id))
        publish(CaseDecided(tuple(reporters)))


def _remove(message: Message) -> None:
    """As by an administrator of the chat: only they let the author back."""
    author = message.author_id
    if author is None:
        return
    post_notice(message.chat_id, NoticeEvent.GONE, whom=[author])
    members.revoke(message.chat_id, [author])
    db.session.execute(
        update(Member)
        .where(Member.chat_id == message.chat_id, Member.profile_id == author)
        .values(was_removed=True, role=MemberRole.MEMBER)
    )
