"""A really served site (gunicorn, gevent) on a temporary database, and Chromium to look at it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-gpu",
        "--disable-dev-shm-usage",
    ],
}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """Can be stopped and started again on the same port, as a school's server is."""

    def __init__(self, folder, database_url, base_url, **environment):
        self.base_url = base_url
        self._log = folder / "server.log"
        self._environment = os.environ | {
            "SVYAZKA_MODE": "demo",
            "SVYAZKA_DATABASE_URL": database_url,
            "SVYAZKA_BASE_URL": base_url,
            "SVYAZKA_INSTANCE": str(folder),
            **environment,
        }
        self._process = None

    def start(self):
        bind = re.sub(r"^https?://", "", self.base_url)
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "deploy/gunicorn.conf.py",
            "--no-control-socket",
            "-b",
            bind,
            "wsgi:app",
        ]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.base_url}/static/css/tokens.css", timeout=2).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self._log.read_text())

    def stop(self):
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def end(self):
        """As systemd ends it; how many seconds it took."""
        started = time.monotonic()
        os.kill(self._process.pid, signal.SIGTERM)
        self._process.wait()
        self._process = None
        return time.monotonic() - started

    @property
    def is_running(self):
        return self._process is not None

    @property
    def pid(self):
        return self._process.pid

    @property
    def log(self):
        return self._log.read_text()


@contextmanager
def served(folder, database_url, base_url, **environment):
    server = Server(folder, database_url, base_url, **environment)
    try:
        yield server.start()
    finally:
        server.stop()
