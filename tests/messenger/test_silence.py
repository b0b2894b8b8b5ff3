"""Sockets of a served site fall silent: who was removed, who has unlinked, a dialogue that froze.

What is done goes by HTTP, as people do it; what is heard is heard by bare sockets that were open
before. In each case somebody who still may hear it does.
"""

import re
import time

import httpx
import pytest
from sqlalchemy import select

from app.core.db import db
from app.membership.reconcile import reconcile_person
from app.messenger.chats.models import Chat
from app.messenger.chats.rights import ChatKind, MemberRole
from app.messenger.direct import start
from app.school.signing_in import hash_password
from tests.realtime.talking import Window, Writer, signed_in

PASSWORD = "a-long-password-1"
SILENT_IN = 2.0


class Visitor:
    """A browser without a screen that fills in the forms of a served site."""

    def __init__(self, base_url, cookie=""):
        self._client = httpx.Client(base_url=base_url, timeout=30)
        if cookie:
            self._client.cookies.set(*cookie.split("=", 1))

    def submits(self, page, url, **fields):
        """The form of `page`, sent to `url`."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self._client.get(page).text)[1]
        answer = self._client.post(url, data={"csrf_token": token, **fields})
        assert answer.status_code < 400, answer.text
        return answer

    def close(self):
        self._client.close()


@pytest.fixture
def visitor(school):
    opened = []

    def open_visitor(profile=None):
        cookie = signed_in(profile) if profile else ""
        opened.append(Visitor(school.server.base_url, cookie))
        return opened[-1]

    yield open_visitor
    for one in opened:
        one.close()


@pytest.fixture
def window(school):
    opened = []

    def open_window(profile, chat):
        opened.append(Window(school.server.base_url, signed_in(profile)))
        assert opened[-1].open(chat)["ok"]
        return opened[-1]

    yield open_window
    for one in opened:
        one.close()


def heard(window, *, until):
    """Names and HTML of what comes until this moment."""
    told = []
    try:
        for name, argument in window.events():
            told.append((name, argument.get("html", "")))
            window.sock.settimeout(max(0.05, until - time.monotonic()))
            if time.monotonic() >= until:
                break
    except TimeoutError:
        pass
    return told


def hears(told, words):
    return any(name == "fragment" and words in html for name, html in told)


def test_a_removed_member_hears_nothing_more(school, visitor, window):
    anna, boris, vera = (school.profile(f"{name} Тихая") for name in ("Анна", "Борис", "Вера"))
    for profile in (anna, boris, vera):
        school.confirmed(profile, "teacher")
    chat = school.chat("Стенгазета", boris, vera, kind=ChatKind.MANUAL)
    school.join(anna, chat, role=MemberRole.CREATOR)
    gone, stays = window(boris, chat), window(vera, chat)
    write = Writer(school.server.base_url, signed_in(anna), chat).write
    write("before-0001", "Пока все здесь")
    leader, url = visitor(anna), f"/im/chats/{chat.public_id}"
    leader.submits(url, f"{url}/members/{boris.public_id}", deed="remove")
    until = time.monotonic() + SILENT_IN
    write("after-00001", "Без Бориса")
    told, others = heard(gone, until=until), heard(stays, until=time.monotonic() + 0.5)
    assert hears(told, "Пока все здесь")
    assert ("closed", "") in told
    assert not hears(told, "Без Бориса")
    assert hears(others, "Без Бориса")


def test_who_has_unlinked_hears_nothing_more_and_the_dialogue_freezes(school, visitor, window):
    mark = school.server.pid
    teacher, mother = school.teacher(f"Тихая{mark} Анна"), school.guardian(f"Громкая{mark} Ольга")
    school_class = school.school_class("7Т", teacher=teacher)
    pupil = school.pupil("Громкий Миша", in_=school_class)
    school.guardianship(mother, pupil)
    accounts = {
        person.id: school.account(person, password_hash=hash_password(PASSWORD))
        for person in (teacher, mother)
    }
    profiles = {}
    for person in (teacher, mother):
        profiles[person.id] = school.profile(f"{person.given_name} {person.family_name}")
        school.link(person, profiles[person.id], account=accounts[person.id])
        reconcile_person(person.id)
    anna, olga = profiles[teacher.id], profiles[mother.id]
    parents = db.session.scalars(
        select(Chat).where(Chat.title == "Чат с родителями", Chat.label == "7Т")
    ).one()
    direct = db.session.scalars(
        select(Chat).where(Chat.public_id == start(anna.id, olga.public_id))
    ).one()
    in_class, in_dialogue = window(olga, parents), window(olga, direct)
    other_end, colleague = window(anna, direct), window(anna, parents)
    write = Writer(school.server.base_url, signed_in(anna), parents).write
    to_olga = Writer(school.server.base_url, signed_in(anna), direct).write
    write("before-0001", "Пока вместе")
    to_olga("before-0002", "Пока вдвоём")

    journal = visitor()
    journal.submits("/sign-in", "/sign-in", login=accounts[mother.id].login, password=PASSWORD)
    journal.submits("/link/unlink", "/link/unlink", password=PASSWORD)
    until = time.monotonic() + SILENT_IN
    write("after-00001", "Только для родителей")
    with pytest.raises(OSError, match="403"):
        to_olga("after-00002", "Тайна")
    told = heard(in_class, until=until)
    told += heard(in_dialogue, until=time.monotonic() + 0.5)
    assert hears(told, "Пока вместе")
    assert hears(told, "Пока вдвоём")
    assert ("closed", "") in told
    assert not hears(told, "Только для родителей")
    assert not hears(told, "Тайна")
    assert hears(heard(colleague, until=time.monotonic() + 0.5), "Только для родителей")
    # The other end of the frozen dialogue is only read from now on: its socket is out of it too.
    assert ("closed", "") in heard(other_end, until=time.monotonic() + 0.5)
    answer = Window(school.server.base_url, signed_in(anna))
    assert answer.open(direct)["ok"] is False
    answer.close()
