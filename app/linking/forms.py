"""Forms of linking."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length


class OwnerForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """The owner's password once more, before what nobody else may do (undoing a link, taking all
    data along): the journal may be open on a shared computer.
    """

    password = PasswordField(
        lazy_gettext("Пароль от электронного журнала"),
        validators=[
            InputRequired(lazy_gettext("Введите пароль от электронного журнала.")),
            Length(max=200, message=lazy_gettext("Пароль не длиннее 200 знаков.")),
        ],
        render_kw={"autocomplete": "current-password"},
    )


class RestoreForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """«Вернуть привязку»: only the CSRF token."""
