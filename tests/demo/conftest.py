"""The demo school, loaded once for all of its tests; what a test changes is rolled back."""

import pytest

from app.core import clock
from app.core.db import db
from tests.demo.demo_school import NOW, demo_site


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return demo_site(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def demo(site):
    with site.app_context(), clock.frozen(NOW):
        yield site
        db.session.rollback()
        db.session.remove()
