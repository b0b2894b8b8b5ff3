"""The linked people of the demo school, as chats need them: who is who, since when, whose child."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.school_story import Story
from app.demo.talk.casting import Actor
from app.identity.profiles import Profile
from app.linking.links import Link
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import MemberRole
from app.messenger.messages.notices import gender_of
from app.school.accounts import Account
from app.school.people import Guardianship, Person

LETTERS = {"pupil": "у", "guardian": "р", "teacher": "н"}


@dataclass(frozen=True)
class Someone:
    """A linked person. `letter` is the voice they have where they are nothing special."""

    profile_id: int
    person: Person
    letter: str
    entered: dt.datetime

    def actor(self, letter: str, since: dt.datetime) -> Actor:
        """The person in a chat, in it since that moment or since linking."""
        person = self.person
        return Actor(
            profile_id=self.profile_id,
            letter=letter,
            name=f"{person.given_name} {person.family_name}",
            short=f"{person.family_name} {person.given_name[:1]}.",
            gender=gender_of(person.family_name, person.patronymic),
            entered=max(since, self.entered),
        )


class Company:
    """Everybody who is linked, read once."""

    def __init__(self, session: Session, story: Story) -> None:
        self.story = story
        self.members: dict[int, list[tuple[int, MemberRole]]] = defaultdict(list)
        for chat_id, profile_id, role in session.execute(
            select(Member.chat_id, Member.profile_id, Member.role).order_by(Member.profile_id)
        ):
            self.members[chat_id].append((profile_id, role))
        pupils = {one.id: one for row in story.pupils.values() for one in row}
        guardians = {one.id: one for one in story.guardians}
        teachers = {one.id: one for one in story.teachers}
        self.people: dict[int, Someone] = {}  # by person
        self.profiles: dict[int, Someone] = {}
        for person_id, profile_id, linked_at in session.execute(
            select(Account.person_id, Profile.id, Link.linked_at)
            .join(Link, Link.account_id == Account.id)
            .join(Profile, Profile.public_id == Link.subject)
            .order_by(Account.person_id)
        ):
            kind = (
                "teacher"
                if person_id in teachers
                else "pupil"
                if person_id in pupils
                else "guardian"
            )
            person = (teachers | pupils | guardians)[person_id]
            one = Someone(profile_id, person, LETTERS[kind], linked_at)
            self.people[person_id] = self.profiles[profile_id] = one
        self.children: dict[int, list[int]] = defaultdict(list)
        self.parents: dict[int, list[int]] = defaultdict(list)
        for guardian, pupil in session.execute(
            select(Guardianship.guardian_id, Guardianship.pupil_id).order_by(Guardianship.id)
        ):
            self.children[guardian].append(pupil)
            self.parents[pupil].append(guardian)

    def by_login(self, login: str) -> Someone:
        """A persona that is linked."""
        return self.people[self.story.logins[login].id]

    def class_chats(self, session: Session) -> list[tuple[int, str, str]]:
        """The chats of classes: id, class, part («parents»)."""
        return [
            (chat_id, label, key.rsplit(":", 1)[1])
            for chat_id, label, key in self._auto(session, "class:")
        ]

    def subject_chats(self, session: Session) -> list[tuple[int, str, str]]:
        """The chats of subjects: id, class, subject."""
        titles = dict(session.execute(select(Chat.id, Chat.title)).all())
        return [
            (chat_id, label, titles[chat_id])
            for chat_id, label, _key in self._auto(session, "subject:")
        ]

    def _auto(self, session: Session, prefix: str) -> Sequence[tuple[int, str, str]]:
        """By class, then by what the chat is for: ids of chats and keys change every time."""
        rows = session.execute(
            select(Chat.id, Chat.label, Chat.auto_key, Chat.title).where(
                Chat.auto_key.startswith(prefix)
            )
        )
        order = list(self.story.classes)
        ordered = sorted(rows, key=lambda row: (order.index(row.label), row.title))
        return [(row.id, row.label, row.auto_key or "") for row in ordered]

    def actors_of(self, chat_id: int, since: dt.datetime | None = None) -> list[Actor]:
        """Who is in an automatic chat; who leads it has the letter of that."""
        found = []
        for profile_id, role in self.members[chat_id]:
            one = self.profiles[profile_id]
            leads = role is MemberRole.ADMINISTRATOR
            letter = ("П" if since else "Л") if leads else one.letter
            found.append(one.actor(letter, since or one.entered))
        return found

    def ballots(self, class_name: str) -> dict[int, tuple[str, ...]]:
        """The children of this class for whom a profile votes, as ballots name them."""
        here = {one.id: one.public_id for one in self.story.pupils[class_name]}
        return {
            self.people[guardian].profile_id: tuple(
                f"child:{here[child]}" for child in children if child in here
            )
            for guardian, children in self.children.items()
            if guardian in self.people
        }

    def some(self, words: str, *, before: dt.datetime, chance: random.Random) -> list[Someone]:
        """«pupils 5А 8»: so many linked people, linked before that moment."""
        kind, *rest = words.split()
        if kind == "teachers":
            people = [
                line.teacher
                for (_name, subject), line in self.story.teachings.items()
                if subject in rest
            ]
            return self._linked(people, before)
        class_name, count = rest
        pupils = self.story.pupils[class_name]
        if kind == "parents":
            guardians = {one.id: one for one in self.story.guardians}
            people = [
                guardians[p] for one in pupils for p in self.parents[one.id] if p in guardians
            ]
        else:
            people = list(pupils)
        found = self._linked(people, before)
        return chance.sample(found, min(int(count), len(found)))

    def _linked(self, people: Iterable[Person], before: dt.datetime) -> list[Someone]:
        ids = dict.fromkeys(person.id for person in people)
        known = (self.people[one] for one in ids if one in self.people)
        return [one for one in known if one.entered < before]

    def pairs(self, heading: str, chance: random.Random) -> list[tuple[Someone, Someone]]:
        """Pairs for a dialogue that the table of safety lets talk, the personas' first."""
        first, second = heading.split("-")
        found = [
            (one, other)
            for class_name in self.story.classes
            for one in self._in(class_name, first)
            for other in self._in(class_name, second)
            if one is not other
        ]
        chance.shuffle(found)
        known = {
            self.by_login(login).profile_id for login in ("belova", "orlov", "morozova", "egor")
        }
        return sorted(
            found,
            key=lambda pair: -len(known & {pair[0].profile_id, pair[1].profile_id}),
        )

    def _in(self, class_name: str, kind: str) -> list[Someone]:
        story = self.story
        match kind:
            case "pupil":
                people = story.pupils[class_name]
            case "guardian":
                ids = {p for one in story.pupils[class_name] for p in self.parents[one.id]}
                people = [one for one in story.guardians if one.id in ids]
            case "leader":
                people = [story.leaders[class_name]]
            case _:
                people = [
                    line.teacher
                    for (name, _subject), line in story.teachings.items()
                    if name == class_name
                ]
        return self._linked(people, dt.datetime.max.replace(tzinfo=dt.UTC))
