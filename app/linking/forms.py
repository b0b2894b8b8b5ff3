"""Forms of linking."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length


class UnlinkForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """«Отменить привязку профиля»: the owner's password."""

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
