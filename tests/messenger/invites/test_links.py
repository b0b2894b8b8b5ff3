"""The link of a chat over HTTP: who makes it, who sees it, and what ends it."""

import datetime as dt

import pytest

from app.core import clock
from app.core.transaction import writing
from app.messenger.chats import administration
from app.messenger.chats.members import Place, grant
from app.messenger.chats.rights import CLOSED, ORDINARY, Action, Circle, MemberRole
from app.messenger.facts import MembersChanged
from app.messenger.invites import making
from app.messenger.invites.links import token_of
from app.messenger.invites.making import Terms, living_invite, void_of_left
from tests.messenger.invites.doors import names_in, settings, url

WHO = ("outsider", "ex", "member", "administrator", "creator")


# -- every entrance x everybody -------------------------------------------------------------------
GETS = ["invite", "invite/qr.svg", "invite/qr.png", "invite/print"]
POSTS = ["invite", "invite/renew", "invite/annul"]


@pytest.mark.parametrize("page", GETS)
@pytest.mark.parametrize(
    ("circle", "expected"),
    [
        (Circle.CREATOR, [404, 403, 403, 403, 200]),
        (Circle.ADMINISTRATORS, [404, 403, 403, 200, 200]),
        (Circle.EVERYONE, [404, 403, 200, 200, 200]),
    ],
)
def test_who_sees_the_link(browser_of, chat, link, page, circle, expected):
    link()
    settings(chat, CLOSED | {Action.SEE_LINK: circle})
    assert [browser_of(who).get(url(chat, page)).status_code for who in WHO] == expected


@pytest.mark.parametrize("page", POSTS)
def test_who_may_only_see_the_link_changes_nothing(browser_of, chat, link, page):
    path = link()
    settings(chat, CLOSED | {Action.SEE_LINK: Circle.EVERYONE})
    answers = [browser_of(who).post(url(chat, page)).status_code for who in WHO[:-1]]
    assert answers == [404, 403, 403, 403]
    assert browser_of("newcomer").get(path).status_code == 200
    assert browser_of("creator").post(url(chat, page)).status_code == 303


def test_an_automatic_chat_has_no_link(world, browser_of, people):
    chat = world.chat("Чат с родителями", people["member"])
    assert browser_of("member").get(url(chat, "invite")).status_code == 403


def test_administrators_are_not_made_by_who_may_not_appoint(browser_of, chat):
    settings(chat, ORDINARY)
    answer = browser_of("member").post(url(chat, "invite"), data={"role": "administrator"})
    assert answer.status_code == 403
    assert living_invite(chat.id) is None


@pytest.mark.parametrize(
    "form", [{"role": "creator"}, {"role": "x"}, {"lifetime": "x"}, {"uses": "7"}, {"uses": "-1"}]
)
def test_terms_are_of_the_lists(browser_of, chat, form):
    assert browser_of("creator").post(url(chat, "invite"), data=form).status_code == 422
    assert living_invite(chat.id) is None


def test_the_pane_shows_the_link_and_what_it_allows(browser_of, chat, link):
    path = link(uses="5", needs_approval=True)
    page = browser_of("creator").get(url(chat, "invite")).text
    assert f"http://localhost{path}" in page
    assert "Вошли: 0 из 5" in page
    assert "Каждого впускает администратор" in page


def test_the_code_is_svg_and_png(browser_of, chat, link):
    link()
    creator = browser_of("creator")
    svg = creator.get(url(chat, "invite/qr.svg"))
    png = creator.get(url(chat, "invite/qr.png?save"))
    assert svg.content_type == "image/svg+xml"
    assert b"<svg" in svg.data
    assert png.data.startswith(b"\x89PNG")
    assert "attachment" in png.headers["Content-Disposition"]
    assert creator.get(url(chat, "invite/qr.gif")).status_code == 404


# -- ends ------------------------------------------------------------------------------------------
def test_renewing_shuts_the_old_link_and_keeps_the_terms(browser_of, people, chat, link):
    old = link(uses="5")
    making.renew_invite(people["creator"].id, chat.public_id)
    fresh = living_invite(chat.id)
    assert browser_of("newcomer").get(old).status_code == 410
    assert browser_of("newcomer").get(f"/join/{token_of(fresh)}").status_code == 200
    assert (fresh.most_uses, fresh.uses) == (5, 0)


def test_an_annulled_or_late_link_lets_nobody_in(browser_of, people, chat, link):
    path = link()
    making.annul_invite(people["creator"].id, chat.public_id)
    assert browser_of("newcomer").get(path).status_code == 410
    path = link(lifetime="day")
    with writing() as session:
        living_invite(chat.id).expires_at = clock.now() - dt.timedelta(seconds=1)
        session.flush()
    assert browser_of("newcomer").post(path).status_code == 303
    assert "Глеб" not in names_in(chat)


def test_fewer_uses_than_there_were_are_refused(browser_of, people, world, chat, link):
    browser_of("newcomer").post(link())
    browser_of("outsider").post(link())
    form = {"uses": "1", "lifetime": "keep"}
    answer_ = browser_of("creator").post(url(chat, "invite"), data=form)
    assert answer_.status_code == 422
    assert "уже вошли: 2" in answer_.text


def test_unlinking_or_leaving_voids_the_links_of_that_person(browser_of, people, world, chat):
    settings(chat, CLOSED | dict.fromkeys((Action.SEE_LINK, Action.INVITE), Circle.EVERYONE))
    making.save_invite(people["member"].id, chat.public_id, Terms())
    path = f"/join/{token_of(living_invite(chat.id))}"
    world.leave(people["member"], chat)
    assert browser_of("newcomer").get(path).status_code == 410
    grant(chat.id, {people["member"].id: Place(MemberRole.MEMBER)})
    assert browser_of("newcomer").get(path).status_code == 410
    assert living_invite(chat.id) is None


def test_a_link_shuts_when_its_author_may_no_longer_invite(browser_of, people, chat):
    settings(chat, CLOSED | dict.fromkeys((Action.SEE_LINK, Action.INVITE), Circle.EVERYONE))
    making.save_invite(people["member"].id, chat.public_id, Terms())
    path = f"/join/{token_of(living_invite(chat.id))}"
    assert browser_of("newcomer").get(path).status_code == 200
    settings(chat, CLOSED)
    assert browser_of("newcomer").get(path).status_code == 410


def test_only_links_of_those_who_left_are_voided(people, chat, link):
    link()
    void_of_left(MembersChanged(chat.id, joined=(), left=(people["member"].id,)))
    assert living_invite(chat.id) is not None
    void_of_left(MembersChanged(chat.id, joined=(), left=(people["creator"].id,)))
    assert living_invite(chat.id) is None


def test_an_archived_chat_lets_nobody_in(browser_of, people, chat, link):
    path = link()
    administration.archive(people["creator"].id, chat.public_id, is_archived=True)
    assert browser_of("newcomer").get(path).status_code == 410
