"""The Socket.IO server's settings."""

from app.realtime.server import Json


def test_cyrillic_travels_as_it_is():
    assert Json.dumps({"а": 1}, separators=(",", ":")) == '{"а":1}'
    assert Json.loads('["б"]') == ["б"]
