"""What people of the demo school complained of, and what the administrator decided.

Done by the messenger's own functions, each at its moment: the audit log tells it, too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.demo.school_story import TIME_ZONE, Story
from app.messenger.chats.models import Chat
from app.messenger.messages.models import Message
from app.messenger.reports.cases import Office
from app.messenger.reports.deciding import decide
from app.messenger.reports.models import Case, Decision, Reason
from app.messenger.reports.reporting import report_message
from app.school.accounts import Account

LATER = dt.timedelta(minutes=25)
# When the administrator looks at what came the day before.
MORNING = dt.time(9, 20)


@dataclass(frozen=True)
class Complaint:
    """A message of `talk/made.txt` and the words of the one in its chat who complains of it."""

    message: str
    by: str
    reason: Reason
    words: str = ""
    decision: Decision | None = None
    answer: str = ""


TOLD = (
    Complaint(
        message="продаю ответы на муниципальный этап, 300 ₽, пишите в личку",
        by="серьёзно? мы тут задачи решаем вообще-то",
        reason=Reason.FRAUD,
        words="Предлагает купить ответы",
        decision=Decision.DELETED,
        answer="Спасибо, что сказали. Сообщение удалили, с автором поговорил учитель.",
    ),
    Complaint(
        message="ты тормоз, из-за тебя мы и проиграем. вали из команды",
        by="простите, с ролью беда, вчера была тренировка",
        reason=Reason.BULLYING,
        words="Мне пишут такое уже не в первый раз",
    ),
)


def tell_complaints(session: Session, story: Story) -> None:
    """One is decided, one waits."""
    person_id = story.administrators[0].id
    account = session.scalars(select(Account).where(Account.person_id == person_id)).one()
    for told in TOLD:
        case = _reported(session, told)
        if told.decision is not None:
            with clock.frozen(_next_morning(case.opened_at)):
                decide(
                    Office(story.school.public_id),
                    case.public_id,
                    decision=told.decision,
                    answer=told.answer,
                    by=f"account:{account.public_id}",
                )


def _reported(session: Session, told: Complaint) -> Case:
    message = session.scalars(select(Message).where(Message.text == told.message)).one()
    answer = session.scalars(select(Message).where(Message.text == told.by)).one()
    chat = session.scalars(select(Chat.public_id).where(Chat.id == message.chat_id)).one()
    if answer.author_id is None:
        raise LookupError(f"nobody said: {told.by}")
    with clock.frozen(min(message.created_at + LATER, clock.now())):
        report_message(
            answer.author_id, chat, message.client_id, reason=told.reason, words=told.words
        )
    return session.scalars(select(Case).where(Case.message_id == message.id)).one()


def _next_morning(moment: dt.datetime) -> dt.datetime:
    zone = ZoneInfo(TIME_ZONE)
    day = moment.astimezone(zone).date() + dt.timedelta(days=1)
    return min(dt.datetime.combine(day, MORNING, zone), clock.now())
