"""Logins of new journal accounts: the roster's own when it will do, else made from the name."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.core import tokens

_PLAUSIBLE = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_LETTERS = {
    **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)),
    "ё": "e",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
}


def login_of_username(username: str) -> str | None:
    """The roster's user name as a login, or None when it will not do.

    Decision: of an e-mail only the part before «@» is taken; addresses of a roster are not kept.
    """
    login = username.strip().casefold().split("@")[0]
    return login if _PLAUSIBLE.fullmatch(login) else None


def stem_of_name(family: str) -> str:
    """«Щербакова» -> «shcherbakova»; «user» when no letter can be written in Latin."""
    latin = "".join(_LETTERS.get(letter, letter) for letter in family.casefold())
    return re.sub(r"[^a-z]", "", latin)[:24] or "user"


def choose_login(username: str, family: str, claim: Callable[[str], bool]) -> str:
    """A login nobody has; `claim` takes one if it is free.

    Decision: four random digits follow the name, more when those are taken: a list of the
    school's people gives nobody a list of its logins.
    """
    own = login_of_username(username)
    if own and claim(own):
        return own
    stem, width = stem_of_name(family), 4
    while True:
        for _ in range(20):
            login = stem + tokens.digits(width)
            if claim(login):
                return login
        width += 1
