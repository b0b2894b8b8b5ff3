"""Phone numbers: understood however they are typed, kept as E.164, shown masked to others."""

from __future__ import annotations

import phonenumbers
from flask_babel import gettext

from app.core.errors import Invalid

REGION = "RU"
CAN_RECEIVE = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)


def normal_phone(typed: str) -> str:
    """«8 (916) 123-45-67» -> «+79161234567» (E.164).

    Raises:
        Invalid: not a phone number, or one that cannot receive an SMS.
    """
    try:
        number = phonenumbers.parse(typed, REGION)
    except phonenumbers.NumberParseException:
        raise Invalid(gettext("Введите номер целиком, например +7 916 123-45-67")) from None
    if not phonenumbers.is_valid_number(number):
        raise Invalid(gettext("Такого номера нет. Проверьте, все ли цифры на месте"))
    if phonenumbers.number_type(number) not in CAN_RECEIVE:
        raise Invalid(gettext("На этот номер не приходят СМС. Введите номер мобильного телефона"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked_phone(phone: str | None) -> str:
    """«+79161234567» -> «+7 ••• •••-••-67»; empty for a profile whose number was released."""
    if phone is None:
        return ""
    country = str(phonenumbers.parse(phone).country_code)
    return f"+{country} ••• •••-••-{phone[-2:]}"


def shown_phone(phone: str) -> str:
    """«+79161234567» -> «+7 916 123-45-67», for its own owner."""
    return phonenumbers.format_number(
        phonenumbers.parse(phone), phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
