"""The forms of the sign-in walk."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TelField, ValidationError
from wtforms.validators import DataRequired, Length

from app.core.names import MAX_NAME, clean_line, is_name
from app.identity.code_delivery import Channel
from app.identity.phone_codes import DIGITS

REQUIRED = lazy_gettext("Заполните это поле")


def _clean(value: str | None) -> str:
    return clean_line(value or "")


def _must_be_name(_form: FlaskForm, field: Field) -> None:
    if field.data and not is_name(field.data):
        raise ValidationError(lazy_gettext("Только буквы, пробел, дефис и апостроф"))


class PhoneForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """FLOWS 1.3."""

    phone = TelField(
        lazy_gettext("Введите свой номер мобильного телефона"),
        filters=[_clean],
        validators=[DataRequired(REQUIRED), Length(max=40)],
        render_kw={"autocomplete": "tel", "inputmode": "tel", "placeholder": "+7 900 000-00-00"},
    )


class CodeForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """FLOWS 1.4: one input, so that a phone can fill it by itself."""

    code = StringField(
        lazy_gettext("Введите код из СМС"),
        filters=[lambda value: "".join(char for char in value or "" if char.isdigit())],
        validators=[DataRequired(REQUIRED)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )

    def expect(self, channel: Channel) -> None:
        """Ask for as many digits as a code of this channel has."""
        self.digits = DIGITS[channel]
        if channel is Channel.CALL:
            self.code.label.text = lazy_gettext("Введите последние 4 цифры номера")
            self.code.render_kw = self.code.render_kw | {"autocomplete": "off"}

    def validate_code(self, field: Field) -> None:
        if len(field.data) != self.digits:
            raise ValidationError(
                lazy_gettext("В коде шесть цифр")
                if self.digits == DIGITS[Channel.SMS]
                else lazy_gettext("Нужны четыре цифры")
            )


class NamesForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """FLOWS 1.5 and 1.8: real names; a patronymic is not required."""

    family_name = StringField(
        lazy_gettext("Фамилия"),
        filters=[_clean],
        validators=[DataRequired(REQUIRED), Length(max=MAX_NAME), _must_be_name],
        render_kw={"autocomplete": "family-name"},
    )
    given_name = StringField(
        lazy_gettext("Имя"),
        filters=[_clean],
        validators=[DataRequired(REQUIRED), Length(max=MAX_NAME), _must_be_name],
        render_kw={"autocomplete": "given-name"},
    )
    patronymic = StringField(
        lazy_gettext("Отчество"),
        filters=[_clean],
        validators=[Length(max=MAX_NAME), _must_be_name],
        render_kw={"autocomplete": "additional-name"},
    )


class OwnerForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Whose long unused profile it is."""

    family_name = StringField(
        lazy_gettext("Фамилия"),
        filters=[_clean],
        validators=[DataRequired(REQUIRED), Length(max=MAX_NAME)],
        render_kw={"autocomplete": "family-name"},
    )
    given_name = StringField(
        lazy_gettext("Имя"),
        filters=[_clean],
        validators=[DataRequired(REQUIRED), Length(max=MAX_NAME)],
        render_kw={"autocomplete": "given-name"},
    )
