"""The built-in engine: what it gives to browsers, and what it lets through."""

import base64
import hashlib
import hmac

import pytest

from app.core.config import Settings, UnsafeSettings
from app.messenger.calls.engine import engine_of_site
from app.messenger.calls.mesh import MAX_SIGNAL, Mesh


def test_by_default_nothing_leaves_for_another_host(app):
    assert engine_of_site().ticket("call", "seat") == {"iceServers": []}
    assert (engine_of_site().kind, engine_of_site().capacity) == ("mesh", 4)


def test_a_relay_gets_a_password_that_ends_by_itself():
    mesh = Mesh(("stun:turn.school:3478", "turn:turn.school:3478"), "secret")
    stun, turn = mesh.ticket("call", "seat-key")["iceServers"]
    assert stun == {"urls": ["stun:turn.school:3478"]}
    assert turn["username"].endswith(":seat-key")
    made = hmac.new(b"secret", turn["username"].encode(), hashlib.sha1).digest()
    assert turn["credential"] == base64.b64encode(made).decode()


@pytest.mark.parametrize(
    ("signal", "is_accepted"),
    [
        ({"kind": "offer", "sdp": "v=0"}, True),
        ({"kind": "candidate", "candidate": {"candidate": "…", "sdpMid": "0"}}, True),
        ({"kind": "restart"}, True),
        ({"kind": "offer", "sdp": "x" * MAX_SIGNAL}, False),
        ({"kind": "shout"}, False),
        ({}, False),
        ("offer", False),
        (None, False),
        ([{"kind": "offer"}], False),
    ],
)
def test_only_signals_of_bounded_size_pass(signal, is_accepted):
    assert Mesh().accepts(signal) is is_accepted


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"SVYAZKA_ICE_SERVERS": "http://turn.school"}, "must start with stun:"),
        ({"SVYAZKA_ICE_SERVERS": "turn:turn.school:3478"}, "SVYAZKA_TURN_SECRET"),
    ],
)
def test_servers_that_cannot_work_stop_the_start(tmp_path, changes, word):
    with pytest.raises(UnsafeSettings, match=word):
        Settings.from_env({"SVYAZKA_MODE": "demo", "SVYAZKA_INSTANCE": str(tmp_path)} | changes)
