"""«Люди»: administrators see links and end one with a reason; nobody else finds the page."""

import pytest
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.db import db
from app.identity.profiles import Profile
from app.linking.links import EndReason, Link, active_link
from app.messenger.chats.rights import ChatKind, MemberRole


@pytest.fixture
def admin(entered, linked, people):
    linked("anna", "misha", "olga")
    return entered("admin")


def url_of(person):
    return f"/people/{person.public_id}"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("орлов", ["Орлов Миша", "Орлова Даша", "Орлова Ольга Павловна"]),
        ("ОРЛОВ миш", ["Орлов Миша"]),
        ("7а", ["Орлов Миша"]),
        ("нет таких", []),
    ],
)
def test_people_are_found_by_name_and_class(admin, query, names):
    page = admin.get("/people", query_string={"q": query}, headers={"HX-Request": "true"}).text
    shown = [
        name
        for name in ("Орлов Миша", "Орлова Даша", "Орлова Ольга Павловна")
        if f">{name}<" in page
    ]
    assert shown == names
    assert "<html" not in page


def test_a_pupils_phone_is_never_shown(admin, people):
    with_phone = db.session.scalars(select(Link)).all()
    for link in with_phone:
        link.masked_phone = "+7 ••• •••-••-67"
    db.session.commit()
    assert "••-67" in admin.get(url_of(people.anna)).text
    assert "••-67" not in admin.get(url_of(people.misha)).text


def test_the_preview_says_what_will_close(admin, people):
    page = admin.get(url_of(people.anna)).text
    assert "Чат с родителями" in page
    assert "Мессенджер и журнал закроются на всех устройствах" in page


def test_titles_of_private_chats_are_nobodys_business(admin, people, world):
    link = active_link(people.accounts["anna"].id)
    profile = db.session.scalars(select(Profile).where(Profile.public_id == link.subject)).one()
    chat = world.chat("Подарок на свадьбу", kind=ChatKind.MANUAL)
    world.join(profile, chat, role=MemberRole.CREATOR)
    page = admin.get(url_of(people.anna)).text
    assert "Закроется 1 чат, созданный людьми" in page
    assert "Подарок" not in page


def test_ones_own_link_is_ended_with_the_password(admin, people, linked):
    linked("admin")
    own = url_of(people.accounts["admin"].person)
    assert admin.get(own).location == "/link/unlink"
    assert admin.post(own, reason="просто так").location == "/link/unlink"
    assert active_link(people.accounts["admin"].id)


def test_the_lost_phone_is_signed_out_of_the_journal_too(admin, people, entered):
    phone = entered("anna")
    admin.post(url_of(people.anna), reason="Телефон потерян")
    assert phone.get("/").location.startswith("/sign-in")


def test_who_has_no_login_is_listed_without_a_page(admin, people, world):
    someone = world.pupil("Безлогинов Пётр", in_=people.c7a)
    page = admin.get("/people", query_string={"q": "безлогинов"}).text
    assert "нет логина" in page
    assert url_of(someone) not in page


def test_a_reason_is_needed_and_nothing_happens_without_it(admin, people):
    answer = admin.post(url_of(people.anna), reason="  ")
    assert answer.status_code == 422
    assert "Напишите причину" in answer.text
    assert active_link(people.accounts["anna"].id)


def test_the_link_ends_the_person_reads_why_and_the_log_has_a_line(admin, people, entered):
    assert admin.post(url_of(people.anna), reason="Телефон потерян").location == url_of(people.anna)
    db.session.expire_all()
    link = db.session.scalars(
        select(Link).where(Link.account_id == people.accounts["anna"].id)
    ).one()
    assert link.end_reason is EndReason.BY_SCHOOL
    line = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "profile.unlinked_by_school")
    ).one()
    assert line.actor == f"account:{people.accounts['admin'].public_id}"
    assert line.details["reason"] == "Телефон потерян"
    anna = entered("anna")
    assert "Школа отвязала ваш учебный профиль" in anna.get("/").text
    assert "Телефон потерян" in anna.get("/chats").text
    assert "Вернуть привязку" not in anna.get("/link/done").text
    assert anna.post("/link/restore").status_code == 409
    assert "не связан" in admin.get(url_of(people.anna)).text


@pytest.mark.parametrize("name", ["anna", "misha", "olga", "both"])
def test_nobody_else_finds_the_pages(admin, people, entered, name):
    web = entered(name)
    assert web.get("/people").status_code == 404
    assert web.get(url_of(people.anna)).status_code == 404
    assert web.post(url_of(people.anna), reason="просто так").status_code == 404
    assert active_link(people.accounts["anna"].id)
    assert 'href="/people"' not in web.get("/").text


def test_an_administrator_of_another_school_finds_nobody_here(people, world, linked, browser):
    from tests.journal.conftest import PASSWORD, password_hash

    linked("anna")
    other = world.school("Школа № 2")
    account = world.account(
        world.administrator("Чужова Вера", school=other),
        login="other",
        password_hash=password_hash(),
    )
    web = browser().signs_in(account, PASSWORD)
    assert ">Иванова" not in web.get("/people").text
    assert web.get(url_of(people.anna)).status_code == 404
    assert web.post(url_of(people.anna), reason="чужая школа").status_code == 404
    assert active_link(people.accounts["anna"].id)


def test_the_list_costs_the_same_for_any_number(admin, world, people, queries):
    with queries() as few:
        admin.get("/people")
    for number in range(20):
        world.pupil(f"Новиков Пётр{number}", in_=people.c7a)
    with queries() as many:
        admin.get("/people")
    assert len(few) == len(many)
