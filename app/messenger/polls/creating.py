"""Asking: a poll is a message like any other, and its answers come in the same transaction."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext
from sqlalchemy import update

from app.core import clock
from app.core.config import current_settings
from app.core.errors import Invalid
from app.core.transaction import writing
from app.messenger.chats.lookup import chats_of
from app.messenger.messages.models import Message
from app.messenger.messages.sending import Sent, send_message
from app.messenger.polls.children import counts_children
from app.messenger.polls.models import Poll, PollOption
from app.messenger.polls.viewing import POLL

FEWEST, MOST = 2, 10
MAX_QUESTION, MAX_ANSWER = 300, 120


@dataclass(frozen=True, kw_only=True)
class Question:
    """What its author fills in. `closes` is a moment of the school's clock, «2026-11-30T18:00», or
    empty: no deadline.
    """

    text: str
    answers: Sequence[str]
    is_multiple: bool = False
    is_anonymous: bool = True
    may_revote: bool = True
    per_child: bool = False
    closes: str = ""


def create_poll(profile_id: int, chat: str, client_id: str, asked: Question) -> Sent:
    """Put the question to the chat; a second click (`client_id`) finds the first.

    Raises:
        Missing, Denied: as `send_message`.
        Invalid: no question, fewer than two different answers, or a deadline that is past.
    """
    text = _line(asked.text, MAX_QUESTION)
    if not text:
        raise Invalid(lazy_gettext("Напишите вопрос."))
    answers = [line for line in (_line(answer, MAX_ANSWER) for answer in asked.answers) if line]
    if len(answers) < FEWEST:
        raise Invalid(lazy_gettext("Нужно хотя бы два варианта ответа."))
    if len(answers) > MOST:
        raise Invalid(lazy_gettext("Вариантов может быть не больше %(most)s.", most=MOST))
    if len({answer.casefold() for answer in answers}) < len(answers):
        raise Invalid(lazy_gettext("Два варианта одинаковы. Измените один из них."))
    closes_at = _deadline(asked.closes)
    with writing() as session:
        own = chats_of(profile_id).get(chat)
        if asked.per_child and not counts_children(own.id):
            raise Invalid(lazy_gettext("Один голос от ребёнка считают только в чате с родителями."))
        sent = send_message(profile_id, chat, client_id, text)
        if not sent.is_first:
            return sent
        poll = Poll(
            message_id=sent.message_id,
            question=text,
            is_multiple=asked.is_multiple,
            is_anonymous=asked.is_anonymous,
            may_revote=asked.may_revote,
            per_child=asked.per_child,
            closes_at=closes_at,
        )
        session.add(poll)
        session.flush()
        session.add_all(
            PollOption(poll_id=poll.id, position=position, text=answer)
            for position, answer in enumerate(answers)
        )
        session.execute(update(Message).where(Message.id == sent.message_id).values(carries=POLL))
        return sent


def _line(raw: str, longest: int) -> str:
    """One line, NFC, without control characters, not longer than allowed."""
    words = " ".join(raw.split())
    kept = "".join(c for c in words if unicodedata.category(c) not in ("Cc", "Cs", "Cf"))
    line = unicodedata.normalize("NFC", kept).strip()
    if len(line) > longest:
        raise Invalid(
            lazy_gettext(
                "Слишком длинно: «%(start)s…». Можно не больше %(longest)s знаков.",
                start=line[:30],
                longest=longest,
            )
        )
    return line


def _deadline(raw: str) -> dt.datetime | None:
    if not raw.strip():
        return None
    try:
        moment = dt.datetime.fromisoformat(raw.strip())
    except ValueError:
        raise Invalid(lazy_gettext("Срок не понят. Выберите день и время.")) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(current_settings().time_zone))
    if moment <= clock.now():
        raise Invalid(lazy_gettext("Этот срок уже прошёл. Выберите более поздний."))
    return moment.astimezone(dt.UTC)
