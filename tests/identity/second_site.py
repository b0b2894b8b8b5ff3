"""Starting the second provider, and talking to it."""

import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx

from tests.messenger.serving import ROOT, free_port


class Second:
    """The other provider's process, as the tests talk to it."""

    def __init__(self, url):
        self.url = url

    def mood(self, **values):
        httpx.post(f"{self.url}/mood", data=values)

    def visit(self, address):
        """What a browser does there; the address it comes back to, without our host."""
        answer = httpx.get(address)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"


@contextmanager
def second_provider():
    port = free_port()
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.identity.second_provider", str(port)],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    second = Second(f"http://127.0.0.1:{port}")
    deadline = time.monotonic() + 20
    while True:
        try:
            httpx.get(f"{second.url}/jwks")
            break
        except httpx.HTTPError:
            assert time.monotonic() < deadline
    try:
        yield second
    finally:
        started.terminate()
        started.wait()
