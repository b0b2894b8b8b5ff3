"""The driver under gunicorn: slow and silent readers, and a server killed while people write."""

import os
import re
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from app import create_app
from app.core.db import db
from app.messenger.messages.models import Message
from tests.conftest import make_settings
from tests.messenger.serving import free_port, served
from tests.realtime.talking import Window, Writer, signed_in
from tests.world import World

TEXT = "&" * 4000  # 20 kB of HTML
NUMBER = re.compile(r'data-seq="(\d+)"')


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A site with its own database, served; rows are made from here."""
    tmp_path = tmp_path_factory.mktemp("served")
    url = f"http://127.0.0.1:{free_port()}"
    database = f"sqlite:///{tmp_path}/served.sqlite3"
    app = create_app(make_settings(tmp_path, database_url=database, base_url=url))
    with app.app_context():
        db.create_all()
        with served(tmp_path, database, url) as server:
            world = World()
            world.server = server
            yield world
            assert "Traceback" not in server.log
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def people(school):
    return [school.profile(name) for name in ("Анна Иванова", "Борис Петров", "Вера Орлова")]


@pytest.fixture
def chat(school, people):
    return school.chat("Чат с родителями", *people)


@pytest.fixture
def window_of(school):
    opened = []

    def open_window(profile, **options):
        opened.append(Window(school.server.base_url, signed_in(profile), **options))
        return opened[-1]

    yield open_window
    for window in opened:
        window.close()


@pytest.fixture
def write(school, people, chat):
    writer = Writer(school.server.base_url, signed_in(people[0]), chat)
    return lambda number: writer.write(f"message-{number:05}", TEXT)


def number_of(html):
    assert html.startswith("<article")
    assert html.endswith("</article>")
    assert len(html) > 20_000
    return int(NUMBER.search(html)[1])


def memory_of(school):
    """RSS of the worker, in bytes."""
    arbiter = school.server.pid
    [worker] = Path(f"/proc/{arbiter}/task/{arbiter}/children").read_text().split()
    pages = int(Path(f"/proc/{worker}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_a_slow_reader_gets_400_of_400_frames_of_20_kb_whole(people, chat, window_of, write):
    slow = window_of(people[1], buffer=4096)
    assert b"deflate" not in slow.answer
    slow.open(chat)
    heard, numbers = slow.fragments(), []
    for number in range(400):
        write(number)
        if number % 4 == 0:
            numbers.append(number_of(next(heard)))
    numbers += [number_of(next(heard)) for _ in range(300)]
    assert numbers == list(range(1, 401))


@pytest.mark.slow
def test_who_never_reads_is_dropped_and_costs_little(school, people, chat, window_of, write):
    silent = [window_of(people[2], buffer=4096) for _ in range(10)]
    reader = window_of(people[1])
    for window in (*silent, reader):
        window.open(chat)
    before = memory_of(school)
    heard, most = reader.fragments(), 0
    for number in range(1, 901):
        write(number)
        assert number_of(next(heard)) == number, "the others hear everything at once"
        most = max(most, memory_of(school) - before)
    for window in silent:
        assert len(list(window.fragments())) < 900, "the server has left"
    assert most < 48 * 1024 * 1024
    again = window_of(people[2])
    assert again.open(chat)["last_seq"] == 900
    catching_up = Writer(school.server.base_url, signed_in(people[2]), chat)
    seen = [0]
    while seen[-1] < 900:
        seen += map(int, NUMBER.findall(catching_up.since(seen[-1])))
    assert seen == list(range(901))


def test_a_server_killed_while_people_write_loses_and_doubles_nothing(
    school, people, chat, window_of
):
    window = window_of(people[1])
    window.open(chat)
    writers = [
        Writer(school.server.base_url, signed_in(profile), chat)
        for profile in (people[0], people[2])
    ]
    confirmed, failed = set(), set()
    enough = threading.Event()

    def keep_writing(who):
        for number in range(60):
            client_id = f"writer-{who}-{number:05}"
            try:
                writers[who].write(client_id, f"Сообщение {number}")
                confirmed.add(client_id)
            except OSError:
                failed.add(client_id)
            if len(confirmed) == 40:
                enough.set()

    threads = [threading.Thread(target=keep_writing, args=[who]) for who in range(2)]
    for thread in threads:
        thread.start()
    assert enough.wait(30)
    school.server.stop()
    for thread in threads:
        thread.join()
    assert failed
    school.server.start()
    here = Message.chat_id == chat.id
    db.session.rollback()  # a reader of SQLite sees what was there when it began
    stored = set(db.session.scalars(select(Message.client_id).where(here)))
    db.session.rollback()
    assert confirmed <= stored, "acknowledged is on disk"
    for client_id in sorted(failed):
        writers[int(client_id.split("-")[1])].write(client_id, "Ещё раз")
    rows = db.session.execute(
        select(Message.client_id, Message.seq).where(here).order_by(Message.seq)
    ).all()
    assert sorted(row.client_id for row in rows) == sorted(confirmed | failed)
    assert [row.seq for row in rows] == list(range(1, 121))
    heard = [int(NUMBER.search(html)[1]) for html in window.fragments()]
    assert heard == list(range(1, len(heard) + 1))
    reader = Writer(school.server.base_url, signed_in(people[1]), chat)
    seen = heard or [0]
    while seen[-1] < 120:
        seen += map(int, NUMBER.findall(reader.since(seen[-1])))
    assert seen[-1] == 120
    assert len(set(seen)) == len(seen)


def test_a_server_that_is_told_to_end_says_so_and_does_not_wait(school, people, chat, window_of):
    window = window_of(people[1])
    window.open(chat)

    def listen_as_a_browser():
        list(window.events())
        window.close()

    ended = threading.Thread(target=listen_as_a_browser)
    ended.start()
    assert school.server.end() < 6, "gunicorn would wait ten seconds for open sockets"
    ended.join()
    assert window.closed_with == 1012
    school.server.start()
