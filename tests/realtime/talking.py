"""A browser made of bare sockets: it may read as slowly as it likes, or not at all."""

import json
import re
import socket
import struct
import urllib.parse
import urllib.request

from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, TextMessage

from app.identity import sessions

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
MASK = b"\x00\x00\x00\x00"


def signed_in(profile):
    """The cookie of a browser signed in as this profile."""
    token = sessions.start_session(profile.id, address="127.0.0.1", user_agent="test")
    return f"{sessions.COOKIE}={token}"


class Window:
    """A Socket.IO connection. `buffer` is how much its kernel keeps for who does not read."""

    def __init__(self, base_url, cookie, *, buffer=None, extensions="permessage-deflate"):
        host, port = urllib.parse.urlsplit(base_url).netloc.split(":")
        self.sock = socket.socket()
        if buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.sock.settimeout(30)
        self.sock.connect((host, int(port)))
        self._events = []
        self.closed_with = None
        self._protocol = Connection(ConnectionType.CLIENT)
        self.sock.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Origin: {base_url}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n"
            f"Sec-WebSocket-Extensions: {extensions}\r\nCookie: {cookie}\r\n\r\n".encode()
        )
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.sock.recv(4096)
        self.answer, _, rest = head.partition(b"\r\n\r\n")
        self._protocol.receive_data(rest)
        self._packets = self._read()
        assert next(self._packets).startswith("0{")
        self.say("40")
        assert next(self._packets).startswith("40{")

    def say(self, packet):
        """Send one Engine.IO packet."""
        data = packet.encode()
        head = bytes((0x81, 0x80 | len(data))) if len(data) < 126 else None
        head = head or struct.pack("!BBH", 0x81, 0xFE, len(data))
        self.sock.sendall(head + MASK + data)

    def open(self, chat):
        """Hear the chat, and wait until it is so."""
        self.say("421" + json.dumps(["open", chat.public_id]))
        for packet in self._packets:
            if packet.startswith("431"):
                return json.loads(packet[3:])[0]
        raise AssertionError("the server left")

    def events(self):
        """Socket.IO events as (name, argument), until the server leaves."""
        for packet in self._packets:
            if packet.startswith("42"):
                yield tuple(json.loads(packet[2:]))
            elif packet == "2":
                self.say("3")

    def fragments(self):
        """Messages of the open chat as HTML."""
        return (told["html"] for name, told in self.events() if name == "fragment")

    def _read(self):
        text = ""
        while True:
            for event in self._protocol.events():
                if isinstance(event, CloseConnection):
                    assert event.code != 1002, event.reason
                    self.closed_with = event.code
                    return
                assert isinstance(event, TextMessage)
                text += event.data
                if event.message_finished:
                    yield text
                    text = ""
            try:
                data = self.sock.recv(1024)
            except ConnectionError:
                return
            if not data:
                return
            self._protocol.receive_data(data)

    def close(self):
        self.sock.close()


class Writer:
    """Posts messages as the page does."""

    def __init__(self, base_url, cookie, chat):
        self._cookie = cookie
        self._chat = f"{base_url}/im/chats/{chat.public_id}"
        page, headers = self._ask(self._chat)
        own = [value.partition(";")[0] for value in headers.get_all("Set-Cookie", ())]
        self._cookie = "; ".join([cookie, *own])
        self._csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def write(self, client_id, text):
        """Send a message. Returns when it is confirmed; raises OSError when it is not."""
        form = {"text": text, "client_id": client_id, "csrf_token": self._csrf}
        return self._ask(f"{self._chat}/messages", urllib.parse.urlencode(form).encode())[0]

    def since(self, seq):
        """What catch-up brings after this number."""
        return self._ask(f"{self._chat}/since?seq={seq}")[0]

    def _ask(self, url, data=None):
        headers = {"Cookie": self._cookie} | ({"HX-Request": "true"} if data else {})
        asked = urllib.request.Request(url, data, headers)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return answer.read().decode(), answer.headers
