"""Two people in a chat, and words for sending files."""

import json
from pathlib import Path

import pytest

from app.core import files
from tests.core import samples

HTMX = {"HX-Request": "true"}


@pytest.fixture
def anna(world):
    profile = world.profile("Анна Иванова")
    world.confirmed(profile, "teacher")
    return profile


@pytest.fixture
def boris(world):
    profile = world.profile("Борис Ким")
    world.confirmed(profile, "pupil")
    return profile


@pytest.fixture
def chat(world, anna, boris):
    return world.chat("7А", anna, boris)


@pytest.fixture
def web_of(world, browser):
    """`web_of(profile)`: that person's browser."""
    opened = {}

    def open_web(profile):
        if profile.id not in opened:
            web = browser()
            world.signed_in(web.client, profile)
            opened[profile.id] = web
        return opened[profile.id]

    return open_web


@pytest.fixture
def kept(app):
    """`kept()`: what lies in the store and beside it."""
    folder = app.extensions[files.EXTENSION_KEY].incoming.parent

    def look() -> list[Path]:
        return [
            path
            for name in ("files", "incoming")
            for path in (folder / name).rglob("*")
            if path.is_file()
        ]

    return look


def uploads(web, chat, content=None, name="фото.jpg", **measured):
    """The browser sends a file; the answer."""
    return web.send(
        "post",
        f"/im/chats/{chat.public_id}/files",
        query_string={"name": name} | measured,
        data=samples.photo() if content is None else content,
        headers=HTMX,
        content_type="application/octet-stream",
    )


def draft(web, chat, content=None, name="фото.jpg", **measured):
    """As `uploads`, its id."""
    answer = uploads(web, chat, content, name, **measured)
    assert answer.status_code == 201, answer.text
    return json.loads(answer.text)["id"]


def sends(web, chat, *ids, text="", client_id="client-0001"):
    """The browser sends a message with these drafts; the answer."""
    return web.send(
        "post",
        f"/im/chats/{chat.public_id}/messages",
        data={"text": text, "client_id": client_id, "attachments": ",".join(ids)},
        headers=HTMX,
    )


def address(chat, attachment, tail=""):
    return f"/im/chats/{chat.public_id}/files/{attachment}{tail}"
