"""Slips on paper: A4, eight a page, as PDF or as HTML with its stylesheet beside it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template
from flask_babel import gettext
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from app.core.config import current_settings
from app.core.errors import Invalid
from app.school.slip_people import Slip

PER_PAGE = 8
STYLESHEET = "css/rooms/slips.css"
# The secret is on the sheet: nobody but its owner may read the file.
PRIVATE = 0o600


class OwnFiles(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
    """Lets a sheet fetch our own static files and nothing else: no network, no other file."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        folder = Path(current_app.static_folder or "").resolve()
        parts = urlsplit(url)
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or not path.is_relative_to(folder):
            raise ValueError(f"a slip may not fetch {url!r}")
        return URLFetcherResponse(url, body=path.read_bytes(), headers={"Content-Type": "text/css"})


def write_slips(slips: Sequence[Slip], path: Path) -> None:
    """Write the sheet to `path` («.pdf» or «.html»), whole or not at all.

    Raises:
        Invalid: another kind of file.
    """
    with TemporaryDirectory(dir=path.parent, prefix=".slips-") as folder:
        draft = Path(folder) / path.name
        draft.touch(mode=PRIVATE)
        if path.suffix.casefold() == ".pdf":
            HTML(
                string=_html(slips, STYLESHEET),
                base_url=f"{Path(current_app.static_folder or '').resolve().as_uri()}/",
                url_fetcher=OwnFiles(),
            ).write_pdf(draft)
        else:
            draft.write_text(_html(slips, Path(STYLESHEET).name), encoding="utf-8")
            style = Path(current_app.static_folder or "") / STYLESHEET
            shutil.copyfile(style, path.with_name(Path(STYLESHEET).name))
        draft.replace(path)


def check_name(path: Path) -> None:
    """Raise `Invalid` for a file that is neither PDF nor HTML, or in a folder that is not there."""
    if path.suffix.casefold() not in {".pdf", ".html", ".htm"}:
        raise Invalid(gettext("Памятки пишутся в файл .pdf или .html."))
    if not path.parent.is_dir():
        raise Invalid(gettext("Папки «%(name)s» нет.", name=str(path.parent)))


def _html(slips: Sequence[Slip], stylesheet: str) -> str:
    pages = [slips[first : first + PER_PAGE] for first in range(0, len(slips), PER_PAGE)]
    return render_template(
        "school/slips.html",
        pages=pages,
        stylesheet=stylesheet,
        address=current_settings().base_url,
    )
