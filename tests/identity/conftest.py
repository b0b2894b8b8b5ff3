"""Somebody on their way through the sign-in walk, and what the telephone shows."""

import pytest
from sqlalchemy import select

from app.core.db import db
from app.identity.sms import SmsMessage


@pytest.fixture
def last_code(app):
    def read(phone=None):
        query = select(SmsMessage.text).order_by(SmsMessage.id.desc()).limit(1)
        if phone:
            query = query.where(SmsMessage.phone == phone)
        return db.session.scalars(query).one()[:6]

    return read
