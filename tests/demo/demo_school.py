"""The demo school loaded at one moment, and how its tests count."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app import create_app
from app.core import clock
from app.core.config import Mode
from app.core.db import db
from app.demo import loading
from app.demo.school_story import TIME_ZONE
from tests.conftest import make_settings

ZONE = ZoneInfo(TIME_ZONE)
NOW = dt.datetime(2026, 11, 24, 18, 20, tzinfo=ZONE)


def demo_site(folder, moment=NOW):
    app = create_app(
        make_settings(folder, mode=Mode.DEMO, database_url=f"sqlite:///{folder}/demo.sqlite3")
    )
    with app.app_context():
        db.create_all()
        with clock.frozen(moment):
            loading.load()
        db.session.remove()
    return app


def count(model, *where):
    return db.session.scalar(select(func.count()).select_from(model).where(*where))
