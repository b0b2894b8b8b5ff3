"""Language and theme go with the account: kept when chosen, brought to a browser at sign-in.

Decision: pages read the cookie alone, so showing a page asks the database nothing; on a computer
that many share, whoever signs in brings their own.
"""

from __future__ import annotations

from flask import Flask, Response
from flask_login import current_user

from app.core import language
from app.core.language import Choice
from app.core.transaction import writing
from app.school.accounts import Account


def install(app: Flask) -> None:
    """Keep what is chosen with the signed-in account."""
    language.on_choice(app, _keep)


def bring(response: Response, account: Account) -> Response:
    """The browser that signs in shows the site as its owner likes it."""
    language.put(response, "language", account.language)
    return language.put(response, "theme", account.theme)


def _keep(choice: Choice, value: str) -> None:
    if not current_user.is_authenticated:
        return
    with writing() as session:
        account = session.get_one(Account, current_user.id)
        setattr(account, choice, value)
