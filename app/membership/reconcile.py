"""Making the tables say what the rules want. Running it twice changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update

from app.core import clock
from app.core.config import current_settings
from app.core.db import db
from app.core.transaction import writing
from app.identity import sessions
from app.identity.profiles import Profile
from app.linking.facts import ProfileLinked, ProfileUnlinked
from app.linking.links import Link
from app.membership import acquaintances, plan, roles, rules, school_view
from app.membership.models import Seat, SeatedDay
from app.membership.plan import ActualChat, ChatChange, MemberState, SeatState
from app.membership.rules import Reason, ReasonKind
from app.messenger import direct
from app.messenger.chats import members, suspension
from app.messenger.chats.members import Place
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import ChatKind, MemberRole
from app.messenger.messages.notices import NoticeEvent, post_notice
from app.school.accounts import Account
from app.school.classes import SchoolClass
from app.school.facts import RosterApplied, StaffChatSwitched, SubstitutionSet, TimetableChanged
from app.school.people import Person, School


def reconcile(school_ids: Iterable[int] | None = None) -> int:
    """Bring the automatic chats of these schools (all when None) in order; returns the number of
    chats changed. One transaction a school.
    """
    if school_ids is None:
        school_ids = list(db.session.scalars(select(School.id)))
    return sum(_reconcile(school_id, None) for school_id in school_ids)


def reconcile_person(person_id: int, heirs: Mapping[str, str] | None = None) -> int:
    """The same for the classes that one person touches: fast, for a link just made or ended."""
    school_id = db.session.scalar(select(Person.school_id).where(Person.id == person_id))
    if school_id is None:
        return 0
    return _reconcile(school_id, school_view.classes_touched_by(person_id), heirs)


def reconcile_classes(school_id: int, class_ids: Collection[int]) -> int:
    """The same for some classes of a school."""
    return _reconcile(school_id, class_ids)


def on_link(fact: ProfileLinked | ProfileUnlinked) -> None:
    """Reaction: a link was made or ended."""
    reconcile_person(fact.person_id, fact.heirs if isinstance(fact, ProfileUnlinked) else None)


def on_taken_away(fact: ProfileUnlinked) -> None:
    """Reaction: the school ended a link, so the profile may be in wrong hands: sign it out."""
    if fact.by_school:
        sessions.end_all(fact.subject)


def on_roster(fact: RosterApplied) -> None:
    """Reaction: a roster was imported."""
    reconcile(fact.school_ids)


def on_class(fact: SubstitutionSet | TimetableChanged) -> None:
    """Reaction: a substitution in a class, or its teaching load, changed."""
    school_id = db.session.scalar(
        select(School.id)
        .join(SchoolClass, SchoolClass.school_id == School.id)
        .where(SchoolClass.id == fact.class_id)
    )
    if school_id is not None:
        _reconcile(school_id, {fact.class_id})


def on_staff_chat(fact: StaffChatSwitched) -> None:
    """Reaction: the staff chat was opened or closed."""
    reconcile([fact.school_id])


def _reconcile(
    school_id: int,
    class_ids: Collection[int] | None,
    heirs: Mapping[str, str] | None = None,
) -> int:
    with writing() as session:
        school = session.scalars(
            select(School).where(School.id == school_id).with_for_update()
        ).one()
        view = school_view.load(school, class_ids)
        want = rules.wanted(view)
        keys = _keys_in_scope(school, class_ids)
        have = _actual(keys)
        profiles = _profiles(school_id)
        elsewhere = _elsewhere(set(profiles.values()), keys)
        changes = plan.diff(want, have, profiles, elsewhere)
        for change in changes:
            _apply(change)
        met = acquaintances.write(view, profiles, class_ids)
        confirmed = roles.confirm(school, profiles)
        for profile_id in confirmed.lost:
            suspension.suspend(profile_id, heirs)
        for profile_id in confirmed.gained:
            suspension.resume(profile_id)
        direct.follow(met | confirmed.changed)
        if class_ids is None:
            session.merge(SeatedDay(school_id=school_id, date=clock.today(school.time_zone)))
        return len(changes)


def _keys_in_scope(school: School, class_ids: Collection[int] | None) -> dict[str, int]:
    """Stored automatic chats (key -> id) that this run may change."""
    query = select(SchoolClass.public_id).where(SchoolClass.school_id == school.id)
    if class_ids is not None:
        query = query.where(SchoolClass.id.in_(class_ids))
    prefixes = {*db.session.scalars(query)}
    found: dict[str, int] = {}
    for key, chat_id in db.session.execute(
        select(Chat.auto_key, Chat.id).where(Chat.auto_key.is_not(None))
    ):
        if key is None:
            continue
        kind, place, _part = key.split(":", 2)
        if (kind == "school" and place == school.public_id) or place in prefixes:
            found[key] = chat_id
    return found


def _actual(keys: dict[str, int]) -> dict[str, ActualChat]:
    by_id = {chat_id: key for key, chat_id in keys.items()}
    chats: dict[str, ActualChat] = {}
    for chat in db.session.execute(
        select(Chat.auto_key, Chat.title, Chat.label).where(Chat.id.in_(by_id))
    ):
        chats[chat.auto_key] = ActualChat(chat.title, chat.label)
    for seat in db.session.execute(
        select(Seat.chat_id, Seat.person_id, Seat.reasons, Seat.is_administrator).where(
            Seat.chat_id.in_(by_id)
        )
    ):
        chats[by_id[seat.chat_id]].seats[seat.person_id] = SeatState(
            frozenset(plain_reason(item) for item in seat.reasons), seat.is_administrator
        )
    for member in db.session.execute(
        select(Member.chat_id, Member.profile_id, Member.role, Member.shows_label).where(
            Member.chat_id.in_(by_id), Member.left_at.is_(None)
        )
    ):
        chats[by_id[member.chat_id]].members[member.profile_id] = MemberState(
            member.role is MemberRole.ADMINISTRATOR, member.shows_label
        )
    return chats


def _profiles(school_id: int) -> dict[int, int]:
    """Linked people of the school -> their profiles. Only links of our own provider count."""
    rows = db.session.execute(
        select(Account.person_id, Profile.id)
        .join(Link, Link.account_id == Account.id)
        .join(Profile, Profile.public_id == Link.subject)
        .join(Person, Person.id == Account.person_id)
        .where(
            Link.school_id == school_id,
            Link.ended_at.is_(None),
            Link.issuer == current_settings().issuer,
            Person.left_on.is_(None),
        )
    )
    return {row[0]: row[1] for row in rows}


def _elsewhere(profile_ids: set[int], keys: dict[str, int]) -> dict[tuple[int, str], set[str]]:
    """Automatic chats out of scope where these profiles sit: (profile, title) -> keys."""
    places: dict[tuple[int, str], set[str]] = defaultdict(set)
    for profile, title, key in db.session.execute(
        select(Member.profile_id, Chat.title, Chat.auto_key)
        .join(Chat, Chat.id == Member.chat_id)
        .where(
            Chat.auto_key.is_not(None),
            Member.left_at.is_(None),
            Member.profile_id.in_(profile_ids),
        )
    ):
        if key is not None and key not in keys:
            places[profile, title].add(key)
    return places


def _apply(change: ChatChange) -> None:
    chat_id = _chat_id(change)
    session = db.session
    if change.vacated or change.seats:
        session.execute(
            delete(Seat).where(Seat.chat_id == chat_id, Seat.person_id.in_(change.vacated))
        )
    known = set(
        session.scalars(
            select(Seat.person_id).where(Seat.chat_id == chat_id, Seat.person_id.in_(change.seats))
        )
    )
    new = []
    for person, seat in change.seats.items():
        values: dict[str, Any] = {
            "is_administrator": seat.is_administrator,
            "reasons": [_plain(reason) for reason in sorted(seat.reasons)],
        }
        if person in known:
            session.execute(
                update(Seat)
                .where(Seat.chat_id == chat_id, Seat.person_id == person)
                .values(**values)
            )
        else:
            new.append({"chat_id": chat_id, "person_id": person, "since": clock.now(), **values})
    if new:
        session.execute(insert(Seat), new)
    had = _members_of(chat_id)
    members.grant(
        chat_id,
        {
            profile: Place(
                MemberRole.ADMINISTRATOR if state.is_administrator else MemberRole.MEMBER,
                state.shows_label,
            )
            for profile, state in change.members.items()
        },
    )
    members.revoke(chat_id, change.left)
    _tell(chat_id, change, had)


def _members_of(chat_id: int) -> set[int]:
    return set(
        db.session.scalars(
            select(Member.profile_id).where(Member.chat_id == chat_id, Member.left_at.is_(None))
        )
    )


def _tell(chat_id: int, change: ChatChange, had: set[int]) -> None:
    """Say in the chat who came and who went: one line each, however many they are.

    Decision: who comes first finds an empty chat, for there is nobody to tell.
    """
    came = sorted(change.members.keys() - had)
    if had and came:
        post_notice(chat_id, NoticeEvent.JOINED, whom=came)
    gone = sorted(change.left & had)
    if gone and (had - change.left or came):
        post_notice(chat_id, NoticeEvent.GONE, whom=gone)


def _chat_id(change: ChatChange) -> int:
    session = db.session
    if change.created is not None:
        title, label = change.created
        chat = Chat(kind=ChatKind.AUTO, auto_key=change.key, title=title, label=label)
        session.add(chat)
        session.flush()
        return chat.id
    chat_id = session.scalars(select(Chat.id).where(Chat.auto_key == change.key)).one()
    if change.label is not None:
        session.execute(update(Chat).where(Chat.id == chat_id).values(label=change.label))
    return chat_id


def _plain(reason: Reason) -> dict[str, str]:
    return {
        "kind": reason.kind.value,
        "place": reason.place,
        "about": reason.about,
        "until": reason.until,
    }


def plain_reason(plain: dict[str, str]) -> Reason:
    """A stored reason as the rules' value."""
    return Reason(ReasonKind(plain["kind"]), plain["place"], plain["about"], plain["until"])
