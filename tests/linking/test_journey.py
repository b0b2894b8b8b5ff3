"""The whole walk with our own provider: journal, phone, code, names, consent, «Готово»."""

import re

import pytest
from sqlalchemy import select

from app.core.db import db
from app.core.openid.client import open_http_outside
from app.core.transaction import writing
from app.identity.profiles import Profile
from app.identity.sms import SmsMessage
from app.linking import provider_client
from app.linking.links import Link, active_link
from app.linking.provider_client import current_provider
from tests.linking.conftest import PASSWORD, Web, sign_in

PHONE = "+7 916 123-45-67"


def signed_in(app, login):
    web = Web(app)
    web.post("/sign-in", login=login, password=PASSWORD)
    return web


def sms_code():
    text = db.session.scalars(select(SmsMessage.text).order_by(SmsMessage.id.desc())).first()
    return re.search(r"\d{6}", text).group()


def walk_to_consent(web, *, phone=PHONE, family="Иванова", given="Анна"):
    """From the menu to the consent screen as somebody new; the address of that screen."""
    consent = web.get("/link/start").location
    assert web.get(consent).location == "/id/phone"
    assert web.post("/id/phone", phone=phone).location == "/id/code"
    assert web.post("/id/code", code=sms_code()).location == "/id/about"
    names = {"family_name": family, "given_name": given}
    assert web.post("/id/about", **names).location == "/id/create"
    assert web.post("/id/create").location == "/id/profile"
    assert web.get("/id/profile").text.count(family) >= 1
    assert web.post("/id/profile", **names).location.startswith("/id/authorize?")
    return consent


def test_a_class_teacher_with_no_profile_links_one(app, anna, told):
    web = signed_in(app, "ivanova")
    consent = walk_to_consent(web)
    page = web.get(consent).text
    assert "Иванова Анна Петровна" in page, "whose journal account it is"
    assert "классный руководитель" in page
    assert "7А, Школа № 1" in page
    callback = web.post(consent, answer="link")
    assert callback.location.startswith("http://localhost/link/callback?")
    assert web.get(callback.location).location == "/link/done"
    assert "Готово!" in web.get("/link/done").text
    link = active_link(anna.account.id)
    profile = db.session.scalars(select(Profile)).one()
    assert (link.issuer, link.subject) == ("http://localhost/id", profile.public_id)
    assert link.profile_name == "Анна Иванова"
    assert link.masked_phone.endswith("67")
    assert "916" not in link.masked_phone
    assert len(told) == 1


def test_linking_changes_the_journals_token(app, anna, told):
    web = signed_in(app, "ivanova")
    callback = web.post(walk_to_consent(web), answer="link").location
    with web.client.session_transaction() as cookie:
        old = cookie["journal_token"]
    web.get(callback)
    with web.client.session_transaction() as cookie:
        assert cookie["journal_token"] != old
    assert web.get("/link/done").status_code == 200


def test_the_messenger_opens_without_another_sign_in(app, anna, told):
    web = signed_in(app, "ivanova")
    web.get(web.post(walk_to_consent(web), answer="link").location)
    sign_in_url = web.get("/link/messenger").location
    assert web.get(sign_in_url).location == "/im/"


def test_someone_with_a_profile_signed_in_goes_straight_to_consent(app, anna, told):
    web = signed_in(app, "ivanova")
    web.get(web.post(walk_to_consent(web), answer="link").location)
    web.post("/link/unlink", password=PASSWORD)
    consent = web.get("/link/start").location
    page = web.get(consent)
    assert page.status_code == 200
    assert "Связать профиль" in page.text
    web.get(web.post(consent, answer="link").location)
    assert active_link(anna.account.id)


def test_cancelling_on_the_consent_screen_leads_back_in_words(app, anna, told):
    web = signed_in(app, "ivanova")
    answer = web.post(walk_to_consent(web), answer="cancel")
    assert "Привязка отменена" in web.get(answer.location).text
    assert db.session.query(Link).count() == 0


def test_the_same_answer_may_come_back_twice(app, anna, told):
    web = signed_in(app, "ivanova")
    callback = web.post(walk_to_consent(web), answer="link").location
    assert [web.get(callback).location for _ in range(2)] == ["/link/done"] * 2
    assert db.session.query(Link).count() == 1


def test_a_callback_stolen_into_another_account_links_nothing(app, anna, world, told):
    other = world.account(
        world.teacher("Борисов Пётр"), login="borisov", password_hash=anna.account.password_hash
    )
    web = signed_in(app, "ivanova")
    callback = web.post(walk_to_consent(web), answer="link").location
    assert signed_in(app, "borisov").get(callback).status_code == 409
    assert active_link(other.id) is None
    assert web.get(callback).location == "/link/done"


def test_the_profile_of_a_colleague_is_refused(app, anna, world, told):
    world.account(
        world.teacher("Борисов Пётр"), login="borisov", password_hash=anna.account.password_hash
    )
    web = signed_in(app, "ivanova")
    web.get(web.post(walk_to_consent(web), answer="link").location)
    web.post("/sign-out")
    web.post("/sign-in", login="borisov", password=PASSWORD)
    consent = web.get("/link/start").location
    page = web.get(web.post(consent, answer="link").location)
    assert page.status_code == 409
    assert "Этот профиль уже связан с другим человеком вашей школы" in page.text


# -- the call to ourselves ----------------------------------------------------------------------
@pytest.fixture
def probe(app):
    """An address of our own site that writes, and says whom it sees."""

    @app.post("/probe")
    def answer():
        from flask import g, request
        from flask_login import current_user

        sign_in(db.session.get(Link, int(request.form["link"])).account)
        g.seen = True
        return {"is_signed_in": current_user.is_authenticated}

    return "http://localhost/probe"


def test_the_site_answers_itself_in_a_context_of_its_own(app, probe, world, anna):
    app.config["WTF_CSRF_ENABLED"] = False
    link = world.link(anna.account.person, account=anna.account)
    with app.test_request_context("/"):
        from flask import g

        outer = db.session()
        with provider_client.open_http_inside() as http:
            answer = http.post(probe, data={"link": link.id})
        assert answer.json() == {"is_signed_in": False}
        assert "seen" not in g
        assert db.session() is outer
        assert link.subject, "what this page has read is still there"


def test_the_site_is_never_asked_while_we_hold_the_write_lock(app, probe):
    """The nested write would wait for our lock, and we for its answer."""
    with (
        pytest.raises(RuntimeError, match="inside writing"),
        writing(),
        provider_client.open_http_inside() as http,
    ):
        http.post(probe)


def test_a_provider_elsewhere_is_called_with_a_patience_of_seconds(app):
    with open_http_outside() as http:
        assert (http.timeout.connect, http.timeout.read) == (3, 10)
        assert http.follow_redirects is False
    assert current_provider().open_http is provider_client.open_http_inside
