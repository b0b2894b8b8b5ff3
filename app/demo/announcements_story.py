"""What the demo school has announced, and who has read it."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core import clock
from app.demo.school_story import SEED, TIME_ZONE, Story
from app.school.announcements.audience import people_of
from app.school.announcements.models import Announcement, AnnouncementReading, AnnouncementTarget
from app.school.people import Role

ALL = (Role.PUPIL, Role.GUARDIAN, Role.TEACHER)
READ, ANSWERED = 0.7, 0.75
READ_WITHIN = dt.timedelta(minutes=20)


@dataclass(frozen=True)
class Told:
    """An announcement: how many hours ago, by whom (a class's leader, or the administrator)."""

    hours_ago: int
    title: str
    text: str
    roles: tuple[Role, ...] = ALL
    class_name: str = ""
    wants_answer: bool = False


TOLD = (
    Told(
        2,
        "Завтра первый урок у 7–11 классов — в актовом зале",
        "К нам придёт поисковый отряд «Память» с рассказом о своей работе. Сбор у актового зала "
        "в 8:20, вторая смена занимается по расписанию.",
        (Role.PUPIL, Role.TEACHER),
    ),
    Told(
        20,
        "Родительское собрание 3А: четверг, 18:30",
        "Кабинет 204. Повестка: итоги четверти, экскурсия в музей, безопасность в интернете.\n\n"
        "Кто не сможет прийти, подключится по ссылке: она появится в чате за четверть часа.",
        (Role.GUARDIAN,),
        class_name="3А",
        wants_answer=True,
    ),
    Told(
        28,
        "Гололёд: как идти в школу",
        "Дворы и дорожки скользкие. Выходите на десять минут раньше и переходите дорогу у "
        "светофора. Вход со стороны стадиона закрыт до пятницы.",
    ),
    Told(
        50,
        "Пробный экзамен по русскому языку для 9А",
        "Суббота, 10:00, кабинет 301. С собой: паспорт, чёрная гелевая ручка, вода.",
        (Role.PUPIL, Role.GUARDIAN),
        class_name="9А",
        wants_answer=True,
    ),
    Told(
        75,
        "Педагогический совет — в понедельник",
        "15:00, библиотека. Темы: адаптация пятых классов, единые требования к контрольным.",
        (Role.TEACHER,),
        wants_answer=True,
    ),
    Told(
        120,
        "Сбор макулатуры",
        "До конца месяца сдаём макулатуру классами: контейнер у хозяйственного входа. Три класса, "
        "собравшие больше всех, поедут в планетарий.",
    ),
)
AHEAD = Told(
    -40,
    "Каникулы с 31 декабря по 10 января",
    "Учёба начнётся 11 января. Кружки работают по своему расписанию.",
)


def tell_announcements(session: Session, story: Story) -> None:
    """Write them; most people have opened them."""
    chance = random.Random(SEED + 5)
    administrator = story.administrators[0]
    for told in (*TOLD, AHEAD):
        author = story.leaders.get(told.class_name, administrator)
        class_id = story.classes[told.class_name].id if told.class_name else None
        announcement = Announcement(
            school_id=story.school.id,
            author_id=author.id,
            title=told.title,
            text=told.text,
            wants_answer=told.wants_answer,
            published_at=moment_of(told.hours_ago),
            targets=[AnnouncementTarget(role=role, class_id=class_id) for role in told.roles],
        )
        session.add(announcement)
        session.flush()
        if told.hours_ago > 0:
            _read(session, announcement, chance, told.hours_ago)


def moment_of(hours_ago: int) -> dt.datetime:
    """About so long ago, in the hours when a school writes: from eight on, and before six.

    What is behind is so by a while, so that some have read it; what is ahead stays there.
    """
    now = clock.local(TIME_ZONE)
    local = now - dt.timedelta(hours=hours_ago)
    hour = 8 if local.hour < 8 else 12 + hours_ago % 5 if local.hour > 17 else local.hour
    moment = local.replace(hour=hour, minute=hours_ago * 7 % 60)
    if hours_ago < 0:
        return moment.replace(hour=9)
    return moment if moment <= now - READ_WITHIN else moment - dt.timedelta(days=1)


def _read(
    session: Session, announcement: Announcement, chance: random.Random, hours_ago: int
) -> None:
    past = (clock.now() - announcement.published_at) // dt.timedelta(minutes=1)
    rows = []
    for person_id in sorted(people_of(announcement.school_id, announcement.targets)):
        if person_id == announcement.author_id or chance.random() > READ * min(1, hours_ago / 12):
            continue
        opened_at = announcement.published_at + dt.timedelta(
            minutes=chance.randint(1, min(past - 2, hours_ago * 50))
        )
        has_answered = announcement.wants_answer and chance.random() < ANSWERED
        rows.append(
            {
                "announcement_id": announcement.id,
                "person_id": person_id,
                "opened_at": opened_at,
                "answered_at": opened_at + dt.timedelta(minutes=1) if has_answered else None,
            }
        )
    if rows:
        session.execute(insert(AnnouncementReading), rows)
