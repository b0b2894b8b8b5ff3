"""SMS gateways over HTTP: sms.ru, smsc.ru and SMS Aero, by their documented calls.

Each answers 200 with a sentence of its own whether it took the text or not, so every answer is
read. A gateway that says yes and sends nothing cannot be told from a slow telephone: the person
asks again, and the next sender takes the turn (`code_delivery`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from app.core.config import SmsSenderKind

# The person is looking at the page: a gateway that needs longer is no use.
TIMEOUT = httpx.Timeout(8, connect=3)
LONGEST_ANSWER = 64 * 1024
Options = Mapping[str, str]


class NotSent(Exception):
    """The gateway refused, failed, or did not answer in time. The words are for the log."""


class SmsRu:
    """sms.ru: https://sms.ru/api/send and https://sms.ru/api/code_call.

    Options: `SMSRU_KEY` (api_id), `SMSRU_FROM` (an approved sender name, optional).
    """

    is_remote = True
    can_call = True

    def __init__(self, options: Options) -> None:
        self._url = options.get("SMSRU_URL", "https://sms.ru")
        self._key = options["SMSRU_KEY"]
        self._from = options.get("SMSRU_FROM", "")

    def send(self, phone: str, text: str) -> None:
        number = phone.lstrip("+")
        form = {"api_id": self._key, "to": number, "msg": text, "json": "1"}
        if self._from:
            form["from"] = self._from
        answer = _asked("POST", f"{self._url}/sms/send", data=form)
        one = answer.get("sms", {})
        one = one.get(number, {}) if isinstance(one, dict) else {}
        if answer.get("status") != "OK" or one.get("status") != "OK":
            raise NotSent(f"sms.ru {answer.get('status_code')} {one.get('status_code')}")

    def call(self, phone: str) -> str:
        form = {"api_id": self._key, "phone": phone.lstrip("+"), "ip": "-1"}
        answer = _asked("POST", f"{self._url}/code/call", data=form)
        code = str(answer.get("code", ""))
        if answer.get("status") != "OK" or not (code.isdecimal() and len(code) == 4):
            raise NotSent(f"sms.ru call {answer.get('status_code')}")
        return code


class Smsc:
    """smsc.ru: https://smsc.ru/api/http/send/sms/. Options: `SMSC_LOGIN`, `SMSC_PASSWORD`,
    `SMSC_SENDER` (optional).
    """

    is_remote = True
    can_call = False

    def __init__(self, options: Options) -> None:
        self._url = options.get("SMSC_URL", "https://smsc.ru")
        self._account = {"login": options["SMSC_LOGIN"], "psw": options["SMSC_PASSWORD"]}
        self._sender = options.get("SMSC_SENDER", "")

    def send(self, phone: str, text: str) -> None:
        form = self._account | {"phones": phone, "mes": text, "fmt": "3", "charset": "utf-8"}
        if self._sender:
            form["sender"] = self._sender
        answer = _asked("POST", f"{self._url}/sys/send.php", data=form)
        if "error_code" in answer or "id" not in answer:
            raise NotSent(f"smsc.ru {answer.get('error_code')}")

    def call(self, phone: str) -> str:
        raise NotSent("smsc.ru is set up for texts only")


class SmsAero:
    """SMS Aero: https://smsaero.ru/integration/documentation/api/. Options: `SMSAERO_EMAIL`,
    `SMSAERO_KEY`, `SMSAERO_SIGN` (an approved signature, «SMS Aero» by default).
    """

    is_remote = True
    can_call = False

    def __init__(self, options: Options) -> None:
        self._url = options.get("SMSAERO_URL", "https://gate.smsaero.ru")
        self._login = (options["SMSAERO_EMAIL"], options["SMSAERO_KEY"])
        self._sign = options.get("SMSAERO_SIGN", "SMS Aero")

    def send(self, phone: str, text: str) -> None:
        body = {"number": phone.lstrip("+"), "text": text, "sign": self._sign}
        answer = _asked("POST", f"{self._url}/v2/sms/send", json=body, auth=self._login)
        if answer.get("success") is not True:
            raise NotSent(f"SMS Aero {answer.get('message')!s:.80}")

    def call(self, phone: str) -> str:
        raise NotSent("SMS Aero is set up for texts only")


GATEWAYS: Mapping[SmsSenderKind, type[SmsRu] | type[Smsc] | type[SmsAero]] = {
    SmsSenderKind.SMSRU: SmsRu,
    SmsSenderKind.SMSC: Smsc,
    SmsSenderKind.SMSAERO: SmsAero,
}


def _asked(method: str, url: str, **request: Any) -> dict[str, Any]:
    """One request, one JSON object; anything else is `NotSent`. Redirects are not followed."""
    try:
        with (
            httpx.Client(timeout=TIMEOUT, trust_env=False) as client,
            client.stream(method, url, **request) as answer,
        ):
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > LONGEST_ANSWER:
                    raise NotSent("the answer is too long")
            if answer.status_code != httpx.codes.OK:
                raise NotSent(f"HTTP {answer.status_code}")
            found = httpx.Response(200, content=body).json()
    except (httpx.HTTPError, ValueError) as error:
        raise NotSent(type(error).__name__) from error
    if not isinstance(found, dict):
        raise NotSent("no JSON object")
    return found
