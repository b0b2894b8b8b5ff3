"""A teacher at the journal in one browser, and a provider to link with."""

from dataclasses import dataclass

import pytest

from app.core import tokens
from app.core.transaction import writing
from app.linking import facts, flow
from app.linking.flow import Callback
from app.school.accounts import Account, JournalSession
from tests.linking.fake_provider import FakeProvider

REDIRECT_URI = "http://localhost/link/callback"


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
def anna(world, teacher):
    return sign_in(world.account(teacher, login="ivanova"))


@pytest.fixture
def boris(world):
    return sign_in(world.account(world.teacher("Борисов Пётр"), login="borisov"))


@pytest.fixture
def told(app):
    """The facts that linking told, in order; nothing else reacts."""
    from app.core import transaction

    told = []
    transaction.connect({facts.ProfileLinked: [told.append], facts.ProfileUnlinked: [told.append]})
    return told
