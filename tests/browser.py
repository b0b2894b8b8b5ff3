"""A browser without a screen: a test client whose every request has an app context of its own."""

from app.core.db import db


class Web:
    """As on a served site, nothing of one request is left in `g` for the next."""

    def __init__(self, app):
        self._app = app
        self.client = app.test_client()

    def get(self, url, **kwargs):
        return self._ask("get", url, **kwargs)

    def post(self, url, **form):
        return self._ask("post", url, data=form)

    def cookie(self, name, value):
        self.client.set_cookie(name, value)

    def signs_in(self, account, password):
        answer = self.post("/sign-in", login=account.login, password=password)
        assert answer.status_code == 303, answer.text
        return self

    def send(self, method, url, **kwargs):
        """Any request, with the client's own arguments."""
        return self._ask(method, url, **kwargs)

    def _ask(self, method, url, **kwargs):
        with self._app.app_context():
            answer = getattr(self.client, method)(url, **kwargs)
            answer.get_data()
            answer.close()
        db.session.rollback()  # what the test has read before is read anew
        return answer
