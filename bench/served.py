"""What the messenger's bench programs share: a database with people and chats, and servers."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert

from app import create_app
from app.core import clock, tokens
from app.core.config import Settings
from app.core.db import db
from app.core.transaction import writing
from app.identity.profiles import Profile, VkId
from app.identity.sessions import COOKIE, ProfileSession
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import ChatKind

ROOT = Path(__file__).resolve().parents[1]
FAMILIES = ("Иванов", "Смирнов", "Кузнецов", "Попов", "Соколов", "Лебедев", "Козлов", "Новиков")
GIVEN = ("Александр", "Борис", "Виктор", "Глеб", "Дмитрий", "Егор", "Захар", "Кирилл")
PATRONYMICS = ("Петрович", "Иванович", "Олегович", "Сергеевич", "Юрьевич", "Павлович")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Site:
    """A database in `folder`, and how programs on it are started."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.environment = {
            "SVYAZKA_MODE": "demo",
            "SVYAZKA_INSTANCE": str(folder),
            "SVYAZKA_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "SVYAZKA_LOG_LEVEL": "ERROR",
        }
        self.app = create_app(Settings.from_env(self.environment))
        with self.app.app_context():
            db.create_all()

    def people(self, count):
        """New profiles; returns (id, cookie) of each."""
        numbers = range(count)
        now = clock.now()
        secrets = [tokens.secret() for _ in numbers]
        with self.app.app_context(), writing() as session:
            names = [
                {
                    "family_name": FAMILIES[n % 8],
                    "given_name": GIVEN[n // 8 % 8],
                    "patronymic": PATRONYMICS[n % 6],
                }
                for n in numbers
            ]
            vk_ids = session.scalars(
                insert(VkId).returning(VkId.id, sort_by_parameter_order=True),
                [
                    name | {"phone": f"+7916{n:07d}", "created_at": now}
                    for n, name in enumerate(names)
                ],
            ).all()
            ids = session.scalars(
                insert(Profile).returning(Profile.id, sort_by_parameter_order=True),
                [name | {"vk_id_id": vk} for name, vk in zip(names, vk_ids, strict=True)],
            ).all()
            session.execute(
                insert(ProfileSession),
                [
                    {"profile_id": id_, "token_digest": tokens.digest(secret)}
                    for id_, secret in zip(ids, secrets, strict=True)
                ],
            )
        return [(id_, f"{COOKIE}={secret}") for id_, secret in zip(ids, secrets, strict=True)]

    def chat(self, title, profile_ids):
        """A chat with these members; returns its (id, public id)."""
        with self.app.app_context(), writing() as session:
            chat = Chat(kind=ChatKind.AUTO, title=title)
            session.add(chat)
            session.flush()
            session.execute(
                insert(Member), [{"chat_id": chat.id, "profile_id": id_} for id_ in profile_ids]
            )
            return chat.id, chat.public_id

    @contextlib.contextmanager
    def serving(self, application, *, folder=ROOT):
        """Gunicorn with one gevent worker, as deploy/ has it, serving `module:object`."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        command = [
            *(sys.executable, "-m", "gunicorn", "-c", ROOT / "deploy/gunicorn.conf.py"),
            *("--no-control-socket", "-b", f"127.0.0.1:{port}", application),
        ]
        environment = {"SVYAZKA_BASE_URL": url, "PYTHONPATH": str(ROOT)}
        with running(command, environment | self.environment, self.folder, folder) as process:
            wait_for(url, process)
            yield Server(url, worker_of(process.pid))


@dataclass(frozen=True)
class Server:
    """A running program. `pid` is that of the process that does the work."""

    url: str
    pid: int

    @property
    def memory(self):
        """RSS in bytes."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@contextlib.contextmanager
def running(command, environment, log_folder, folder=ROOT):
    log = Path(log_folder) / f"log-{free_port()}.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env=os.environ | environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    except BaseException:
        print(log.read_text()[-3000:], file=sys.stderr)
        raise
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(url, process):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/static/css/tokens.css", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def worker_of(arbiter):
    [worker] = Path(f"/proc/{arbiter}/task/{arbiter}/children").read_text().split()
    return int(worker)


def verdict(name, value, holds, target):
    """Print one line; returns whether the target holds."""
    print(f"{'holds ' if holds else 'MISSED'}  {name}: {value} (target: {target})")
    return holds


def machine():
    """What the figures were measured on."""
    model = next(
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    return (
        f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, {os.cpu_count()} cores of {model},"
        f" Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}"
    )
