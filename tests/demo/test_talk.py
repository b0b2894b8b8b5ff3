"""What the demo school says: announcements, chats, complaints, by the messenger's rules."""

import datetime as dt
from collections import Counter, defaultdict

from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.demo import announcements_story
from app.demo.announcements_story import AHEAD, TOLD
from app.demo.links_story import LINKED_LOGINS
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
from app.messenger.reports.cases import Office, lines_of
from app.messenger.reports.models import Case, Decision, Reason, Report
from app.messenger.safety import Act
from app.school.accounts import Account
from app.school.announcements.models import Announcement, AnnouncementReading
from app.school.people import PersonRole, Role, School
from tests.demo.demo_school import NOW, ZONE, count


# -- announcements -----------------------------------------------------------------------------
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


def test_announcements_come_at_hours_of_a_school(demo):
    for hours in range(24 * 7):
        now = NOW + dt.timedelta(hours=hours, minutes=hours * 7)
        with clock.frozen(now):
            moments = [announcements_story.moment_of(told.hours_ago) for told in TOLD]
            ahead = announcements_story.moment_of(AHEAD.hours_ago)
        assert all(8 <= moment.hour < 18 for moment in (*moments, ahead)), now
        assert max(moments) < now < ahead
    assert count(Announcement, Announcement.published_at > NOW) == 1
    for moment in (AnnouncementReading.opened_at, AnnouncementReading.answered_at):
        assert count(AnnouncementReading, moment > NOW) == 0


# -- chats ------------------------------------------------------------------------------------
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


# -- complaints -------------------------------------------------------------------------------
def test_one_complaint_waits_and_one_is_decided(demo):
    office = Office(db.session.scalars(select(School)).one().public_id)
    waiting, decided = (lines_of(office, is_decided=is_decided) for is_decided in (False, True))
    assert [(line.reasons, line.chat_title) for line in waiting] == [((Reason.BULLYING,), "КВН 9А")]
    assert [(line.decision, line.chat_title) for line in decided] == [
        (Decision.DELETED, "Физика: олимпиада")
    ]
    for case in db.session.scalars(select(Case)):
        message = db.session.get_one(Message, case.message_id)
        complained = db.session.scalars(select(Report).where(Report.case_id == case.id)).one()
        assert (message.text == "") is (case.decided_at is not None)
        assert complained.profile_id != message.author_id
        assert message.created_at < complained.at <= (case.decided_at or NOW) <= NOW
