"""A teacher at the journal in one browser, and a provider to link with."""

from dataclasses import dataclass
from functools import cache

import pytest

from app.core import tokens, transaction
from app.core.db import db
from app.core.transaction import writing
from app.linking import facts, flow
from app.linking.flow import Callback
from app.school.accounts import Account, JournalSession
from app.school.signing_in import hash_password
from tests.linking.fake_provider import FakeProvider

REDIRECT_URI = "http://localhost/link/callback"
PASSWORD = "сирень под окном 7"


@cache
def password_hash():
    """Argon2 is slow by design: once a run is enough."""
    return hash_password(PASSWORD)


class Web:
    """A browser. Every request gets an app context of its own, as on a served site."""

    def __init__(self, app):
        self._app = app
        self.client = app.test_client()

    def get(self, url, **kwargs):
        return self._ask("get", url, **kwargs)

    def post(self, url, **form):
        return self._ask("post", url, data=form)

    def sign_in(self, browser):
        with self.client.session_transaction() as cookie:
            cookie["journal_token"] = browser.token
        return self

    def _ask(self, method, url, **kwargs):
        with self._app.app_context():
            answer = getattr(self.client, method)(url, **kwargs)
        db.session.rollback()  # what the test has read before is read anew
        return answer


@dataclass
class Browser:
    """One browser signed in to the journal."""

    account: Account
    session: JournalSession
    token: str

    def start(self, **kwargs):
        return flow.start(self.account, self.session, redirect_uri=REDIRECT_URI, **kwargs)

    def finish(self, params):
        params = dict(params)
        callback = Callback(
            state=params.get("state", ""),
            code=params.get("code", ""),
            error=params.get("error", ""),
            issuer=params.get("iss", ""),
        )
        return flow.finish(self.account, self.session, callback, redirect_uri=REDIRECT_URI)


def sign_in(account):
    token = tokens.secret()
    with writing() as session:
        row = JournalSession(token_digest=tokens.digest(token), account_id=account.id)
        session.add(row)
    return Browser(account, row, token)


@pytest.fixture
def provider(app):
    provider = FakeProvider()
    provider.plug_into(app)
    return provider


@pytest.fixture
def teacher(world):
    teacher = world.teacher("Иванова Анна Петровна")
    world.school_class("7А", teacher=teacher)
    return teacher


@pytest.fixture
def web(app):
    return Web(app)


@pytest.fixture
def anna(world, teacher):
    return sign_in(world.account(teacher, login="ivanova", password_hash=password_hash()))


@pytest.fixture
def boris(world):
    return sign_in(world.account(world.teacher("Борисов Пётр"), login="borisov"))


@pytest.fixture
def told(app):
    """The facts that linking told, in order; nothing else reacts."""
    told = []
    transaction.connect({facts.ProfileLinked: [told.append], facts.ProfileUnlinked: [told.append]})
    return told
