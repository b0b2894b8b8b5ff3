"""Databases with the schema and nothing in them: a new one for every test.

SQLite's is a file that is copied. With SVYAZKA_TEST_DATABASE=postgresql (`make test-full`) it is a
database of a cluster of our own, copied by the cluster.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.messenger.serving import free_port

IS_POSTGRES = os.environ.get("SVYAZKA_TEST_DATABASE") == "postgresql"
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
KEPT = 4  # a test has two or three sites at most


def run(*command):
    """Run a PostgreSQL program, not as root: it refuses to serve as root."""
    if os.getuid() == 0:
        command = ("runuser", "-u", "postgres", "--", *command)
    subprocess.run([str(part) for part in command], check=True, capture_output=True, cwd="/")


@contextmanager
def cluster():
    """A PostgreSQL cluster on a free port, thrown away at the end; the address of a database."""
    assert BINARIES, "PostgreSQL is not installed: scripts/install-system test"
    control = BINARIES[0] / "pg_ctl"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.getuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        data, port = folder / "data", free_port()
        run(BINARIES[0] / "initdb", "-D", data, "-U", "svyazka", "-A", "trust", "-E", "UTF8")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        run(control, "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://svyazka@127.0.0.1:{port}/postgres"
        finally:
            run(control, "-D", data, "-m", "immediate", "stop")


class Files:
    """SQLite: `make(url)` fills an empty database; calling it gives the address of a new one."""

    def __init__(self, folder, make):
        self._filled = folder / "filled.sqlite3"
        make(f"sqlite:///{self._filled}")

    def __call__(self, folder):
        shutil.copy(self._filled, folder / "test.sqlite3")
        return f"sqlite:///{folder}/test.sqlite3"


class Cluster:
    """PostgreSQL: the same. Databases of tests that are over are dropped."""

    def __init__(self, url, make):
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")
        self._base = url.rsplit("/", 1)[0]
        self._numbers = count()
        self._do("CREATE DATABASE filled")
        make(f"{self._base}/filled")

    def __call__(self, _folder):
        number = next(self._numbers)
        if number >= KEPT:
            self._do(f"DROP DATABASE t{number - KEPT} WITH (FORCE)")
        self._do(f"CREATE DATABASE t{number} TEMPLATE filled STRATEGY FILE_COPY")
        return f"{self._base}/t{number}"

    def _do(self, statement):
        with self._engine.connect() as connection:
            connection.execute(text(statement))
