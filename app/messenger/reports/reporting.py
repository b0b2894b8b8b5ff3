"""«Пожаловаться»: a person reports a message to the administrator of the school."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.core import audit, throttle
from app.core.db import db
from app.core.errors import Conflict, Invalid, TooMany
from app.core.names import clean_block
from app.core.throttle import Limit
from app.core.transaction import writing
from app.identity.profiles import Profile
from app.messenger.attachments.viewing import attachments_of
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.models import Member
from app.messenger.chats.rights import Action
from app.messenger.messages.finding import living, message_in
from app.messenger.messages.models import Message
from app.messenger.people import ConfirmedRole
from app.messenger.reports.models import MAX_WORDS, Case, Reason, Report

# Decision: nobody meets twenty messages to complain of in a day; a storm of complaints would bury
# the one that matters.
A_DAY = Limit(20, dt.timedelta(days=1))


def reportable(profile_id: int, chat: str, client_id: str) -> Message:
    """The message of somebody else that this profile may read, and so complain about.

    Decision: who has left or was taken out of a chat complains of what still is readable there.

    Raises:
        Missing: no such chat or message. Conflict: it is one's own.
    """
    own = chats_of(profile_id).get(chat)
    own.require(Action.READ)
    message = living(own, client_id)
    if message.author_id == profile_id:
        raise Conflict(lazy_gettext("Это ваше сообщение: его можно изменить или удалить самим."))
    return message


def report_of(profile_id: int, chat: str, client_id: str) -> tuple[Report, Case] | None:
    """What this profile said of the message before, also when it has been deleted since.

    Raises:
        Missing: no such chat or message.
    """
    message = message_in(chats_of(profile_id).get(chat), client_id)
    row = db.session.execute(
        select(Report, Case)
        .join(Case, Case.id == Report.case_id)
        .where(Report.message_id == message.id, Report.profile_id == profile_id)
    ).one_or_none()
    return (row[0], row[1]) if row is not None else None


def report_message(profile_id: int, chat: str, client_id: str, *, reason: str, words: str) -> None:
    """Complain about the message; a second time changes nothing. The author never learns of it.

    Raises:
        Missing, Conflict: as `reportable`; Conflict too when no school answers for the chat.
        Invalid: no reason, or «Другое» without words, or too many words. TooMany: too often.
    """
    words = clean_block(words)
    try:
        why = Reason(reason)
    except ValueError:
        raise Invalid(lazy_gettext("Выберите, что не так с сообщением.")) from None
    if why is Reason.OTHER and not words:
        raise Invalid(lazy_gettext("Напишите своими словами, что не так."))
    if len(words) > MAX_WORDS:
        raise Invalid(
            lazy_gettext("Слишком длинно: можно не больше %(most)s знаков.", most=MAX_WORDS)
        )
    try:
        _report(profile_id, chat, client_id, why, words)
    except IntegrityError:  # two complained of one message at the same moment
        _report(profile_id, chat, client_id, why, words)


def _report(profile_id: int, chat: str, client_id: str, why: Reason, words: str) -> None:
    with writing() as session:
        if report_of(profile_id, chat, client_id) is not None:
            return
        message = reportable(profile_id, chat, client_id)
        _count(profile_id)
        case = session.scalar(
            select(Case).where(Case.message_id == message.id, Case.decided_at.is_(None))
        )
        if case is None:
            case = _open(message, chats_of(profile_id).get(chat))
        session.add(
            Report(
                case_id=case.id,
                message_id=message.id,
                profile_id=profile_id,
                reason=why,
                words=words,
                text=message.text if message.text != case.text else None,
            )
        )
        reporter = session.get_one(Profile, profile_id)
        audit.note(
            actor=f"profile:{reporter.public_id}",
            action="case.reported",
            subject=f"case:{case.public_id}",
            reason=why.value,
        )


def _open(message: Message, own: OwnChat) -> Case:
    author = message.author
    label = message.chat.label  # who decides is not of the class, and must know which it is
    title = f"{own.title} · {label}" if label else own.title
    case = Case(
        school_key=_school_of(message.chat_id),
        message_id=message.id,
        author_id=message.author_id,
        author_name=author.name if author is not None else "",
        chat_title="" if own.is_direct else title,
        text=message.text,
        files=[
            {"kind": file.kind.value, "name": file.name, "size": file.size}
            for file in attachments_of([message.id]).get(message.id, ())
        ],
        sent_at=message.created_at,
    )
    db.session.add(case)
    db.session.flush()
    return case


def _school_of(chat_id: int) -> str:
    """The school that answers for a chat: that of most people who are or were in it.

    Raises:
        Conflict: no school confirms anybody's role there.
    """
    people = func.count(ConfirmedRole.profile_id.distinct())
    key = db.session.scalar(
        select(ConfirmedRole.school_key)
        .join(Member, Member.profile_id == ConfirmedRole.profile_id)
        .where(Member.chat_id == chat_id)
        .group_by(ConfirmedRole.school_key)
        .order_by(people.desc(), ConfirmedRole.school_key)
        .limit(1)
    )
    if key is None:
        raise Conflict(
            lazy_gettext(
                "У этого чата нет школы, которая могла бы разобраться. Обратитесь к взрослым, "
                "которым доверяете."
            )
        )
    return key


def _count(profile_id: int) -> None:
    key = f"report:{profile_id}"
    wait = throttle.seconds_to_wait(key, A_DAY)
    if wait:
        raise TooMany(
            lazy_gettext(
                "Сегодня вы уже много раз пожаловались. Если дело срочное, скажите "
                "администратору школы лично."
            ),
            retry_after=wait,
        )
    throttle.record(key)
