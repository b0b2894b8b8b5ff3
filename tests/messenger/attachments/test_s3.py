"""Files in S3-compatible storage, on a site served by gevent: whole, in parts, gone when taken back,
and nobody else waits for a slow storage.
"""

import socket
import threading
import time
import urllib.parse

import httpx
import pytest

from app import create_app
from app.core.db import db
from tests.conftest import make_settings
from tests.core import samples
from tests.messenger.attachments.s3_storage import s3_storage
from tests.messenger.serving import free_port, served
from tests.realtime.talking import signed_in
from tests.world import World


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("s3")
    url, database = f"http://127.0.0.1:{free_port()}", f"sqlite:///{folder}/site.sqlite3"
    app = create_app(make_settings(folder, database_url=database, base_url=url))
    with app.app_context(), s3_storage() as (storage, address):
        db.create_all()
        with served(folder, database, url, **storage.environment(address)) as server:
            world = World()
            world.server, world.storage, world.folder = server, storage, folder
            yield world
            assert "Traceback" not in server.log, server.log[-3000:]
        db.session.remove()
        db.engine.dispose()


class Visitor:
    """A member's browser, without a screen."""

    def __init__(self, site, profile, chat):
        self.url = f"/im/chats/{chat.public_id}"
        self.client = httpx.Client(base_url=site.server.base_url, timeout=30)
        self.client.cookies.set(*signed_in(profile).split("=", 1))
        page = self.client.get(self.url).text
        self.token = page.split('name="csrf_token" value="')[1].split('"')[0]
        self.headers = {"X-CSRFToken": self.token, "HX-Request": "true"}

    def uploads(self, content, name):
        answer = self.client.post(
            f"{self.url}/files", params={"name": name}, content=content, headers=self.headers
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def sends(self, draft):
        form = {"text": "", "client_id": f"client-{draft}", "attachments": draft}
        answer = self.client.post(f"{self.url}/messages", data=form, headers=self.headers)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def anna(site):
    profile = site.profile("Анна Иванова")
    site.confirmed(profile, "teacher")
    site.chat_here = site.chat("7А", profile)
    visitor = Visitor(site, profile, site.chat_here)
    yield visitor
    visitor.client.close()


def test_a_file_comes_back_whole_and_in_parts_and_goes_when_taken_back(site, anna):
    content = bytes(range(256)) * 3000
    video = samples.MP4 + content
    draft = anna.uploads(video, "урок.mp4")
    anna.sends(draft)
    address = f"{anna.url}/files/{draft}"
    assert anna.client.get(address).content == video
    part = anna.client.get(address, headers={"Range": "bytes=300000-300099"})
    assert (part.status_code, part.content) == (206, video[300000:300100])
    assert anna.client.get(address, headers={"Range": "bytes=9999999-"}).status_code == 416

    before = set(site.storage.objects)
    photo = anna.uploads(samples.photo((900, 600), gps=True), "фото.jpg")
    assert len(set(site.storage.objects) - before) == 2, "the photo and its small copy"
    assert anna.client.get(f"{anna.url}/files/{photo}/thumb").status_code == 200
    answer = anna.client.post(f"{anna.url}/files/{photo}/discard", headers=anna.headers)
    assert answer.status_code == 204
    assert set(site.storage.objects) == before
    assert anna.client.get(f"{anna.url}/files/{photo}").status_code == 404
    assert not [path for path in (site.folder / "files").rglob("*") if path.is_file()]


def test_a_cut_upload_leaves_nothing(site, anna):
    before = set(site.storage.objects)
    parts = urllib.parse.urlsplit(site.server.base_url)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in anna.client.cookies.jar)
    with socket.create_connection((parts.hostname, parts.port)) as wire:
        wire.sendall(
            f"POST {anna.url}/files?name=a.txt HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookies}\r\n"
            f"X-CSRFToken: {anna.token}\r\nHX-Request: true\r\nContent-Length: 1000000\r\n\r\n".encode()
            + b"words " * 1000
        )
    anna.uploads(b"words", "другой.txt")  # the site goes on
    assert len(set(site.storage.objects) - before) == 1
    deadline = time.monotonic() + 5
    while list((site.folder / "incoming").glob("*.part")):
        assert time.monotonic() < deadline, "half a file stays"


def test_nobody_waits_for_a_slow_storage(site, anna):
    site.storage.pause = 1.5
    try:
        answers = []
        upload = threading.Thread(
            target=lambda: answers.append(anna.uploads(b"words", "медленный.txt"))
        )
        upload.start()
        took = []
        while upload.is_alive() and len(took) < 10:
            begun = time.monotonic()
            answer = httpx.get(f"{site.server.base_url}/sign-in", timeout=30)
            took.append(time.monotonic() - begun)
            assert answer.status_code == 200
        upload.join()
        assert answers
        assert len(took) >= 3
        assert max(took) < 1.0
    finally:
        site.storage.pause = 0.0
