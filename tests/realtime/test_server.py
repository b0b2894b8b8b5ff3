"""The WebSocket layer: whole frames to slow readers, no compression, orjson."""

import socket
import threading

from app.realtime.server import Json, PlainFrames, WholeSends


class Reluctant:
    """A socket that sends at most 7 bytes a call, as a full one does under gevent."""

    def __init__(self, sock):
        self._sock = sock

    def send(self, data):
        return self._sock.send(data[:7])

    def sendall(self, data):
        while data:
            data = data[self.send(data) :]


def test_frames_of_two_senders_arrive_whole():
    ours, theirs = socket.socketpair()
    whole = WholeSends(Reluctant(ours))
    frames = [bytes([letter]) * 5000 for letter in b"ab"]
    senders = [threading.Thread(target=whole.send, args=[frame]) for frame in frames]
    for sender in senders:
        sender.start()
    got = b""
    while len(got) < 10_000:
        got += theirs.recv(4096)
    for sender in senders:
        sender.join()
    assert got in (frames[0] + frames[1], frames[1] + frames[0])
    ours.close()
    theirs.close()


def test_the_rest_of_a_socket_is_reached_through_it():
    ours, theirs = socket.socketpair()
    assert WholeSends(ours).fileno() == ours.fileno()
    assert WholeSends(ours).send(b"abc") == 3
    ours.close()
    theirs.close()


def test_a_socket_is_wrapped_and_never_compressed():
    seen = []
    environ = {
        "HTTP_UPGRADE": "WebSocket",
        "HTTP_SEC_WEBSOCKET_EXTENSIONS": "permessage-deflate",
        "gunicorn.socket": object(),
    }
    PlainFrames(lambda env, start: seen.append(env) or [])(environ, None)
    assert isinstance(seen[0]["gunicorn.socket"], WholeSends)
    assert "HTTP_SEC_WEBSOCKET_EXTENSIONS" not in seen[0]


def test_ordinary_requests_are_left_alone():
    environ = {"gunicorn.socket": "as it was"}
    PlainFrames(lambda env, start: [])(environ, None)
    assert environ == {"gunicorn.socket": "as it was"}


def test_cyrillic_travels_as_it_is():
    assert Json.dumps({"а": 1}, separators=(",", ":")) == '{"а":1}'
    assert Json.loads('["б"]') == ["б"]
