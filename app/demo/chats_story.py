"""Which chats the demo school has besides those of the classes, and what is told in each."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.demo.chat_people import Company, Someone
from app.demo.school_story import SEED, TIME_ZONE, Story, grade_of
from app.demo.talk import scripts, telling
from app.demo.talk.casting import Actor, Stage
from app.demo.talk.scripts import Script
from app.demo.talk.writing import History, write
from app.membership.rules import subject_key
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import CLOSED, ORDINARY, ChatKind, MemberRole, Permissions

# Within how many days all was said; chats of subjects and by hand are not older than that.
DAYS_BACK = {"subject": 18, "made": 13, "direct": 14}
DAYS_BACK_IN_CLASSES = 33
# How many conversations a chat of each part of a class has had.
SCRIPTS = {"parents": 9, "pupils": 8, "teachers": 4}
OPENED = (("5А", "Русский язык"), ("9А", "Физика"), ("9А", "Химия"), ("11А", "Физика"))
OPENED_BEFORE = dt.timedelta(days=24)
# Unread messages of everybody, drawn by lot.
UNREAD = (0, 0, 0, 0, 1, 2, 4)
# Chat, who made it, whom they took, how it is set and looks.
MADE: tuple[tuple[str, str, tuple[str, ...], Permissions, str], ...] = (
    ("Стенгазета", "belova", ("pupils 5А 8",), CLOSED, "forest"),
    ("Физика: олимпиада", "orlov", ("pupils 9А 4", "pupils 10А 3", "pupils 11А 3"), CLOSED, ""),
    ("5А: поездка в музей", "morozova", ("parents 5А 9",), ORDINARY, ""),
    (
        "Естественные науки",
        "orlov",
        ("teachers Биология Химия География Информатика",),
        ORDINARY,
        "",
    ),
    ("КВН 9А", "egor", ("pupils 9А 7",), ORDINARY, "sunset"),
)
# Who writes to whom, for each pair how many people of the class do.
DIRECT_EACH = 2


def open_subject_chats(session: Session, story: Story) -> None:
    """Chats that a first lesson by call has opened; `reconcile` then fills them."""
    for class_name, subject in OPENED:
        school_class, taught = story.classes[class_name], story.subjects[subject]
        session.add(
            Chat(
                kind=ChatKind.AUTO,
                auto_key=subject_key(school_class.public_id, taught.public_id),
                title=taught.name,
                label=class_name,
                created_at=clock.now() - OPENED_BEFORE,
            )
        )
    session.flush()


def tell_chats(session: Session, story: Story) -> None:
    """History of all chats of the school: of classes, of subjects, made by hand, of two."""
    chance = random.Random(SEED + 2)
    now = clock.local(TIME_ZONE)
    people = Company(session, story)
    histories = [
        _history(stage, told, now, chance)
        for stage, told in (*_class_chats(session, people), *_subject_chats(session, people))
    ]
    histories += _made_chats(session, people, now, chance)
    histories += _dialogues(session, people, now, chance)
    write(session, [history for history in histories if history.said])
    _arrange(session, people)


def _history(
    stage: Stage, told: Sequence[Script], now: dt.datetime, chance: random.Random
) -> History:
    back = DAYS_BACK.get(stage.kind, DAYS_BACK_IN_CLASSES)
    said = telling.tell(stage, told, now, chance, back=back)
    unread = {actor.profile_id: chance.choice(UNREAD) for actor in stage.actors}
    return History(stage, said, unread)


def _class_chats(session: Session, people: Company) -> Iterable[tuple[Stage, Sequence[Script]]]:
    dealt = dict.fromkeys(SCRIPTS, 0)
    for chat_id, class_name, part in people.class_chats(session):
        stage = Stage(
            chat_id,
            part,
            people.actors_of(chat_id),
            grade_of(class_name),
            tells_who_came=part != "teachers",
            ballots=people.ballots(class_name) if part == "parents" else {},
        )
        letters = {actor.letter for actor in stage.actors}
        fitting = [
            script
            for script in scripts.read(part)
            if stage.grade in script.grades and ("Л" in letters or not script.has("Л"))
        ]
        start, count = dealt[part], min(SCRIPTS[part], len(fitting))
        dealt[part] += count
        yield stage, [fitting[(start + step) % len(fitting)] for step in range(count)]


def _subject_chats(session: Session, people: Company) -> Iterable[tuple[Stage, Sequence[Script]]]:
    opened = clock.now() - OPENED_BEFORE
    told: dict[str, int] = {}
    for chat_id, class_name, subject in people.subject_chats(session):
        stage = Stage(
            chat_id, "subject", people.actors_of(chat_id, since=opened), grade_of(class_name)
        )
        fitting = [script for script in scripts.read("subjects") if script.heading == subject]
        # The second class of the same teacher has had its own conversations.
        start = told.get(subject, 0)
        told[subject] = start + 2
        yield stage, fitting[start : start + 2]


def _made_chats(
    session: Session, people: Company, now: dt.datetime, chance: random.Random
) -> Iterable[History]:
    for title, login, wanted, permissions, theme in MADE:
        creator = people.by_login(login)
        at = now - dt.timedelta(days=chance.randint(15, 20), hours=now.hour - 15)
        guests = [
            one
            for words in wanted
            for one in people.some(words, before=at, chance=chance)
            if one is not creator
        ]
        chat = Chat(
            kind=ChatKind.MANUAL,
            title=title,
            theme=theme or "default",
            permissions={action.value: circle.value for action, circle in permissions.items()},
            created_at=at,
        )
        session.add(chat)
        session.flush()
        roles = {creator.profile_id: MemberRole.CREATOR}
        _seat(session, chat.id, [creator, *guests], at, roles)
        actors = [creator.actor("С", at), *(one.actor(one.letter, at) for one in guests)]
        stage = Stage(chat.id, "made", actors)
        told = [script for script in scripts.read("made") if script.heading == title]
        history = _history(stage, told, now, chance)
        begun = telling.made_notices(actors[0], at, actors[1:])
        history.unread = dict(history.unread) | {creator.profile_id: 1}
        yield History(stage, [*begun, *history.said], history.unread)


def _dialogues(
    session: Session, people: Company, now: dt.datetime, chance: random.Random
) -> Iterable[History]:
    taken: set[tuple[int, int]] = set()
    for script in scripts.read("direct"):
        pairs = people.pairs(script.heading, chance)
        count = 0
        for first, second in pairs:
            pair = sorted((first.profile_id, second.profile_id))
            if count == DIRECT_EACH or (pair[0], pair[1]) in taken:
                continue
            taken.add((pair[0], pair[1]))
            count += 1
            since = max(first.entered, second.entered)
            chat = Chat(kind=ChatKind.DIRECT, title="", pair_low_id=pair[0], pair_high_id=pair[1])
            session.add(chat)
            session.flush()
            actors = [first.actor("А", since), second.actor("Б", since)]
            stage = Stage(chat.id, "direct", actors)
            said = telling.tell(stage, [script], now, chance, back=DAYS_BACK["direct"])
            began = said[0].at - dt.timedelta(minutes=1) if said else now
            chat.created_at = began
            _seat(session, chat.id, [first, second], began, {})
            unread = {actor.profile_id: chance.choice((0, 0, 0, 1)) for actor in actors}
            entered = [Actor(**vars(actor) | {"entered": began}) for actor in actors]
            yield History(Stage(chat.id, "direct", entered), said, unread)


def _seat(
    session: Session,
    chat_id: int,
    people: Sequence[Someone],
    at: dt.datetime,
    roles: dict[int, MemberRole],
) -> None:
    session.execute(
        insert(Member),
        [
            {
                "chat_id": chat_id,
                "profile_id": one.profile_id,
                "role": roles.get(one.profile_id, MemberRole.MEMBER),
                "joined_at": at,
            }
            for one in people
        ],
    )


def _arrange(session: Session, people: Company) -> None:
    """How the personas have arranged their lists: one chat on top, one without a sound."""
    for login, title, values in (
        ("belova", "Чат с родителями", {"pinned_at": clock.now() - dt.timedelta(days=9)}),
        ("orlov", "Естественные науки", {"pinned_at": clock.now() - dt.timedelta(days=9)}),
        ("morozova", "5А: поездка в музей", {"muted_until": clock.now() + dt.timedelta(days=300)}),
    ):
        chats = select(Chat.id).where(Chat.title == title)
        session.execute(
            update(Member)
            .where(
                Member.profile_id == people.by_login(login).profile_id, Member.chat_id.in_(chats)
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )
