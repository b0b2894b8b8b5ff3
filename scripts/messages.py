"""Catalogs of the two languages: extract, update, check, compile.

    python scripts/messages.py update    take new phrases from code and templates
    python scripts/messages.py check     fail when a phrase is missing or untranslated
    python scripts/messages.py compile   make the .mo files that the site reads

Phrases are written in Russian where they are used; the Russian catalog repeats them, and holds the
three plural forms by hand. The English catalog is translated by hand.
"""

from __future__ import annotations

import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
METHODS = [("app/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.do", "trimmed": "true"}}
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
LANGUAGES = ("ru", "en")
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def path_of(language: str) -> Path:
    """The catalog of a language."""
    return ROOT / f"translations/{language}/LC_MESSAGES/messages.po"


def extracted() -> Catalog:
    """Every phrase of the code and the templates."""
    catalog = Catalog(project="svyazka", charset="utf-8")
    for name, line, text, comments, context in extract_from_dir(
        ROOT, METHODS, OPTIONS, keywords=KEYWORDS, directory_filter=lambda path: ".venv" not in path
    ):
        del line
        catalog.add(text, None, [(name, 0)], auto_comments=comments, context=context)
    return catalog


def load(language: str) -> Catalog:
    """The stored catalog, or an empty one."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="svyazka", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update() -> int:
    """Bring both catalogs up to date; the Russian one repeats single phrases."""
    for language in LANGUAGES:
        catalog = load(language)
        # A fresh template each: catalogs take its messages over as their own.
        catalog.update(extracted(), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        if language == "ru":
            for message in catalog:
                if message.id and isinstance(message.id, str):
                    message.string = message.id
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(rendered(catalog))
    return 0


def rendered(catalog: Catalog) -> bytes:
    """The file: sorted, without line numbers or dates, so that diffs show words only."""
    buffer = BytesIO()
    write_po(buffer, catalog, sort_output=True, width=100, no_location=True, omit_header=False)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if "-Date:" not in line).encode()


def forms(message: Message) -> str:
    """Every form of a translation, in one string."""
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return " ".join(strings)


def is_translated(message: Message) -> bool:
    """Whether every form is there."""
    forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(forms) and not message.fuzzy


def check() -> int:
    """Name every phrase that a catalog lacks, and every placeholder that a translation lost."""
    wrong = []
    template = extracted()
    for language in LANGUAGES:
        catalog = load(language)
        for message in template:
            if not message.id:
                continue
            known = catalog.get(message.id, message.context)
            if known is None:
                wrong.append(f"{language}: not in the catalog: {message.id!r} (run: make messages)")
            elif not is_translated(known) or (language == "en" and CYRILLIC.search(forms(known))):
                wrong.append(f"{language}: not translated: {message.id!r}")
        wrong += [f"{language}: {error}" for known in catalog for error in known.check(catalog)]
        wrong += [
            f"{language}: not used any more: {known.id!r} (run: make messages)"
            for known in catalog
            if known.id and template.get(known.id, known.context) is None
        ]
    print("\n".join(wrong) or f"{len(template)} phrases in {len(LANGUAGES)} languages")
    return 1 if wrong else 0


def compile_catalogs() -> int:
    """Write .mo beside every .po."""
    for language in LANGUAGES:
        with path_of(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, load(language))
    return 0


if __name__ == "__main__":
    actions = {"update": update, "check": check, "compile": compile_catalogs}
    sys.exit(actions[sys.argv[1]]())
