"""A school whose people sign in at another provider, and a service that asks ours (FLOWS 1)."""

import re
import shutil
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import expect

from app import create_app
from app.core.config import Mode
from app.core.db import db
from app.identity import clients
from tests.conftest import make_settings
from tests.identity.second_provider import CLIENT, SECRET
from tests.journeys.conftest import Person, Site, at_a_desk
from tests.messenger.serving import free_port, served

pytestmark = pytest.mark.browser
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


class _Service(BaseHTTPRequestHandler):
    """The school's other service: says what it was told."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<title>Сервис</title><h1>{self.path}</h1>".encode())

    def log_message(self, *_args):
        """Nothing: a test's own server is silent."""


@pytest.fixture
def service():
    server = HTTPServer(("127.0.0.1", 0), _Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def school(tmp_path, demo, second, service):
    """A demo site that asks the second provider, and knows the service."""
    url, database = f"http://127.0.0.1:{free_port()}", f"sqlite:///{tmp_path}/site.sqlite3"
    shutil.copy(demo[0], tmp_path / "site.sqlite3")
    app = create_app(make_settings(tmp_path, mode=Mode.DEMO, database_url=database, base_url=url))
    with app.app_context():
        client_id, _secret = clients.register(
            "Библиотека",
            home_url=service,
            redirect_uris=[f"{service}/back"],
            post_logout_redirect_uris=[],
            backchannel_logout_uri="",
        )
        db.session.remove()
        db.engine.dispose()
    settings = {
        "SVYAZKA_SIGN_IN": "oidc",
        "SVYAZKA_SIGN_IN_ISSUER": second.url,
        "SVYAZKA_SIGN_IN_CLIENT_ID": CLIENT,
        "SVYAZKA_SIGN_IN_CLIENT_SECRET": SECRET,
        "SVYAZKA_SIGN_IN_NAME": "Школьный вход",
    }
    with served(tmp_path, database, url, **settings):
        site = Site(url, tmp_path)
        site.client_id = client_id
        yield site


@at_a_desk
def test_linking_through_another_provider_and_letting_a_service_know(
    school,
    second,
    service,
    chromium,
    device,
):
    person = Person(school, chromium, device, also=(second.url, service))
    page = person.page
    person.signs_in("ivanova")
    person.opens_the_name_menu()
    person.follow("Привязать учебный профиль Сферум")
    expect(page.get_by_role("heading", name="Вход через Школьный вход")).to_be_visible()
    person.look()
    second.mood(nonce="another")
    person.follow("Войти через Школьный вход")
    expect(page.get_by_text("Ответ сервиса входа не прошёл проверку")).to_be_visible()
    person.look()
    second.mood()
    person.follow("Попробовать ещё раз")
    expect(page.get_by_label("Фамилия")).to_have_value("Николаев")
    person.press("Продолжить")
    person.press("Создать учебный профиль")
    person.press("Продолжить")
    person.look()
    person.press("Связать профиль")
    expect(page.get_by_role("heading", name="Готово!")).to_be_visible()

    # A form that ends at another site: the browser must be allowed to follow it there.
    page.goto(
        f"/id/authorize?response_type=code&client_id={school.client_id}"
        f"&redirect_uri={service}/back&scope=openid%20profile&state=1&nonce=1"
        f"&code_challenge={CHALLENGE}&code_challenge_method=S256"
    )
    person.press("Связать профиль")
    expect(page.get_by_role("heading", name=re.compile("back.code="))).to_be_visible()
    person.leave()
