"""How fast a message reaches a room, and what a connection costs.

Run: .venv/bin/python -m bench.fanout [--rounds 10] [--seconds 2]

Three servers side by side, measured in short turns in one run, so that their ratios hold on a busy
machine: the site (gunicorn as in deploy/), stock Flask-SocketIO doing the same database work
(reference/stock.py) and a bare WebSocket server (reference/raw.py). Times are from sending until
the LAST member has the message. Exit status 1 when a target is missed.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from contextlib import ExitStack

import uvloop

from bench.load import Room
from bench.served import ROOT, Server, Site, free_port, machine, running, verdict

BIG, SMALL = 500, 30
TURNS, MESSAGES = 6, 10
CONNECTIONS = 1000
TO_RAW, TO_STOCK, SENDS_TO_STOCK, KILOBYTES = 1.6, 2.5, 1.8, 55


def median(values):
    return statistics.median(values)


async def raw_is_up(url):
    for _ in range(200):
        try:
            probe = Room(url + "/probe", is_raw=True)
            await probe.join("", "")
            probe.leave()
            return
        except OSError:
            await asyncio.sleep(0.05)
    raise RuntimeError("the raw server did not start")


class Contestant:
    """One server with its two rooms; `times` and `rates` hold a figure a round."""

    def __init__(self, name, url, path, chats, cookies):
        socket_url = url.replace("http", "ws") + path
        is_raw = not path
        self.name = name
        self._origin, self._cookies = url, cookies
        self._big = Room(socket_url + ("/big" if is_raw else ""), chats[0], is_raw)
        self._small = Room(socket_url + ("/small" if is_raw else ""), chats[1], is_raw)
        self.times, self.rates, self.small_times = [], [], []

    async def join(self):
        await self._big.join_all(self._cookies, self._origin)
        await self._small.join_all(self._cookies[:SMALL], self._origin)
        await self._big.one_by_one(5)
        await self._small.closed_loop(0.5)

    async def big_turn(self):
        """Times of a few messages, one after another."""
        return [await self._big.send() for _ in range(MESSAGES)]

    async def small_round(self, seconds):
        rate, times = await self._small.closed_loop(seconds)
        self.rates.append(rate)
        self.small_times.append(median(times))


async def race(contestants, rounds, seconds):
    for one in contestants:
        await one.join()
    for number in range(rounds):
        # The same thing of all three at once, in short turns: on a shared host the machine may be
        # another one a second later.
        taken = {one.name: [] for one in contestants}
        for _ in range(TURNS):
            for one in contestants:
                taken[one.name] += await one.big_turn()
        for one in contestants:
            one.times.append(median(taken[one.name]))
        for one in contestants:
            await one.small_round(seconds)
        print(
            f"round {number + 1}: "
            + "; ".join(
                f"{one.name} {one.times[-1] * 1000:.1f} ms to {BIG},"
                f" {one.rates[-1]:.0f} sends/s in {SMALL}"
                for one in contestants
            ),
            flush=True,
        )


async def connection_cost(server, chat, cookies):
    """KB that one more open window costs, over `CONNECTIONS` of them."""
    room = Room(server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket", chat)
    await room.join_all(cookies[:50], server.url)
    await room.one_by_one(3)
    before = server.memory
    await room.join_all((cookies * 3)[50 : 50 + CONNECTIONS], server.url)
    await room.one_by_one(3)
    return (server.memory - before) / CONNECTIONS / 1000


def report(ours, stock, raw, kilobytes):
    def ratio(upper, lower):
        return median([a / b for a, b in zip(upper, lower, strict=True)])

    print(f"\n{'':8}{'to 500, ms':>14}{'sends/s in 30':>16}{'ms in 30':>12}")
    for one in (ours, stock, raw):
        print(
            f"{one.name:8}{median(one.times) * 1000:14.1f}{median(one.rates):16.0f}"
            f"{median(one.small_times) * 1000:12.1f}"
        )
    print("\nMedians of the ratios of every round:")
    to_raw = ratio(ours.times, raw.times)
    to_stock = ratio(stock.times, ours.times)
    sends = ratio(ours.rates, stock.rates)
    return all(
        [
            verdict(
                "one message to 500, to raw", f"{to_raw:.2f}x", to_raw <= TO_RAW, f"<= {TO_RAW}x"
            ),
            verdict(
                "one message to 500, faster than stock",
                f"{to_stock:.2f}x",
                to_stock >= TO_STOCK,
                f">= {TO_STOCK}x",
            ),
            verdict(
                "sends/s in a room of 30, to stock",
                f"{sends:.2f}x",
                sends >= SENDS_TO_STOCK,
                f">= {SENDS_TO_STOCK}x",
            ),
            verdict(
                "memory of a connection",
                f"{kilobytes:.0f} kB",
                kilobytes <= KILOBYTES,
                f"<= {KILOBYTES} kB",
            ),
        ]
    )


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--seconds", type=float, default=2)
    asked = options.parse_args()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        site = Site(folder)
        people = site.people(BIG)
        ids, cookies = zip(*people, strict=True)
        cookies = list(cookies)
        chats = {
            name: [site.chat(f"{name} {size}", ids[:size])[1] for size in (BIG, SMALL)]
            for name in ("ours", "stock", "raw")
        }
        with site.serving("wsgi:app") as server:
            kilobytes = uvloop.run(connection_cost(server, chats["raw"][0], cookies))
        print(f"memory: {kilobytes:.0f} kB a connection", flush=True)
        ours = stack.enter_context(site.serving("wsgi:app"))
        stock = stack.enter_context(site.serving("stock:app", folder=ROOT / "bench/reference"))
        port = free_port()
        stack.enter_context(
            running([sys.executable, ROOT / "bench/reference/raw.py", port], {}, folder)
        )
        raw = Server(f"http://127.0.0.1:{port}", 0)

        async def measure():
            await raw_is_up(raw.url.replace("http", "ws"))
            query = "/?EIO=4&transport=websocket"
            contestants = [
                Contestant("ours", ours.url, f"/socket.io{query}", chats["ours"], cookies),
                Contestant("stock", stock.url, f"/stock{query}", chats["stock"], cookies),
                Contestant("raw", raw.url, "", ["", ""], cookies),
            ]
            await race(contestants, asked.rounds, asked.seconds)
            return report(*contestants, kilobytes)

        return 0 if uvloop.run(measure()) else 1


if __name__ == "__main__":
    sys.exit(main())
