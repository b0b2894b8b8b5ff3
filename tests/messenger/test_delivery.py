"""Whatever is lost, repeated or late on the way, everybody ends with the same chat (C5, C6)."""

import re
import threading

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.core.db import db
from app.messenger.chats.models import Chat, Member
from app.messenger.messages.models import Message

HTMX = {"HX-Request": "true"}
FRAGMENT = re.compile(
    r'<article[^>]*id="m-(?P<id>[^"]+)"[^>]*data-seq="(?P<seq>\d+)"[^>]*>.*?</article>', re.S
)
PEOPLE = ("anna", "boris")


class Page:
    """What a page of the messenger keeps: messages by id, and the two cursors of catching up."""

    def __init__(self, web, url):
        self.web = web
        self.url = url
        self.seen = {}
        self.newest = 0
        self.change = 0

    def take(self, html):
        """Fragments may come in any order and twice: an id has one place."""
        for found in FRAGMENT.finditer(html):
            self.seen[found["id"]] = (int(found["seq"]), found.group())
        numbers = {seq for seq, _ in self.seen.values()}
        while self.newest + 1 in numbers:
            self.newest += 1

    def catch_up(self):
        while True:
            answer = self.web.get(f"{self.url}/since?seq={self.newest}&change={self.change}")
            self.take(answer.text)
            self.change = int(answer.headers["Svyazka-Change"])
            if answer.headers["Svyazka-More"] != "yes":
                return

    def send(self, client_id, text, *, is_answered):
        form = {"client_id": client_id, "text": text}
        answer = self.web.post(f"{self.url}/messages", data=form, headers=HTMX)
        assert answer.status_code == 200, answer.text
        if is_answered:
            self.take(answer.text)
        return answer.text

    @property
    def chat(self):
        return [html for _, html in sorted(self.seen.values())]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.sampled_from(PEOPLE), st.booleans()),
        st.tuples(st.just("resend"), st.integers(0, 50), st.booleans()),
        st.tuples(st.just("push"), st.sampled_from(PEOPLE), st.integers(0, 50)),
        st.tuples(st.just("catch_up"), st.sampled_from(PEOPLE), st.none()),
        st.tuples(st.just("delete"), st.integers(0, 50), st.none()),
        st.tuples(st.just("read"), st.sampled_from(PEOPLE), st.integers(0, 60)),
    ),
    max_size=40,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_after_any_schedule_everybody_has_the_same_chat(app, world, steps):
    people = {name: world.profile(f"{name.title()} Иванова") for name in PEOPLE}
    chat = world.chat("Чат с родителями", *people.values())
    url = f"/im/chats/{chat.public_id}"
    pages = {
        name: Page(world.signed_in(app.test_client(), who), url) for name, who in people.items()
    }
    sent, pushed = [], []
    for number, (what, who, how) in enumerate(steps):
        if what == "send":
            client_id = f"message-{number:04d}"
            sent.append((who, client_id))
            pushed.append(pages[who].send(client_id, f"слово {number}", is_answered=how))
        elif what == "resend" and sent:
            author, client_id = sent[who % len(sent)]
            pages[author].send(client_id, "слово", is_answered=how)
        elif what == "push" and pushed:
            pages[who].take(pushed[how % len(pushed)])  # late, out of order or again
        elif what == "catch_up":
            pages[who].catch_up()
        elif what == "delete" and sent:
            author, client_id = sent[who % len(sent)]
            pages[author].web.post(f"{url}/messages/{client_id}/delete", headers=HTMX)
        elif what == "read":
            pages[who].web.post(f"{url}/read", data={"seq": str(how)}, headers=HTMX)
    for page in pages.values():
        page.change = 0  # a page that pushes left with an old look asks for all that changed
        page.catch_up()
    assert [client_id for _, client_id in sent] == order_of(chat)
    assert pages["anna"].chat == pages["boris"].chat
    assert len(pages["anna"].chat) == len(sent)
    for name, who in people.items():
        assert unread_of(chat, who) == expected_unread(chat, who), name


def order_of(chat):
    db.session.rollback()
    query = select(Message.client_id).where(Message.chat_id == chat.id).order_by(Message.seq)
    return list(db.session.scalars(query))


def unread_of(chat, who):
    return db.session.scalar(
        select(Member.unread).where(Member.chat_id == chat.id, Member.profile_id == who.id)
    )


def expected_unread(chat, who):
    read = (
        select(Member.read_seq)
        .where(Member.chat_id == chat.id, Member.profile_id == who.id)
        .scalar_subquery()
    )
    return db.session.scalar(
        select(func.count())
        .select_from(Message)
        .where(Message.chat_id == chat.id, Message.seq > read, Message.author_id != who.id)
    )


def test_one_message_posted_by_many_tabs_at_once_is_one(app, world):
    anna = world.profile("Анна Иванова")
    chat = world.chat("Чат с родителями", anna)
    url, answers = f"/im/chats/{chat.public_id}/messages", []
    tabs = [world.signed_in(app.test_client(), anna) for _ in range(5)]

    def post(web, client_id):
        with app.app_context():
            form = {"client_id": client_id, "text": "раз"}
            answers.append(web.post(url, data=form, headers=HTMX).text)

    for round_ in range(20):
        answers.clear()
        threads = [threading.Thread(target=post, args=(tab, f"message-{round_}")) for tab in tabs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(answers)) == 1
        assert len(answers) == 5
    db.session.rollback()
    assert db.session.scalar(select(Chat.last_seq).where(Chat.id == chat.id)) == 20
    assert db.session.scalar(select(func.count()).select_from(Message)) == 20
