"""Losing the last confirmed role: chats by hand are left, led by somebody else, and come back."""

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.core.db import db
from app.core.errors import Denied
from app.core.transaction import writing
from app.identity.profiles import Profile
from app.linking.consequences import consequences_of
from app.linking.links import active_link
from app.linking.unlinking import restore, unlink, unlink_by_school
from app.membership.reconcile import reconcile
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import Action, ChatKind, MemberRole
from tests.linking.conftest import PASSWORD, password_hash


@pytest.fixture
def school(world):
    """7А: Anna leads it, Oleg teaches there, Misha is a pupil, Olga his mother; all linked."""

    class School:
        pass

    school = School()
    school.anna = world.teacher("Иванова Анна Петровна")
    school.oleg = world.teacher("Ким Олег Ильич")
    school.c7a = world.school_class("7А", teacher=school.anna)
    school.misha = world.pupil("Орлов Миша", in_=school.c7a)
    school.olga = world.guardian("Орлова Ольга", of=[school.misha])
    school.accounts, school.profiles = {}, {}
    for name in ("anna", "oleg", "misha", "olga"):
        person = getattr(school, name)
        account = world.account(person, login=name, password_hash=password_hash())
        school.accounts[name] = account
        link = world.link(person, account=account)
        school.profiles[name] = db.session.scalars(
            select(Profile).where(Profile.public_id == link.subject)
        ).one()
    reconcile()
    return school


@pytest.fixture
def chat(world, school):
    """«Стенгазета», made by Anna; Misha was there first, then Olga, then Oleg."""
    chat = world.chat("Стенгазета", kind=ChatKind.MANUAL)
    for name in ("misha", "olga", "oleg"):
        world.join(school.profiles[name], chat)
    world.join(school.profiles["anna"], chat, role=MemberRole.CREATOR)
    return chat


def roles_in(chat):
    db.session.expire_all()
    rows = db.session.scalars(
        select(Member).where(Member.chat_id == chat.id, Member.left_at.is_(None))
    )
    return {row.profile.given_name: row.role for row in rows}


def test_the_preview_names_the_chats_and_the_heirs_staff_first_and_no_pupil(school, chat):
    found = consequences_of(school.anna.id)
    assert found.by_hand == ("Стенгазета",)
    assert "Чат с родителями" in found.closing
    (handed,) = found.handed_over
    assert handed.title == "Стенгазета"
    assert [heir.name for heir in handed.heirs] == ["Олег Ким", "Ольга Орлова"]


def test_the_likeliest_heir_leads_when_nobody_is_chosen(school, chat):
    unlink(school.accounts["anna"], PASSWORD)
    assert roles_in(chat) == {
        "Олег": MemberRole.CREATOR, "Ольга": MemberRole.MEMBER, "Миша": MemberRole.MEMBER
    }  # fmt: skip


def test_the_chosen_heir_leads(school, chat):
    unlink(school.accounts["anna"], PASSWORD, {chat.public_id: school.profiles["olga"].public_id})
    assert roles_in(chat)["Ольга"] is MemberRole.CREATOR


@pytest.mark.parametrize("who", ["misha", "anna", "nobody"])
def test_a_forged_heir_is_not_believed(school, chat, who):
    wanted = school.profiles[who].public_id if who in school.profiles else "made-up"
    unlink(school.accounts["anna"], PASSWORD, {chat.public_id: wanted})
    assert roles_in(chat)["Олег"] is MemberRole.CREATOR
    assert roles_in(chat)["Миша"] is MemberRole.MEMBER


def test_another_administrator_needs_no_heir(school, chat, world):
    with writing() as session:
        member = session.scalars(
            select(Member).where(
                Member.chat_id == chat.id, Member.profile_id == school.profiles["oleg"].id
            )
        ).one()
        member.role = MemberRole.ADMINISTRATOR
    assert consequences_of(school.anna.id).handed_over == ()
    unlink(school.accounts["anna"], PASSWORD)
    assert roles_in(chat)["Олег"] is MemberRole.CREATOR, "a chat is not left without a creator"


def test_a_pupil_who_helps_to_lead_does_not_answer_for_grown_ups(school, chat):
    with writing() as session:
        session.execute(
            update(Member)
            .where(Member.chat_id == chat.id, Member.profile_id == school.profiles["misha"].id)
            .values(role=MemberRole.ADMINISTRATOR)
        )
    (handed,) = consequences_of(school.anna.id).handed_over
    assert [heir.name for heir in handed.heirs] == ["Олег Ким", "Ольга Орлова"]
    unlink(school.accounts["anna"], PASSWORD)
    assert roles_in(chat)["Олег"] is MemberRole.CREATOR


def test_an_archive_made_by_hand_stays_one_when_the_creator_comes_back(school, world):
    chat = world.chat("Прошлый год", kind=ChatKind.MANUAL)
    world.join(school.profiles["anna"], chat, role=MemberRole.CREATOR)
    with writing() as session:
        session.execute(update(Chat).where(Chat.id == chat.id).values(archived_at=clock.now()))
    world.a_minute_passes()
    unlink(school.accounts["anna"], PASSWORD)
    restore(school.accounts["anna"])
    db.session.expire_all()
    assert db.session.get_one(Chat, chat.id).archived_at is not None


def test_an_empty_chat_goes_to_the_archive_and_comes_back_with_its_creator(school, world):
    chat = world.chat("Черновик", kind=ChatKind.MANUAL)
    world.join(school.profiles["anna"], chat, role=MemberRole.CREATOR)
    assert consequences_of(school.anna.id).handed_over[0].heirs == ()
    unlink(school.accounts["anna"], PASSWORD)
    db.session.expire_all()
    assert db.session.get_one(Chat, chat.id).archived_at is not None
    restore(school.accounts["anna"])
    db.session.expire_all()
    assert db.session.get_one(Chat, chat.id).archived_at is None
    assert roles_in(chat) == {"Анна": MemberRole.CREATOR}


def test_who_left_may_read_what_was_and_write_nothing(school, chat, world):
    world.says(school.profiles["anna"], chat, "до ухода")
    unlink(school.accounts["anna"], PASSWORD)
    own = chats_of(school.profiles["anna"].id).get(chat.public_id)
    assert own.can(Action.READ)
    with pytest.raises(Denied):
        own.require(Action.WRITE)


def test_coming_back_is_beside_the_heir(school, chat):
    unlink(school.accounts["anna"], PASSWORD)
    restore(school.accounts["anna"])
    assert roles_in(chat)["Анна"] is MemberRole.ADMINISTRATOR
    assert roles_in(chat)["Олег"] is MemberRole.CREATOR
    reconcile()
    assert roles_in(chat)["Анна"] is MemberRole.ADMINISTRATOR, "twice is once"


def test_a_role_in_another_school_keeps_the_chats_by_hand(school, chat, world):
    other = world.school("Школа № 2")
    too = world.teacher("Иванова Анна", school=other)
    world.link(too, school.profiles["anna"])
    reconcile()
    found = consequences_of(school.anna.id)
    assert "Стенгазета" not in found.closing
    assert found.handed_over == ()
    unlink(school.accounts["anna"], PASSWORD)
    assert roles_in(chat)["Анна"] is MemberRole.CREATOR


def test_a_school_that_unlinks_signs_the_profile_out_everywhere(school, chat, world, browser):
    web = browser()
    world.signed_in(web.client, school.profiles["anna"])
    assert web.get("/im/").status_code == 200
    unlink_by_school(
        school.accounts["anna"], administrator=school.accounts["oleg"], reason="телефон потерян"
    )
    assert active_link(school.accounts["anna"].id) is None
    assert web.get("/im/").location.startswith("/id/sign-in")
    assert roles_in(chat)["Олег"] is MemberRole.CREATOR


def test_the_owners_own_unlinking_leaves_the_messenger_open(school, world, browser):
    web = browser()
    world.signed_in(web.client, school.profiles["anna"])
    unlink(school.accounts["anna"], PASSWORD)
    assert web.get("/im/").status_code == 200
