"""The demo school: what is promised of it, and that it keeps the school's and the messenger's rules."""

import datetime as dt
from collections import Counter, defaultdict
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from app import create_app
from app.core import clock
from app.core.config import Mode
from app.core.db import db
from app.demo import lessons_story, loading
from app.demo.links_story import LINKED_LOGINS, UNLINKED_LOGINS
from app.demo.personas import PERSONAS
from app.demo.school_story import TIME_ZONE
from app.demo.talk import scripts
from app.identity.profiles import Profile
from app.linking.links import Link
from app.membership.models import Seat
from app.membership.reconcile import reconcile
from app.messenger import reach
from app.messenger.attachments.models import Attachment
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import ChatKind, MemberRole
from app.messenger.messages.models import Mention, Message, MessageKind, Reaction
from app.messenger.polls.ballots import is_over
from app.messenger.polls.models import Poll, PollVote
from app.messenger.safety import Act
from app.school import averages, calendar, conflicts, homework
from app.school.accounts import Account
from app.school.announcements.models import Announcement, AnnouncementReading
from app.school.classes import SchoolClass, Subject, Teaching
from app.school.lessons import of_school
from app.school.marks import Mark, PeriodMark
from app.school.people import Person, PersonRole, Role, School
from app.school.planning import Plan
from tests.conftest import make_settings

ZONE = ZoneInfo(TIME_ZONE)
NOW = dt.datetime(2026, 11, 24, 18, 20, tzinfo=ZONE)


def demo_site(folder, moment=NOW):
    app = create_app(
        make_settings(folder, mode=Mode.DEMO, database_url=f"sqlite:///{folder}/demo.sqlite3")
    )
    with app.app_context():
        db.create_all()
        with clock.frozen(moment):
            loading.load()
        db.session.remove()
    return app


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return demo_site(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def demo(site):
    with site.app_context(), clock.frozen(NOW):
        yield site
        db.session.rollback()
        db.session.remove()


def count(model, *where):
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


def people_of(role):
    return count(PersonRole, PersonRole.role == role)


# -- the school ----------------------------------------------------------------------------------
def test_the_school_has_the_promised_people(demo):
    assert people_of(Role.TEACHER) == 25
    assert count(SchoolClass) == 12
    assert people_of(Role.PUPIL) == 300
    assert 415 <= people_of(Role.GUARDIAN) <= 425
    assert people_of(Role.ADMINISTRATOR) == 1
    full = select(Person.family_name, Person.given_name, Person.patronymic)
    assert len(set(db.session.execute(full).all())) > 0.97 * count(Person)


def test_everybody_has_a_believable_name(demo):
    for person in db.session.scalars(select(Person)):
        is_she = person.patronymic.endswith("вна")
        assert is_she or person.patronymic.endswith("ич"), person.full_name
        if person.family_name.endswith(("ов", "ев", "ёв", "ин", "ова", "ева", "ёва", "ина")):
            assert person.family_name.endswith("а") is is_she, person.full_name


def test_personas_stand_where_their_hints_say(demo):
    rows = dict(
        db.session.execute(
            select(Account.login, Link.id)
            .join(Link, Link.account_id == Account.id, isouter=True)
            .where(Account.login.in_([persona.login for persona in PERSONAS]))
        ).all()
    )
    assert {login for login, link in rows.items() if link} == set(LINKED_LOGINS)
    assert {login for login, link in rows.items() if not link} == UNLINKED_LOGINS - {"dasha"}
    names = {persona.login: persona.name for persona in PERSONAS}
    for account in db.session.scalars(select(Account).where(Account.login.in_(names))):
        assert account.person.full_name == names[account.login]


# -- lessons -------------------------------------------------------------------------------------
def test_nobody_is_in_two_places(demo):
    school = db.session.scalars(select(School)).one()
    today = clock.today(TIME_ZONE)
    by_day = defaultdict(list)
    for lesson in of_school(school.id, today - dt.timedelta(21), today + dt.timedelta(14)):
        if lesson.is_given:
            by_day[lesson.day.date].append(lesson)
    assert len(by_day) > 20
    for day, lessons in by_day.items():
        busy = [conflicts.busy_of(lesson) for lesson in lessons]
        for place, one in enumerate(busy):
            assert not conflicts.conflicts(one, busy[place + 1 :]), (day, one)


def test_a_class_has_its_hours_without_gaps_in_the_day(demo):
    school = db.session.scalars(select(School)).one()
    monday = dt.date(2026, 9, 7)
    hours, days = Counter(), defaultdict(list)
    for lesson in of_school(school.id, monday, monday + dt.timedelta(4)):
        hours[lesson.line.class_name] += 1
        days[lesson.line.class_name, lesson.day.date].append(lesson.day.number)
    assert (hours["1А"], hours["3А"], hours["7А"], hours["11А"]) == (21, 23, 30, 32)
    for where, numbers in days.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), where
    load = Counter()
    for lesson in of_school(school.id, monday, monday + dt.timedelta(4)):
        load[lesson.giver_id] += 1
    assert len(load) == 25
    assert max(load.values()) <= 20


def test_there_are_substitutions_and_lessons_by_call(demo):
    school = db.session.scalars(select(School)).one()
    today = clock.today(TIME_ZONE)
    lessons = of_school(school.id, today - dt.timedelta(21), today + dt.timedelta(6))
    assert sum(lesson.day.substitute_id is not None for lesson in lessons) >= 5
    assert sum(lesson.day.is_distance for lesson in lessons) >= 10
    assert sum(lesson.day.is_cancelled for lesson in lessons) >= 5


def soon(now):
    """Lessons by call that may be entered at once, or within minutes: their classes."""
    school = db.session.scalars(select(School)).one()
    found = set()
    for day in (now.date(), now.date() + dt.timedelta(1)):
        for lesson in of_school(school.id, day, day):
            waits = lesson.begins(ZONE) - dt.timedelta(minutes=15) - now
            is_soon = waits <= dt.timedelta(minutes=5)
            is_worth = lesson.ends(ZONE) - now >= dt.timedelta(minutes=15)
            if lesson.day.is_distance and lesson.is_given and is_soon and is_worth:
                found.add(lesson.line.class_name)
    return found


def test_a_visitor_finds_a_lesson_by_call(demo):
    assert soon(NOW) >= {"5А", "9А", "3А"}


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2026, 11, 25, 3, 41, tzinfo=ZONE),
        dt.datetime(2026, 11, 25, 9, 30, tzinfo=ZONE),
        dt.datetime(2026, 11, 25, 13, 5, tzinfo=ZONE),
        dt.datetime(2026, 11, 28, 22, 58, tzinfo=ZONE),
        dt.datetime(2026, 11, 28, 23, 31, tzinfo=ZONE),
        dt.datetime(2026, 12, 31, 23, 52, tzinfo=ZONE),
        dt.datetime(2027, 7, 4, 12, 0, tzinfo=ZONE),
    ],
)
def test_lessons_by_call_come_anew_whatever_the_hour(demo, moment):
    with clock.frozen(moment):
        lessons_story.renew_calls(db.session())
        assert soon(moment) >= {"5А", "9А", "3А"}
        kept = count(lessons_story.LessonChange)
        lessons_story.renew_calls(db.session())
        assert count(lessons_story.LessonChange) == kept  # pressed twice, done once


def test_every_line_has_topics_and_homework_is_given(demo):
    assert count(Plan) == count(Teaching)
    egor = db.session.scalars(select(Account).where(Account.login == "egor")).one().person
    today = clock.today(TIME_ZONE)
    found = homework.homework_of_pupil(egor.id, today - dt.timedelta(14), today + dt.timedelta(2))
    assert len(found) >= 15
    assert {row.is_done for row in found} == {True, False}
    assert any(row.date > today for row in found)


def test_a_whole_term_has_marks_and_the_one_before_its_totals(demo):
    today = clock.today(TIME_ZONE)
    first, second = calendar.periods_of(db.session.scalars(select(School.id)).one(), today)[:2]
    for period in (first, second):
        pupils = set(
            db.session.scalars(
                select(Mark.pupil_id).where(
                    Mark.date.between(period.since, period.until), Mark.value.is_not(None)
                )
            )
        )
        assert len(pupils) == 300
    assert count(Mark) > 25_000
    assert count(Mark, Mark.date > today) == 0
    assert count(PeriodMark, PeriodMark.period_since == first.since) > 3000
    values = Counter(db.session.scalars(select(Mark.value).where(Mark.value.is_not(None))))
    assert set(values) == {2, 3, 4, 5}
    assert values[2] < values[3] < values[4]
    assert averages.UNATTESTED not in {str(value) for value in values}


def test_announcements_are_read_and_answered_by_some(demo):
    asked = db.session.scalars(select(Announcement.id).where(Announcement.wants_answer)).all()
    assert count(Announcement) >= 7
    for announcement in asked:
        read = count(AnnouncementReading, AnnouncementReading.announcement_id == announcement)
        answered = count(
            AnnouncementReading,
            AnnouncementReading.announcement_id == announcement,
            AnnouncementReading.answered_at.is_not(None),
        )
        assert 0 < answered < read


# -- chats ---------------------------------------------------------------------------------------
def test_automatic_chats_hold_whom_the_rules_give(demo):
    school = db.session.scalars(select(School)).one()
    seats = count(Seat)
    assert seats > 1000
    assert reconcile([school.id]) == 0


def test_there_are_chats_of_every_kind_with_history(demo):
    kinds = Counter(
        db.session.scalars(select(Chat.kind).where(Chat.last_seq > 0).order_by(Chat.id))
    )
    assert kinds[ChatKind.AUTO] >= 36
    assert kinds[ChatKind.MANUAL] == 5
    assert kinds[ChatKind.DIRECT] >= 25
    assert count(Chat, Chat.auto_key.startswith("subject:"), Chat.last_seq > 0) == 4
    assert count(Message) > 900
    assert count(Reaction) > 600
    assert count(Message, Message.reply_to_id.is_not(None)) > 150
    assert count(Mention) >= 3
    assert count(Message, Message.mentions_all) >= 3
    assert count(Message, Message.edited_at.is_not(None)) >= 3
    assert count(Message, Message.deleted_at.is_not(None)) >= 1
    assert count(Chat, Chat.pinned_seq.is_not(None)) >= 8
    kinds_sent = set(db.session.scalars(select(Attachment.kind)))
    assert {str(kind) for kind in kinds_sent} == {"photo", "document", "voice"}
    polls = db.session.scalars(select(Poll)).all()
    assert {is_over(poll) for poll in polls} == {True, False}
    assert any(poll.per_child for poll in polls)
    assert count(PollVote) > 100


def test_messages_are_numbered_without_gaps_in_order_of_time(demo):
    by_chat = defaultdict(list)
    for row in db.session.execute(
        select(Message.chat_id, Message.seq, Message.created_at).order_by(
            Message.chat_id, Message.seq
        )
    ):
        by_chat[row.chat_id].append(row)
    for chat in db.session.scalars(select(Chat)):
        rows = by_chat[chat.id]
        assert [row.seq for row in rows] == list(range(1, chat.last_seq + 1))
        assert [row.created_at for row in rows] == sorted(row.created_at for row in rows)
        assert chat.last_message_at == (rows[-1].created_at if rows else None)


def test_people_write_at_hours_of_people_after_they_came_and_before_now(demo):
    entered = {
        (row.chat_id, row.profile_id): row.joined_at
        for row in db.session.execute(select(Member.chat_id, Member.profile_id, Member.joined_at))
    }
    days = set()
    for row in db.session.execute(
        select(Message.chat_id, Message.author_id, Message.created_at).where(
            Message.kind == MessageKind.TEXT
        )
    ):
        assert entered[row.chat_id, row.author_id] < row.created_at < NOW
        local = row.created_at.astimezone(ZONE)
        assert 7 <= local.hour <= 22, local
        days.add(local.date())
    assert len(days) > 20
    for model, moment in ((Reaction, Reaction.at), (PollVote, PollVote.voted_at)):
        assert count(model, moment > NOW) == 0


def test_reactions_and_votes_come_from_people_of_the_chat(demo):
    members = set(db.session.execute(select(Member.chat_id, Member.profile_id)).all())
    reacted = select(Message.chat_id, Reaction.profile_id).join(
        Message, Message.id == Reaction.message_id
    )
    voted = (
        select(Message.chat_id, PollVote.profile_id)
        .join(Poll, Poll.id == PollVote.poll_id)
        .join(Message, Message.id == Poll.message_id)
    )
    for query in (reacted, voted):
        found = set(db.session.execute(query).all())
        assert found
        assert found <= members


def test_nothing_is_signed_by_the_wrong_person(demo):
    """Words of a class teacher are a leader's, a pupil's are a pupil's, in every chat of a class."""
    roles = dict(
        db.session.execute(
            select(Profile.id, PersonRole.role)
            .join(Link, Link.subject == Profile.public_id)
            .join(Account, Account.id == Link.account_id)
            .join(PersonRole, PersonRole.person_id == Account.person_id)
        ).all()
    )
    leads = {
        (row.chat_id, row.profile_id)
        for row in db.session.execute(
            select(Member.chat_id, Member.profile_id).where(Member.role != MemberRole.MEMBER)
        )
    }
    voices = {
        line.words: line.voice[0]
        for name in ("parents", "pupils", "teachers", "subjects")
        for script in scripts.read(name)
        for line in script.lines
        if line.words and "{" not in line.words
    }
    wanted = {"р": Role.GUARDIAN, "у": Role.PUPIL, "н": Role.TEACHER}
    checked = 0
    for row in db.session.execute(
        select(Message.chat_id, Message.author_id, Message.text)
        .join(Chat, Chat.id == Message.chat_id)
        .where(Chat.kind == ChatKind.AUTO, Message.kind == MessageKind.TEXT)
    ):
        voice = voices.get(row.text)
        if voice in ("Л", "П"):
            assert (row.chat_id, row.author_id) in leads, row.text
        elif voice:
            assert roles[row.author_id] is wanted[voice], row.text
            assert (row.chat_id, row.author_id) not in leads, row.text
        checked += voice is not None
    assert checked > 500


def test_chats_by_hand_and_of_two_are_allowed_by_the_table(demo):
    by_chat = defaultdict(list)
    for row in db.session.execute(
        select(Member.chat_id, Member.profile_id, Member.role, Chat.kind)
        .join(Chat, Chat.id == Member.chat_id)
        .where(Chat.kind != ChatKind.AUTO)
    ):
        by_chat[row.chat_id].append(row)
    assert len(by_chat) >= 30
    for rows in by_chat.values():
        if rows[0].kind is ChatKind.DIRECT:
            one, other = (row.profile_id for row in rows)
            assert reach.may(one, other, Act.DIRECT) or reach.may(other, one, Act.DIRECT)
            continue
        maker = next(row.profile_id for row in rows if row.role is MemberRole.CREATOR)
        guests = {row.profile_id for row in rows} - {maker}
        assert len(guests) >= 3
        assert reach.reachable(maker, Act.ADD, guests) == guests


def test_personas_have_something_unread(demo):
    for login in LINKED_LOGINS:
        rows = db.session.execute(
            select(Member.unread, Member.unread_mentions, Member.read_seq, Chat.last_seq)
            .join(Chat, Chat.id == Member.chat_id)
            .join(Profile, Profile.id == Member.profile_id)
            .join(Link, Link.subject == Profile.public_id)
            .join(Account, Account.id == Link.account_id)
            .where(Account.login == login)
        ).all()
        assert len(rows) >= 5, login
        assert any(row.unread for row in rows), login
        assert any(not row.unread for row in rows), login
        assert any(row.unread_mentions for row in rows), login
        assert all(row.read_seq <= row.last_seq for row in rows)


# -- twice the same ------------------------------------------------------------------------------
def told():
    """All that a visitor can see of the demo, without ids."""
    lines = db.session.execute(
        select(SchoolClass.name, Subject.name, Person.family_name, Person.given_name)
        .select_from(Teaching)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .join(Person, Person.id == Teaching.teacher_id)
        .order_by(Teaching.id)
    )
    said = db.session.execute(
        select(Chat.title, Chat.label, Message.text, Message.created_at, Profile.family_name)
        .join(Chat, Chat.id == Message.chat_id)
        .outerjoin(Profile, Profile.id == Message.author_id)
    )
    marks = db.session.execute(
        select(Mark.pupil_id, Mark.teaching_id, Mark.date, Mark.value).order_by(Mark.id)
    )
    people = db.session.execute(select(Person.family_name, Person.given_name).order_by(Person.id))
    ordered = sorted(tuple(map(str, row)) for row in said)  # ids of chats come as they come
    return [*people, *lines, *ordered, *marks]


def test_the_same_moment_makes_the_same_school(demo, tmp_path):
    first = told()
    with demo_site(tmp_path).app_context():
        second = told()
        db.session.remove()
    assert len(first) > 30_000
    assert first == second


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2026, 8, 15, 12, 0, tzinfo=ZONE),
        dt.datetime(2026, 9, 1, 7, 0, tzinfo=ZONE),
    ],
)
def test_a_school_without_a_mark_yet_is_loaded_too(tmp_path, moment):
    with demo_site(tmp_path, moment).app_context():
        assert count(Mark) == 0
        assert count(Message) > 500
        db.session.remove()
