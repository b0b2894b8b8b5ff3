"""A readable builder of school worlds: `world.teacher("Иванова Анна Петровна")`.

Everything is committed at once, so that code under test sees it as it would see a school's data.
"""

import datetime as dt
import itertools

from sqlalchemy import select, update

from app.core import clock, tokens
from app.core.config import current_settings
from app.core.db import db
from app.core.throttle import Attempt
from app.core.transaction import publish, writing
from app.identity import sessions
from app.identity.profiles import Profile, VkId
from app.linking.links import Link
from app.messenger.calls.models import Call
from app.messenger.chats.members import revoke
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import ChatKind
from app.messenger.facts import CallChanged, CallNews
from app.messenger.messages.sending import send_message
from app.messenger.people import ConfirmedRole
from app.school.accounts import Account
from app.school.classes import ClassKind, ClassTeacher, Enrolment, SchoolClass, Subject, Teaching
from app.school.people import Guardianship, Person, PersonRole, Role, School
from app.school.timetable import LessonChange, Substitution, TimetableSlot


class World:
    """One school by default; `world.school("…")` makes another."""

    def __init__(self):
        self._numbers = itertools.count(1)
        self._school = None

    # -- school -------------------------------------------------------------------------------
    @property
    def main_school(self):
        if self._school is None:
            self._school = self.school("Школа № 1")
        return self._school

    def school(self, name, **fields):
        return self._add(
            School(external_id=f"school-{self._next()}", name=name, region_code="77", **fields)
        )

    def person(self, name, *roles, school=None):
        family, given, *rest = name.split()
        return self._add(
            Person(
                school_id=(school or self.main_school).id,
                external_id=f"p-{self._next()}",
                family_name=family,
                given_name=given,
                patronymic=" ".join(rest),
                roles=[PersonRole(role=role) for role in roles],
            )
        )

    def teacher(self, name, **kwargs):
        return self.person(name, Role.TEACHER, **kwargs)

    def pupil(self, name, *, in_=None, **kwargs):
        pupil = self.person(name, Role.PUPIL, **kwargs)
        if in_ is not None:
            self.enrol(pupil, in_)
        return pupil

    def guardian(self, name, *, of=(), **kwargs):
        guardian = self.person(name, Role.GUARDIAN, **kwargs)
        for pupil in of:
            self.guardianship(guardian, pupil)
        return guardian

    def administrator(self, name, **kwargs):
        return self.person(name, Role.ADMINISTRATOR, **kwargs)

    def guardianship(self, guardian, pupil):
        return self._add(Guardianship(guardian_id=guardian.id, pupil_id=pupil.id))

    def school_class(self, name, *, teacher=None, kind=ClassKind.HOMEROOM, school=None):
        digits = "".join(c for c in name if c.isdigit())
        school_class = self._add(
            SchoolClass(
                school_id=(school or self.main_school).id,
                external_id=f"c-{self._next()}",
                name=name,
                grade=int(digits) if digits else None,
                kind=kind,
            )
        )
        if teacher is not None:
            self._add(ClassTeacher(class_id=school_class.id, teacher_id=teacher.id))
        return school_class

    def enrol(self, pupil, school_class, *, since=None):
        return self._add(
            Enrolment(
                pupil_id=pupil.id,
                class_id=school_class.id,
                since=since or dt.date(2026, 9, 1),
            )
        )

    def subject(self, name, *, school=None):
        return self._add(
            Subject(
                school_id=(school or self.main_school).id,
                external_id=f"s-{self._next()}",
                name=name,
            )
        )

    def teaching(self, teacher, school_class, subject):
        return self._add(
            Teaching(class_id=school_class.id, subject_id=subject.id, teacher_id=teacher.id)
        )

    def slot(self, teaching, *, weekday, number, room="204", **fields):
        """A weekly lesson of 45 minutes: the second one begins at 9:30."""
        times = {"starts_at": dt.time(7 + number, 30), "ends_at": dt.time(8 + number, 15)}
        return self._add(
            TimetableSlot(
                teaching_id=teaching.id,
                weekday=weekday,
                number=number,
                room=room,
                **(times | fields),
            )
        )

    def lesson_change(self, teaching, *, number, **fields):
        """What differs on a date; extra when no `planned_on` is said."""
        times = {"starts_at": dt.time(7 + number, 30), "ends_at": dt.time(8 + number, 15)}
        return self._add(LessonChange(teaching_id=teaching.id, number=number, **(times | fields)))

    def substitution(self, teaching, substitute, *, since, until):
        return self._add(
            Substitution(
                teaching_id=teaching.id, substitute_id=substitute.id, since=since, until=until
            )
        )

    # -- accounts and profiles ----------------------------------------------------------------
    def account(self, person, *, login=None, password_hash=""):
        return self._add(
            Account(
                person_id=person.id,
                login=login or f"user{self._next()}",
                password_hash=password_hash,
                must_change_password=False,
            )
        )

    def profile(self, name="Анна Иванова", *, phone=None):
        given, family, *rest = name.split()
        vk_id = self._add(
            VkId(
                phone=phone or f"+7916{self._next():07d}",
                family_name=family,
                given_name=given,
                patronymic=" ".join(rest),
            )
        )
        return self._add(
            Profile(
                vk_id_id=vk_id.id,
                family_name=family,
                given_name=given,
                patronymic=" ".join(rest),
            )
        )

    def link(self, person, profile=None, *, account=None):
        """A link as linking would leave it; no fact is published."""
        account = account or self.account(person)
        profile = profile or self.profile(f"{person.given_name} {person.family_name}")
        return self._add(
            Link(
                account_id=account.id,
                school_id=person.school_id,
                issuer=current_settings().issuer,
                subject=profile.public_id,
                profile_name=profile.name,
                linked_at=clock.now(),
            )
        )

    # -- messenger ----------------------------------------------------------------------------
    def chat(self, title, *profiles, kind=ChatKind.AUTO, label=""):
        """A chat with these profiles in it."""
        chat = self._add(Chat(kind=kind, title=title, label=label))
        for profile in profiles:
            self.join(profile, chat)
        return chat

    def join(self, profile, chat, **fields):
        """`profile` comes in now: what was said before is not unread to it."""
        fields.setdefault(
            "read_seq", db.session.scalar(select(Chat.last_seq).where(Chat.id == chat.id))
        )
        return self._add(Member(chat_id=chat.id, profile_id=profile.id, **fields))

    def leave(self, profile, chat):
        """As membership would leave it: what was said so far stays readable."""
        revoke(chat.id, [profile.id])

    def a_minute_passes(self):
        """Another code may be asked for."""
        with writing() as session:
            recent = clock.now() - dt.timedelta(seconds=61)
            session.execute(
                update(Attempt).where(Attempt.key.like("code:send:%")).values(at=recent)
            )

    def confirmed(self, profile, role, *, school="school-1"):
        """A role of this profile that a school has confirmed."""
        return self._add(
            ConfirmedRole(
                profile_id=profile.id, school_key=school, school_name="Школа № 1", role=role
            )
        )

    def signed_in(self, web, profile):
        """`web` (a test client) is a browser signed in to the messenger as `profile`."""
        token = sessions.start_session(profile.id, address="127.0.0.1", user_agent="test")
        web.set_cookie(sessions.COOKIE, token)
        return web

    def says(self, profile, chat, text, client_id=None):
        """`profile` writes `text` into `chat`."""
        return send_message(profile.id, chat.public_id, client_id or tokens.public_id(), text)

    def calls(self, profile, chat):
        """`profile` begins a call, whatever `safety` says of those in the chat."""
        with writing() as session:
            call = Call(chat_id=chat.id, started_by_id=profile.id)
            session.add(call)
            session.flush()
            publish(CallChanged(call.id, chat.id, CallNews.BEGAN))
        return call

    # -- inside -------------------------------------------------------------------------------
    def _next(self):
        return next(self._numbers)

    def _add(self, row):
        with writing() as session:
            session.add(row)
        return row
