"""SMS gateways that are well, down, slow, wrong, silent or doubled; the page never waits for them."""

import re
import time

import pytest
from sqlalchemy import select

from app import create_app
from app.core.config import Mode, Settings, SmsSenderKind, UnsafeSettings
from app.core.db import db
from app.identity import sms_gateways
from app.identity.code_delivery import Delivery, PhoneCode
from app.identity.sms_gateways import NotSent, SmsAero, Smsc, SmsRu
from tests.browser import Web
from tests.conftest import make_settings
from tests.identity.sms_gateway import KEY, LOGIN, Gateway, wait_for
from tests.world import World

PHONE = "+79161234567"
FAILING = ["refusing", "broken", "garbled", "endless"]


@pytest.fixture
def gateway():
    gateway = Gateway()
    yield gateway
    gateway.stop()


@pytest.fixture
def second():
    gateway = Gateway()
    yield gateway
    gateway.stop()


def options(gateway, second=None):
    urls = dict.fromkeys(("SMSRU_URL", "SMSAERO_URL"), gateway.url)
    return urls | {
        "SMSRU_KEY": KEY,
        "SMSC_LOGIN": "school",
        "SMSC_PASSWORD": KEY,
        "SMSC_URL": (second or gateway).url,
        "SMSAERO_EMAIL": LOGIN[0],
        "SMSAERO_KEY": LOGIN[1],
    }


@pytest.fixture
def site(tmp_path, new_database, gateway, second):
    """A browser of a site whose codes go to sms.ru, and to smsc.ru when that fails."""
    app = create_app(
        make_settings(
            tmp_path,
            database_url=new_database(tmp_path),
            sms_sender=SmsSenderKind.SMSRU,
            sms_fallback=SmsSenderKind.SMSC,
            sms_options=options(gateway, second),
        )
    )
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield Web(app)
        db.session.remove()
        db.engine.dispose()


def asks_for_a_code(web):
    web.get("/id/sign-in?next=/im/")
    assert web.post("/id/phone", phone=PHONE).location == "/id/code"


def delivery():
    db.session.rollback()
    return db.session.scalar(select(PhoneCode.delivery).order_by(PhoneCode.id.desc()).limit(1))


def code_in(gateway):
    return re.match(r"\d{6}", gateway.delivered[-1][1]).group()


@pytest.mark.parametrize("kind", [SmsRu, Smsc, SmsAero])
def test_a_gateway_that_is_well_gets_the_text_as_its_documents_say(gateway, kind):
    kind(options(gateway)).send(PHONE, "123456 — код Сферума\n@school.ru #123456")
    assert gateway.delivered == [("79161234567", "123456 — код Сферума\n@school.ru #123456")] or (
        kind is Smsc and gateway.delivered[0][0] == PHONE
    )


@pytest.mark.parametrize("mood", FAILING)
@pytest.mark.parametrize("kind", [SmsRu, Smsc, SmsAero])
def test_a_gateway_that_fails_is_not_believed(gateway, kind, mood):
    gateway.mood = mood
    with pytest.raises(NotSent):
        kind(options(gateway)).send(PHONE, "123456")
    assert gateway.delivered == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [(SmsRu, "SMSRU_KEY"), (Smsc, "SMSC_PASSWORD"), (SmsAero, "SMSAERO_KEY")],
)
def test_a_wrong_account_is_not_sent(gateway, kind, name):
    with pytest.raises(NotSent):
        kind(options(gateway) | {name: "wrong"}).send(PHONE, "123456")


def test_the_call_tells_its_last_digits(gateway):
    assert SmsRu(options(gateway)).call(PHONE) == "1435"
    gateway.mood = "refusing"
    with pytest.raises(NotSent):
        SmsRu(options(gateway)).call(PHONE)


def test_a_gateway_that_is_down_is_not_sent():
    with pytest.raises(NotSent):
        SmsRu({"SMSRU_KEY": KEY, "SMSRU_URL": "http://127.0.0.1:9"}).send(PHONE, "123456")


def test_the_page_comes_at_once_while_the_gateway_thinks(site, gateway):
    gateway.mood = "slow"
    begun = time.monotonic()
    asks_for_a_code(site)
    page = site.get("/id/code").text
    assert time.monotonic() - begun < 5
    assert "/id/code/delivery" in page, "the page goes on asking"
    assert delivery() is Delivery.PENDING
    gateway.mood = "well"
    gateway.release.set()
    wait_for(lambda: delivery() is Delivery.SENT)
    assert "/id/code/delivery" not in site.get("/id/code/delivery").text
    assert site.post("/id/code", code=code_in(gateway)).location == "/id/about"


@pytest.mark.parametrize("mood", FAILING)
def test_the_second_sender_steps_in(site, gateway, second, mood):
    gateway.mood = mood
    asks_for_a_code(site)
    wait_for(lambda: delivery() is Delivery.SENT)
    assert gateway.delivered == []
    assert site.post("/id/code", code=code_in(second)).location == "/id/about"


def test_when_all_senders_fail_the_person_reads_what_to_do(site, gateway, second):
    gateway.mood = second.mood = "broken"
    asks_for_a_code(site)
    wait_for(lambda: delivery() is Delivery.FAILED)
    page = site.get("/id/code").text
    assert "Код не отправлен" in page
    assert "администратору школы" in page
    assert site.post("/id/phone/other").location == "/id/phone"
    assert PHONE in site.get("/id/phone").text, "what was typed stays"


def test_a_gateway_that_says_yes_and_sends_nothing_loses_its_next_turn(site, gateway, second):
    gateway.mood = "silent"
    asks_for_a_code(site)
    wait_for(lambda: delivery() is Delivery.SENT)
    World().a_minute_passes()
    site.post("/id/code/again")
    wait_for(lambda: second.delivered)
    assert site.post("/id/code", code=code_in(second)).location == "/id/about"


def test_a_text_sent_twice_says_the_same_code(site, gateway):
    gateway.mood = "doubling"
    asks_for_a_code(site)
    wait_for(lambda: len(gateway.delivered) == 2)
    assert gateway.delivered[0] == gateway.delivered[1]
    assert site.post("/id/code", code=code_in(gateway)).location == "/id/about"


def test_the_dropped_call_brings_the_person_in(site, gateway, second):
    gateway.mood = second.mood = "silent"
    asks_for_a_code(site)
    assert "Получить код звонком" not in site.get("/id/code").text
    World().a_minute_passes()
    site.post("/id/code/again")
    assert "Получить код звонком" in site.get("/id/code").text
    World().a_minute_passes()
    gateway.mood = "slow"
    site.post("/id/code/call")
    page = site.get("/id/code").text
    assert "Введите последние 4 цифры номера" in page
    assert "Звонка ещё не было" in site.post("/id/code", code="1435").text
    gateway.mood = "well"
    gateway.release.set()
    wait_for(lambda: delivery() is Delivery.SENT)
    assert "Нужны четыре цифры" in site.post("/id/code", code="143").text
    assert site.post("/id/code", code="1435").location == "/id/about"


def test_a_flood_of_slow_sends_is_refused_and_does_not_pile_up(site, gateway, monkeypatch):
    monkeypatch.setattr("app.core.background.Background.run", lambda *_args: False)
    asks_for_a_code(site)
    assert delivery() is Delivery.FAILED


def test_a_gateway_without_its_account_is_refused_at_the_start():
    with pytest.raises(UnsafeSettings, match="SVYAZKA_SMSRU_KEY"):
        Settings.from_env(
            {"SVYAZKA_MODE": "demo", "SVYAZKA_SMS_SENDER": "smsru", "SVYAZKA_INSTANCE": "/tmp"}
        )


def test_the_settings_come_from_the_environment(tmp_path):
    settings = Settings.from_env(
        {
            "SVYAZKA_MODE": Mode.DEMO,
            "SVYAZKA_INSTANCE": str(tmp_path),
            "SVYAZKA_SMS_SENDER": "smsru",
            "SVYAZKA_SMS_FALLBACK": "smsaero",
            "SVYAZKA_SMSRU_KEY": "k",
            "SVYAZKA_SMSAERO_EMAIL": "e",
            "SVYAZKA_SMSAERO_KEY": "k",
            "SVYAZKA_SMS_PER_DAY": "50",
        }
    )
    assert (settings.sms_sender, settings.sms_fallback) == ("smsru", "smsaero")
    assert settings.sms_options["SMSAERO_EMAIL"] == "e"
    assert settings.sms_per_day == 50


def test_a_gateway_is_waited_for_at_most_eight_seconds():
    assert sms_gateways.TIMEOUT.read == 8
    assert sms_gateways.TIMEOUT.connect == 3
