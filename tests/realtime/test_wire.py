"""The sending half: whole frames in order to slow clients, and an end to those who do not listen."""

import pytest
from gevent import Timeout, socket, spawn, wait

from app.realtime.frames import Code
from app.realtime.wire import Wire


@pytest.fixture
def pair():
    """A server's socket and a client's, with small kernel buffers."""
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    with Timeout(20):
        yield ours, theirs
    ours.close()
    theirs.close()


def all_of(sock, size=None):
    """Everything until the end, or `size` bytes."""
    got = bytearray()
    while size is None or len(got) < size:
        try:
            part = sock.recv(1000 if size is None else min(1000, size - len(got)))
        except ConnectionResetError:
            break
        if not part:
            break
        got += part
    return bytes(got)


def is_told_of_the_end(sock):
    """Whoever waits for the client's words is woken."""
    try:
        return sock.recv(1) == b""
    except OSError:
        return True


def test_frames_arrive_whole_and_in_order(pair):
    ours, theirs = pair
    wire = Wire(ours)
    frames = [bytes([number % 256]) * 20_000 for number in range(400)]
    for frame in frames:
        wire.write(frame)
    assert wire.waiting > 7_000_000
    assert all_of(theirs, 8_000_000) == b"".join(frames)
    wait(timeout=1)
    assert wire.waiting == 0


def test_writing_never_waits_for_the_client(pair):
    ours, _theirs = pair
    wire = Wire(ours)
    switched = []
    spawn(switched.append, True)
    wire.write(b"x" * 1_000_000)
    assert switched == []


def test_what_comes_later_does_not_overtake_the_backlog(pair):
    ours, theirs = pair
    wire = Wire(ours)
    wire.write(b"a" * 300_000)
    got = all_of(theirs, 100_000)
    wire.write(b"b")
    got += all_of(theirs, 200_001)
    assert got == b"a" * 300_000 + b"b"
    wire.write(b"c")
    assert all_of(theirs, 1) == b"c"


def test_who_lets_the_backlog_grow_is_dropped(pair):
    ours, theirs = pair
    wire = Wire(ours, limit=100_000)
    for _ in range(50):
        wire.write(b"x" * 10_000)
    assert (wire.is_closing, wire.waiting) == (True, 0)
    assert len(all_of(theirs)) < 200_000
    assert is_told_of_the_end(ours)


def test_who_takes_nothing_for_long_is_dropped(pair):
    ours, _theirs = pair
    wire = Wire(ours, stall=0.05)
    wire.write(b"x" * 1_000_000)
    assert is_told_of_the_end(ours)
    assert (wire.is_closing, wire.waiting) == (True, 0)


def test_a_goodbye_comes_after_what_waits_and_nothing_after_it(pair):
    ours, theirs = pair
    wire = Wire(ours)
    wire.write(b"x" * 300_000)
    wire.close(Code.SERVICE_RESTART)
    wire.write(b"too late")
    assert all_of(theirs) == b"x" * 300_000 + b"\x88\x02\x03\xf4"


def test_a_client_that_has_gone_is_forgotten(pair):
    ours, theirs = pair
    wire = Wire(ours)
    theirs.close()
    wire.write(b"x")
    wire.close()
    wire.drop()
    assert (wire.is_closing, wire.waiting) == (True, 0)


def test_a_client_that_goes_while_something_waits_is_forgotten(pair):
    ours, theirs = pair
    wire = Wire(ours)
    wire.write(b"x" * 1_000_000)
    theirs.close()
    wait(timeout=1)
    assert (wire.is_closing, wire.waiting) == (True, 0)


def test_small_frames_leave_at_once():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    client = socket.create_connection(listener.getsockname())
    ours, _address = listener.accept()
    Wire(ours)
    assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
    for end in (ours, client, listener):
        end.close()
