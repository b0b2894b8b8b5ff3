"""How long the messenger's pages take, and how much script they load.

Run: .venv/bin/python -m bench.chat_pages

Server time of opening a chat of 50,000 messages (its end, its middle, and catching up) and of a
list of 200 chats, in this process, medians of many. What counts is the processor's time: other
programs of a busy machine stretch the clock's by as much as they like. And the bytes of all
script that the messenger's page loads at once (what it loads later by import() is not counted).
Exit status 1 when a target is missed.
"""

import random
import re
import statistics
import sys
import tempfile
import time
from urllib.parse import urljoin

from sqlalchemy import insert, update

from app.core import clock
from app.core.db import db
from app.core.transaction import writing
from app.messenger.chats.models import Chat, Member
from app.messenger.messages.models import Message, MessageKind
from bench.served import Site, machine, verdict

MESSAGES, CHATS, CLASS, ROUNDS = 50_000, 200, 30, 40
CHAT_MS, LIST_MS, SCRIPT_KB = 60, 80, 200
WORDS = (
    *("завтра", "урок", "алгебра", "тетрадь", "кабинет", "родители", "собрание", "экскурсия"),
    *("контрольная", "учебник", "пожалуйста", "спасибо", "до", "встречи", "расписание", "замена"),
)
IMPORT = re.compile(r"""(?:import|export)\s*(?:[^"'();]*?\sfrom\s*)?["']([^"']+)["']""")


def fill(site, chat_id, authors, count, rng):
    """`count` messages of these authors, and the chat's numbers as sending leaves them."""
    now = clock.now()
    with site.app.app_context(), writing() as session:
        for start in range(0, count, 1000):
            numbers = range(start + 1, min(start + 1000, count) + 1)
            session.execute(
                insert(Message),
                [
                    {
                        "chat_id": chat_id,
                        "seq": seq,
                        "author_id": authors[seq % len(authors)],
                        "client_id": f"bench-{chat_id}-{seq}",
                        "kind": MessageKind.TEXT,
                        "text": " ".join(rng.choices(WORDS, k=rng.randint(1, 25))),
                        "created_at": now,
                    }
                    for seq in numbers
                ],
            )
        session.execute(
            update(Chat)
            .where(Chat.id == chat_id)
            .values(last_seq=count, texts_count=count, last_message_at=now)
        )
        session.execute(
            update(Member).where(Member.chat_id == chat_id).values(read_seq=count, texts_read=count)
        )


class Visitor:
    """A browser signed in as one profile, in this process."""

    def __init__(self, site, cookie):
        self._web = site.app.test_client()
        name, _, value = cookie.partition("=")
        self._web.set_cookie(name, value)

    def get(self, path, headers=None):
        answer = self._web.get(path, headers=headers)
        assert answer.status_code == 200, (path, answer.status)
        return answer.get_data(as_text=True)

    def milliseconds(self, path, headers=None):
        """Medians of the page's processor time and of its time by the clock."""
        spent, passed = [], []
        for _ in range(ROUNDS):
            before = time.process_time(), time.perf_counter()
            self.get(path, headers)
            spent.append((time.process_time() - before[0]) * 1000)
            passed.append((time.perf_counter() - before[1]) * 1000)
        return statistics.median(spent[3:]), statistics.median(passed[3:])


def script_bytes(visitor, path):
    """Bytes of the page's scripts and of every module they import at once."""
    wanted = re.findall(r'<script[^>]+src="([^"]+)"', visitor.get(path))
    seen, total = set(), 0
    while wanted:
        url = wanted.pop()
        bare = url.partition("?")[0]
        if bare in seen:
            continue
        seen.add(bare)
        source = visitor.get(url)
        total += len(source.encode())
        if bare.endswith(".min.js"):
            continue
        wanted += [urljoin(bare, found) for found in IMPORT.findall(source)]
    return total, len(seen)


def main():
    print(machine(), flush=True)
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder)
        people = site.people(CLASS)
        ids, cookies = zip(*people, strict=True)
        chats = [site.chat(f"Чат {number}", ids) for number in range(CHATS)]
        fill(site, chats[0][0], ids, MESSAGES, rng)
        for chat_id, _public in chats[1:]:
            fill(site, chat_id, ids, 3, rng)
        visitor = Visitor(site, cookies[0])
        chat = f"/im/chats/{chats[0][1]}"
        pane = {"HX-Request": "true", "HX-Target": "chat"}
        measured = [
            (f"opening a chat of {MESSAGES:,} messages", CHAT_MS, visitor.milliseconds(chat, pane)),
            (
                "opening it in its middle",
                CHAT_MS,
                visitor.milliseconds(f"{chat}?before={MESSAGES // 2}", pane),
            ),
            (
                "catching up with 50 of it",
                CHAT_MS,
                visitor.milliseconds(f"{chat}/since?seq={MESSAGES - 50}&change=0"),
            ),
            (f"a list of {CHATS} chats", LIST_MS, visitor.milliseconds("/im/")),
            ("both as one page", LIST_MS + CHAT_MS, visitor.milliseconds(chat)),
        ]
        size, files = script_bytes(visitor, chat)
        with site.app.app_context():
            db.engine.dispose()
    holds = [
        verdict(name, f"{spent:.0f} ms (by the clock {passed:.0f})", spent < limit, f"< {limit} ms")
        for name, limit, (spent, passed) in measured
    ]
    name, limit = f"script of the page, {files} files", SCRIPT_KB * 1000
    holds.append(verdict(name, f"{size / 1000:.0f} kB", size < limit, f"< {SCRIPT_KB} kB"))
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
