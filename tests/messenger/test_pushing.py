"""Push: which browsers hear, when nothing wakes them, what leaves the school."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from queue import Empty

import pytest
from sqlalchemy import func, select, update

from app.core import clock
from app.core.config import EXTENSION_KEY
from app.core.db import db
from app.core.transaction import writing
from app.identity import sessions
from app.messenger.calls import ending
from app.messenger.calls.models import Call
from app.messenger.chats.members import revoke
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import ChatKind
from app.messenger.notifications import choosing, keys, pushing, subscribing
from app.messenger.notifications.models import PushSubscription
from tests.messenger.push_service import PushService

# Noon and eleven at night in Moscow.
NOON = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
NIGHT = dt.datetime(2026, 11, 24, 20, tzinfo=dt.UTC)
KEYS = {"p256dh": "B" + "A" * 86, "auth": "A" * 22}


@pytest.fixture
def service(app):
    service = PushService()
    settings = app.extensions[EXTENSION_KEY]
    app.extensions[EXTENSION_KEY] = replace(settings, push_hosts=frozenset({service.host}))
    yield service
    service.stop()


@pytest.fixture
def listening(app, world, boris, service):
    """Борис has a browser that asked for push."""
    web = world.signed_in(app.test_client(), boris)
    assert web.post("/im/notifications/push", data=service.subscription()).status_code == 204
    return web


def subscriptions():
    return db.session.scalar(select(func.count()).select_from(PushSubscription))


def woken(message):
    db.session.rollback()
    return pushing.wakes_of(message.message_id)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://db5p.notify.windows.com/w/?token=abc",
    ],
)
def test_push_services_of_browsers_are_known(app, endpoint):
    assert subscribing.is_push_service(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://localhost:8080/x",
        "https://169.254.169.254/latest/meta-data",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com\\@127.0.0.1/",
        "file:///etc/passwd",
        "https://[::1]/x",
        "https://fcm.googleapis.com:port/",
        "https://fcm.googleapis.com/" + "a" * 700,
    ],
)
def test_no_other_address_is_ever_asked(app, world, anna, endpoint):
    web = world.signed_in(app.test_client(), anna)
    answer = web.post("/im/notifications/push", data={"endpoint": endpoint, **KEYS})
    assert answer.status_code == 422
    assert subscriptions() == 0


def test_keys_that_are_no_keys_are_refused(app, world, anna):
    web = world.signed_in(app.test_client(), anna)
    form = {"endpoint": "https://fcm.googleapis.com/x", "p256dh": "short", "auth": "?"}
    assert web.post("/im/notifications/push", data=form).status_code == 422


def test_a_message_reaches_the_browser_encrypted_signed_and_without_its_words(
    world, service, listening, anna, chat
):
    with clock.frozen(NOON):
        world.says(anna, chat, "Тайное слово")
        name, payload, claims, key, headers = service.received.get(timeout=20)
    assert name == "anna"
    assert payload == {"chat": chat.public_id, "title": "Чат с родителями"}
    assert claims["aud"] == f"http://{service.host}"
    assert key == keys.public_key()
    assert headers["Ttl"] == str(pushing.DAY)


def test_who_writes_is_not_woken(app, world, service, boris, chat, listening):
    assert woken(world.says(boris, chat, "привет")) == []


@pytest.mark.parametrize("why", ["left", "muted", "signed out", "read", "switched off"])
def test_who_must_not_be_woken(world, service, listening, anna, boris, chat, why):
    with clock.frozen(NOON):
        assert len(woken(world.says(anna, chat, "раз"))) == 1
        message = world.says(anna, chat, "два")
        own = Member.profile_id == boris.id
        with writing() as session:
            if why == "left":
                revoke(chat.id, [boris.id])
            elif why == "muted":
                later = clock.now() + dt.timedelta(hours=1)
                session.execute(update(Member).where(own).values(muted_until=later))
            elif why == "read":
                session.execute(update(Member).where(own).values(read_seq=2, texts_read=2))
        if why == "signed out":
            sessions.end_session(listening.get_cookie(sessions.COOKIE).value)
        if why == "switched off":
            listening.post("/im/notifications/push/off")
        assert woken(message) == []


def test_a_pupil_hears_nothing_at_night_and_finds_it_in_the_morning(
    world, listening, anna, boris, chat
):
    world.confirmed(boris, "pupil")
    with clock.frozen(NIGHT):
        message = world.says(anna, chat, "завтра")
        assert woken(message) == []
    with clock.frozen(NOON):
        assert len(woken(message)) == 1
    unread = select(Member.unread).where(Member.profile_id == boris.id)
    assert db.session.scalar(unread) == 1


def test_ones_own_quiet_hours_hold(world, listening, anna, boris, chat):
    choosing.choose(boris.id, has_sound=False, start="22:00", end="06:00")
    with clock.frozen(NIGHT):
        assert woken(world.says(anna, chat, "ночь")) == []
    with clock.frozen(NOON):
        assert len(woken(world.says(anna, chat, "день"))) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(world, service, listening, anna, chat, status):
    service.status = status
    with clock.frozen(NOON):
        message = world.says(anna, chat, "привет")
        service.received.get(timeout=20)
        pushing.push(message.message_id)
    db.session.rollback()
    assert subscriptions() == 0


def test_a_service_in_trouble_loses_no_browser(world, service, listening, anna, chat):
    service.status = 500
    with clock.frozen(NOON):
        message = world.says(anna, chat, "привет")
        pushing.push(message.message_id)
    db.session.rollback()
    assert subscriptions() == 1


def test_a_service_is_not_followed_elsewhere(world, service, listening, anna, chat):
    service.status = 307
    with clock.frozen(NOON):
        pushing.push(world.says(anna, chat, "привет").message_id)
    seen = set()
    while True:
        try:
            seen.add(service.received.get(timeout=0.2)[0])
        except Empty:
            break
    assert seen == {"anna"}


@pytest.fixture
def two(world, anna, boris):
    """Анна and Борис, alone."""
    chat = world.chat("", anna, boris, kind=ChatKind.DIRECT)
    pair = {"pair_low_id": min(anna.id, boris.id), "pair_high_id": max(anna.id, boris.id)}
    with writing() as session:
        session.execute(update(Chat).where(Chat.id == chat.id).values(**pair))
    return chat


def test_a_call_rings_in_a_closed_browser(world, service, listening, anna, two):
    with clock.frozen(NOON):
        world.calls(anna, two)
        _name, payload, _claims, _key, headers = service.received.get(timeout=20)
    assert payload == {"chat": two.public_id, "title": "Анна Иванова", "call": True}
    assert (headers["Urgency"], headers["Ttl"]) == ("high", str(pushing.RINGING))


def test_who_calls_is_not_called(world, listening, boris, two):
    with clock.frozen(NOON):
        assert pushing.call_wakes(world.calls(boris, two).id) == []


def test_a_call_of_many_wakes_nobody(world, listening, anna, chat):
    with clock.frozen(NOON):
        assert pushing.call_wakes(world.calls(anna, chat).id) == []


@pytest.mark.parametrize("why", ["muted", "quiet", "ended"])
def test_where_nothing_rings_nothing_wakes(world, listening, anna, boris, two, why):
    with clock.frozen(NOON):
        call_id = world.calls(anna, two).id
        assert len(pushing.call_wakes(call_id)) == 1
        with writing() as session:
            if why == "muted":
                later = clock.now() + dt.timedelta(hours=1)
                session.execute(update(Member).values(muted_until=later))
            elif why == "ended":
                session.execute(update(Call).values(ended_at=clock.now()))
        if why == "quiet":
            choosing.choose(boris.id, has_sound=False, start="11:00", end="13:00")
        assert pushing.call_wakes(call_id) == []


def test_the_end_of_a_call_wakes_nobody(world, service, listening, anna, two):
    with clock.frozen(NOON):
        call = world.calls(anna, two)
        service.received.get(timeout=20)
        ending.end_call(anna.id, call.public_id)
    with pytest.raises(Empty):
        service.received.get(timeout=0.5)


def test_a_repeat_renews_and_does_not_double(listening, service):
    listening.post("/im/notifications/push", data=service.subscription())
    assert subscriptions() == 1


def test_one_query_finds_all_who_are_woken(world, listening, anna, chat, queries):
    message = world.says(anna, chat, "привет")
    db.session.rollback()
    with queries() as seen:
        pushing.wakes_of(message.message_id)
    assert len(seen) == 1


def test_threads_that_start_together_share_one_key(app):
    """Two pushes of the site's first message, or two processes."""

    def key(_number):
        with app.app_context():
            return keys.public_key()

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(key, range(16)))) == 1
    folder = app.extensions[EXTENSION_KEY].instance_path
    assert [file.name for file in folder.glob("push_key*")] == [keys.NAME]


def test_the_key_is_kept_and_secret(app):
    first = keys.public_key()
    path = app.extensions[EXTENSION_KEY].instance_path / keys.NAME
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.public_key() == first
