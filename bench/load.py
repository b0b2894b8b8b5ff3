"""Clients: a room of WebSockets in one process (picows, uvloop), and what they measure."""

import asyncio
import json
import statistics
import time
from dataclasses import dataclass, field

import picows

TEXT = "Завтра первый урок в кабинете 27, возьмите тетради и сменную обувь."
HTML = "x" * 1460  # the raw server's message is as long as the site's event
OPEN, CONNECTED, PING, PONG = b"0", b"40", b"2", "3"


class Client(picows.WSListener):
    """One window with the chat open. Tells its room of every message it gets."""

    def __init__(self, room):
        self._room = room
        self.transport = None
        self.is_ready = asyncio.get_running_loop().create_future()

    def on_ws_connected(self, transport):
        self.transport = transport
        if self._room.is_raw:
            self.is_ready.set_result(True)

    def on_ws_frame(self, transport, frame):
        if frame.msg_type != picows.WSMsgType.TEXT:
            return
        data = frame.get_payload_as_bytes()
        at = data.find(b"m-bench")
        if at >= 0:
            self._room.got(data[at + 7 : at + 15])
        elif data == PING:
            self.say(PONG)
        elif data.startswith(OPEN):
            self.say("40")
        elif data.startswith(CONNECTED):
            self.say("421" + json.dumps(["open", self._room.chat]))
        elif data.startswith(b"431") and not self.is_ready.done():
            assert b'"ok":true' in data, data
            self.is_ready.set_result(True)
        elif data.startswith(b"43") and b'"ok":true' not in data:
            raise AssertionError(data)

    def say(self, text):
        self.transport.send(picows.WSMsgType.TEXT, text.encode())


@dataclass
class Room:
    """The clients of one chat on one server."""

    url: str
    chat: str = ""
    is_raw: bool = False
    clients: list[Client] = field(default_factory=list)
    _left: dict[bytes, list] = field(default_factory=dict)
    _number: int = 0

    async def join(self, cookie, origin):
        headers = {} if self.is_raw else {"Cookie": cookie, "Origin": origin}
        _transport, client = await picows.ws_connect(
            lambda: Client(self), self.url, extra_headers=headers
        )
        await asyncio.wait_for(client.is_ready, 60)
        self.clients.append(client)

    async def join_all(self, cookies, origin):
        for start in range(0, len(cookies), 20):
            await asyncio.gather(
                *(self.join(cookie, origin) for cookie in cookies[start : start + 20])
            )

    def got(self, name):
        waiting = self._left[name]
        waiting[0] -= 1
        if not waiting[0]:
            waiting[1].set_result(time.perf_counter())
            del self._left[name]

    async def send(self):
        """Seconds from sending a message until the last client of the room has it."""
        self._number += 1
        name = f"{self._number:08}"
        done = asyncio.get_running_loop().create_future()
        self._left[name.encode()] = [len(self.clients), done]
        sender = self.clients[self._number * 7 % len(self.clients)]
        client_id = f"bench{name}"
        if self.is_raw:
            packet = f'42["fragment",{{"html":"m-{client_id}{HTML}"}}]'
        else:
            form = {"client_id": client_id, "text": TEXT}
            packet = "422" + json.dumps(["send", self.chat, form], ensure_ascii=False)
        started = time.perf_counter()
        sender.say(packet)
        return await asyncio.wait_for(done, 30) - started

    async def one_by_one(self, count):
        """The median time of `count` messages, each sent when the last one has arrived."""
        return statistics.median([await self.send() for _ in range(count)])

    async def closed_loop(self, seconds, senders=16):
        """Messages a second that all have got, with so many always under way; and their times."""
        until = time.perf_counter() + seconds
        times = []

        async def keep_sending():
            while time.perf_counter() < until:
                times.append(await self.send())

        started = time.perf_counter()
        await asyncio.gather(*(keep_sending() for _ in range(senders)))
        return len(times) / (time.perf_counter() - started), times

    def leave(self):
        for client in self.clients:
            client.transport.disconnect()
