"""Somebody on their way through the sign-in walk, what the telephone shows; a service of others."""

import pytest
from sqlalchemy import select

from app.core.db import db
from app.identity import sessions
from app.identity.sms import SmsMessage
from tests.identity.services import Service


@pytest.fixture
def last_code(app):
    def read(phone=None):
        query = select(SmsMessage.text).order_by(SmsMessage.id.desc()).limit(1)
        if phone:
            query = query.where(SmsMessage.phone == phone)
        return db.session.scalars(query).one()[:6]

    return read


@pytest.fixture
def anna(world, web):
    """The browser `web` is signed in as this profile."""
    profile = world.profile("Анна Иванова")
    web.cookie(sessions.COOKIE, sessions.start_session(profile.id, address="", user_agent=""))
    return profile


@pytest.fixture
def service(web, anna):
    return Service(web)
