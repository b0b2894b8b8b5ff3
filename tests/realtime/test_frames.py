"""RFC 6455 as the Autobahn suite asks it: what a client may send, and how it is answered."""

import struct
from base64 import b64encode

import pytest
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, TextMessage

from app.realtime.frames import (
    BadHandshake,
    Closed,
    Opcode,
    Pinged,
    Receiver,
    accept,
    close_frame,
    control,
    frame,
)

LIMIT = 64 * 1024
MASK = b"\x37\xfa\x21\x3d"
CONTINUED, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


def sent(opcode, payload=b"", *, final=True, reserved=0, masked=True):
    """A frame as a client makes it."""
    if isinstance(payload, str):
        payload = payload.encode()
    first = (0x80 if final else 0) | reserved << 4 | opcode
    bit = 0x80 if masked else 0
    if len(payload) < 126:
        head = struct.pack("!BB", first, bit | len(payload))
    elif len(payload) < 2**16:
        head = struct.pack("!BBH", first, bit | 126, len(payload))
    else:
        head = struct.pack("!BBQ", first, bit | 127, len(payload))
    if not masked:
        return head + payload
    return head + MASK + bytes(byte ^ MASK[at % 4] for at, byte in enumerate(payload))


def closing(code, reason=""):
    return sent(CLOSE, struct.pack("!H", code) + reason.encode())


PIECES = [sent(TEXT, "при", final=False), sent(CONTINUED, "ве", final=False), sent(CONTINUED, "т")]
TORN = "привет".encode()
CASES = {
    # 1: messages of every length form
    "an empty text": (sent(TEXT), [""]),
    "a text": (sent(TEXT, "привет"), ["привет"]),
    "125 bytes": (sent(TEXT, "a" * 125), ["a" * 125]),
    "126 bytes": (sent(TEXT, "a" * 126), ["a" * 126]),
    "65,535 bytes": (sent(TEXT, "a" * 65535), ["a" * 65535]),
    "65,536 bytes": (sent(TEXT, "a" * 65536), ["a" * 65536]),
    "binary": (sent(BINARY, b"\xfe\xff\x00"), [b"\xfe\xff\x00"]),
    "two messages at once": (sent(TEXT, "a") + sent(BINARY, b"b"), ["a", b"b"]),
    # 2: pings and pongs
    "a ping": (sent(PING, b"are you there"), [Pinged(b"are you there")]),
    "an empty ping": (sent(PING), [Pinged(b"")]),
    "a ping of 125 bytes": (sent(PING, b"x" * 125), [Pinged(b"x" * 125)]),
    "a ping of 126 bytes": (sent(PING, b"x" * 126), [Closed(1002)]),
    "a pong nobody asked for": (sent(PONG, b"x"), []),
    "a ping in pieces": (sent(PING, b"x", final=False), [Closed(1002)]),
    # 3, 4: reserved bits and opcodes, masking
    **{f"reserved bits {n}": (sent(TEXT, "a", reserved=n), [Closed(1002)]) for n in range(1, 8)},
    **{f"opcode {n}": (sent(n, b"a"), [Closed(1002)]) for n in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "an unmasked frame": (sent(TEXT, "a", masked=False), [Closed(1002)]),
    # 5: fragments
    "three pieces": (b"".join(PIECES), ["привет"]),
    "a ping between pieces": (
        PIECES[0] + sent(PING, b"?") + PIECES[1] + PIECES[2],
        [Pinged(b"?"), "привет"],
    ),
    "pieces of bytes": (
        sent(BINARY, b"a", final=False) + sent(CONTINUED, b"b"),
        [b"ab"],
    ),
    "a continuation of nothing": (sent(CONTINUED, "a"), [Closed(1002)]),
    "a text inside a text": (PIECES[0] + sent(TEXT, "a"), [Closed(1002)]),
    "a letter torn between pieces": (
        sent(TEXT, TORN[:3], final=False) + sent(CONTINUED, TORN[3:]),
        ["привет"],
    ),
    # 6: UTF-8
    "bytes that are no UTF-8": (sent(TEXT, b"\xff\xfe"), [Closed(1007)]),
    "a text that ends inside a letter": (sent(TEXT, TORN[:3]), [Closed(1007)]),
    "a surrogate": (sent(TEXT, b"\xed\xa0\x80"), [Closed(1007)]),
    "an overlong slash": (sent(TEXT, b"\xc0\xaf"), [Closed(1007)]),
    "pieces that are no UTF-8": (
        sent(TEXT, b"\xd0", final=False) + sent(CONTINUED, b"\x20"),
        [Closed(1007)],
    ),
    # 7: closing
    "a goodbye": (closing(1000), [Closed(1000)]),
    "a goodbye without a reason": (sent(CLOSE), [Closed(1005)]),
    "a goodbye with words": (closing(1001, "до завтра"), [Closed(1001)]),
    "a goodbye of one byte": (sent(CLOSE, b"\x03"), [Closed(1002)]),
    "a goodbye whose words are no UTF-8": (
        sent(CLOSE, b"\x03\xe8\xff"),
        [Closed(1007)],
    ),
    **{f"code {n}": (closing(n), [Closed(1002)]) for n in (0, 999, 1004, 1005, 1006, 1015, 2999)},
    **{f"code {n}": (closing(n), [Closed(n)]) for n in (1003, 1007, 1011, 3000, 4999)},
    "nothing counts after a goodbye": (closing(1000) + sent(TEXT, "a"), [Closed(1000)]),
    # 9: sizes
    "a byte too many": (sent(TEXT, "a" * (LIMIT + 1)), [Closed(1009)]),
    "many small pieces": (
        sent(TEXT, "a" * LIMIT, final=False) + sent(CONTINUED, "a"),
        [Closed(1009)],
    ),
    "Cyrillic counts in bytes": (sent(TEXT, "я" * (LIMIT // 2 + 1)), [Closed(1009)]),
    "a frame that promises 2^62 bytes": (
        struct.pack("!BBQ", 0x82, 0xFF, 2**62) + MASK + b"x" * (LIMIT + 1),
        [Closed(1009)],
    ),
}


@pytest.mark.parametrize(("data", "expected"), CASES.values(), ids=CASES.keys())
def test_what_a_client_sends_is_understood_or_refused(data, expected):
    assert list(Receiver(LIMIT).feed(data)) == expected


BY_ONE = {name: case for name, case in CASES.items() if len(case[0]) < 500}


@pytest.mark.parametrize(("data", "expected"), BY_ONE.values(), ids=BY_ONE.keys())
def test_it_may_come_byte_by_byte(data, expected):
    receiver = Receiver(LIMIT)
    assert [got for byte in data for got in receiver.feed(bytes([byte]))] == expected


def test_the_size_is_counted_anew_for_every_message():
    receiver = Receiver(10)
    for _ in range(3):
        assert list(receiver.feed(sent(TEXT, "a" * 10))) == ["a" * 10]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536, 100_000])
def test_our_frames_are_read_by_any_client(size):
    client = Connection(ConnectionType.CLIENT)
    client.receive_data(frame("я" * size) + frame(b"\x00" * size))
    texts, blobs = [], []
    for event in client.events():
        assert isinstance(event, TextMessage | BytesMessage)
        (texts if isinstance(event, TextMessage) else blobs).append(event.data)
    assert ("".join(texts), b"".join(blobs)) == ("я" * size, b"\x00" * size)


def test_a_pong_brings_the_same_bytes_and_a_goodbye_its_code():
    assert control(Opcode.PONG, b"ok") == b"\x8a\x02ok"
    assert close_frame(1000) == b"\x88\x02\x03\xe8"
    assert close_frame(1005) == b"\x88\x00"


def asked(**changes):
    """The example of RFC 6455, 1.3."""
    return {
        "HTTP_SEC_WEBSOCKET_VERSION": "13",
        "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==",
        "HTTP_SEC_WEBSOCKET_EXTENSIONS": "permessage-deflate; client_max_window_bits",
    } | changes


def test_the_handshake_is_that_of_the_rfc_and_agrees_on_no_compression():
    answer = accept(asked()).decode()
    assert answer.startswith("HTTP/1.1 101 ")
    assert "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in answer
    assert "deflate" not in answer
    assert answer.endswith("\r\n\r\n")


@pytest.mark.parametrize(
    "changes",
    [
        {"HTTP_SEC_WEBSOCKET_VERSION": "8"},
        {"HTTP_SEC_WEBSOCKET_VERSION": ""},
        {"HTTP_SEC_WEBSOCKET_KEY": ""},
        {"HTTP_SEC_WEBSOCKET_KEY": "не ключ"},
        {"HTTP_SEC_WEBSOCKET_KEY": b64encode(b"x" * 15).decode()},
        {"HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==\r\nEvil: yes"},
    ],
)
def test_another_handshake_is_refused(changes):
    with pytest.raises(BadHandshake):
        accept(asked(**changes))
