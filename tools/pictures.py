"""The guide's pictures, made from the running application: `make pictures`.

Serves a demo school of its own for each language, walks the scenes of `picture_scenes` in Chromium
and writes static/img/help/<language>/<name>.webp and the sizes of all to pictures.json.
`make pictures ONLY="poll call"` makes some of them.
"""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from app import create_app
from app.core.config import Mode
from app.core.db import db
from app.core.language import LANGUAGES
from app.demo import loading
from scripts.messages import load
from tests.conftest import make_settings
from tests.messenger.serving import CHROMIUM, free_port, served
from tools.picture_scenes import SCENES, Scene

FOLDER = Path(__file__).resolve().parents[1] / "static/img/help"
SIZES = FOLDER / "pictures.json"
MOST = 37_000  # bytes
# A headless browser writes every date as in America; here as people's own browsers do.
DATES = """([mark, empty]) => document.querySelectorAll("input[type^=date]").forEach(field => {
  const [day, time] = field.value.split("T");
  field.type = "text";
  field.value = day ? day.split("-").reverse().join(mark) + (time ? ", " + time : "") : empty;
})"""
DATE_WORDS = {"ru": [".", "дд.мм.гггг"], "en": ["/", "dd/mm/yyyy"]}
DEVICES = {
    "desk": {"viewport": {"width": 1180, "height": 740}},
    "phone": {
        "viewport": {"width": 390, "height": 780},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 1.5,
    },
}
QUIET = "*, *::before, *::after { animation: none !important; transition: none !important; }"


class Studio:
    """One language: a served school and a browser for each persona and device."""

    def __init__(self, browser: Browser, url: str, language: str, database: Path) -> None:
        self.browser, self.url, self.language, self.database = browser, url, language, database
        self.catalog = load(language)
        self.pages: dict[tuple[str, str], Page] = {}
        self.page: Page

    def label(self, russian: str) -> str:
        """The phrase as this language's screens say it."""
        message = self.catalog.get(russian)
        if message is None:
            raise LookupError(f"no such phrase: {russian}")
        return str(message.string or russian)

    def one(self, query: str) -> str:
        """The first column of the first row."""
        with sqlite3.connect(self.database, timeout=10) as connection:
            return str(connection.execute(query).fetchone()[0])

    def code(self) -> str:
        """The code of the newest SMS."""
        return self.one("SELECT substr(text, 1, 6) FROM sms_messages ORDER BY id DESC LIMIT 1")

    def photograph(self, scene: Scene) -> Image.Image:
        """The scene's page when all is there."""
        self.page = self._page(scene.persona, scene.device)
        scene.steps(self)
        self.page.wait_for_load_state("load")
        self.page.add_style_tag(content=QUIET)
        self.page.evaluate("document.fonts.ready")
        self.page.evaluate(DATES, DATE_WORDS[self.language])
        self.page.wait_for_timeout(350)
        target = self.page.locator(scene.crop).first if scene.crop else self.page
        return Image.open(io.BytesIO(target.screenshot())).convert("RGB")

    def _page(self, persona: str, device: str) -> Page:
        if (persona, device) not in self.pages:
            context = self.browser.new_context(
                base_url=self.url,
                locale="ru-RU",
                color_scheme="light",
                reduced_motion="reduce",
                bypass_csp=True,
                permissions=["camera", "microphone"],
                **DEVICES[device],
            )
            context.set_default_timeout(15_000)
            context.add_cookies(
                [{"name": "svyazka_language", "value": self.language, "url": self.url}]
            )
            page = context.new_page()
            if persona:
                page.goto("/demo/")
                page.locator(f"button[value={persona}]").click()
                page.locator("#account-menu").wait_for()
            self.pages[persona, device] = page
        return self.pages[persona, device]

    def close(self) -> None:
        """End all sessions of this language."""
        for page in self.pages.values():
            page.context.close()


def main(only: list[str]) -> int:
    """Make the pictures of these names, or all; returns 1 when some could not be made."""
    began = time.monotonic()
    unknown = set(only) - {scene.name for scene in SCENES}
    if unknown:
        sys.exit(f"no such scenes: {', '.join(sorted(unknown))}")
    # What cannot be made now keeps its picture: a call needs an hour when there is a lesson by one.
    names = {f"{language}/{scene.name}" for language in LANGUAGES for scene in SCENES}
    before = json.loads(SIZES.read_text()) if SIZES.exists() else {}
    sizes = {name: size for name, size in before.items() if name in names}
    failed: list[str] = []
    url = f"http://127.0.0.1:{free_port()}"
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        loaded = Path(temporary) / "loaded"
        _load(loaded, url)
        arguments = [*CHROMIUM["args"], "--use-fake-device-for-media-stream"]
        browser = playwright.chromium.launch(**CHROMIUM | {"args": arguments})
        for language in LANGUAGES:
            folder = Path(temporary) / language
            shutil.copytree(loaded, folder)
            database = folder / "test.sqlite3"
            with served(folder, f"sqlite:///{database}", url):
                studio = Studio(browser, url, language, database)
                failed += _take(studio, only, sizes)
                studio.close()
        browser.close()
    FOLDER.mkdir(parents=True, exist_ok=True)
    SIZES.write_text(json.dumps(dict(sorted(sizes.items())), indent=1) + "\n")
    total = sum(path.stat().st_size for path in FOLDER.glob("*/*.webp"))
    print(f"{len(sizes)} pictures, {total / 1e6:.2f} MB, {time.monotonic() - began:.0f} s")
    for line in failed:
        print("FAILED", line)
    return 1 if failed else 0


def _load(folder: Path, url: str) -> None:
    folder.mkdir()
    app = create_app(make_settings(folder, mode=Mode.DEMO, base_url=url))
    with app.app_context():
        db.create_all()
        loading.load()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


def _take(studio: Studio, only: list[str], sizes: dict[str, list[int]]) -> list[str]:
    failed = []
    for scene in SCENES:
        if only and scene.name not in only:
            continue
        name = f"{studio.language}/{scene.name}"
        try:
            sizes[name] = _write(FOLDER / f"{name}.webp", studio.photograph(scene))
        except Exception as error:  # the other pictures are made all the same
            failed.append(f"{name}: {str(error).splitlines()[0]}")
    return failed


def _write(path: Path, image: Image.Image) -> list[int]:
    """Keep the picture, as good as fits; returns its size in pixels."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for quality in (82, 74, 66, 58, 50, 40, 30):
        buffer = io.BytesIO()
        image.save(buffer, "WEBP", quality=quality, method=5)
        if buffer.tell() <= MOST:
            break
    path.write_bytes(buffer.getvalue())
    return [image.width, image.height]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
