"""Settings of one running site: frozen, typed, read once from the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, current_app

from app.core.quiet import quiet_from
from app.core.tokens import keyed_digest

JOURNAL_CLIENT_ID = "journal"
PREFIX = "SVYAZKA_"
EXTENSION_KEY = "svyazka.settings"
MIN_SECRET_LENGTH = 32
MEGA = 1024 * 1024
TRUE_WORDS = frozenset({"1", "true", "yes", "on"})


class UnsafeSettings(RuntimeError):
    """The settings would put people at risk; the site refuses to start with them."""


class Mode(StrEnum):
    """What the running site is for."""

    PRODUCTION = "production"
    DEMO = "demo"
    TESTING = "testing"


class SmsSenderKind(StrEnum):
    """Where SMS texts go."""

    OUTBOX = "outbox"
    LOG = "log"
    SMSRU = "smsru"
    SMSC = "smsc"
    SMSAERO = "smsaero"


class SignInKind(StrEnum):
    """Where people prove who they are: here (phone and code), or at another provider."""

    OWN = "own"
    OIDC = "oidc"
    VKID = "vkid"


SIGN_IN_OPTIONS: Mapping[SignInKind, tuple[str, ...]] = {
    SignInKind.OIDC: ("SIGN_IN_ISSUER", "SIGN_IN_CLIENT_ID", "SIGN_IN_CLIENT_SECRET"),
    SignInKind.VKID: ("SIGN_IN_CLIENT_ID",),
}
SMS_OPTIONS: Mapping[SmsSenderKind, tuple[str, ...]] = {
    SmsSenderKind.SMSRU: ("SMSRU_KEY",),
    SmsSenderKind.SMSC: ("SMSC_LOGIN", "SMSC_PASSWORD"),
    SmsSenderKind.SMSAERO: ("SMSAERO_EMAIL", "SMSAERO_KEY"),
}
"""What a gateway cannot work without."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that may differ between two installations.

    `base_url` is the address people type, without a trailing slash; the OpenID issuer is
    `base_url + "/id"`. `trusted_proxies` counts the reverse proxies whose X-Forwarded-* headers
    are believed (0 believes none). `sms_options` are the gateways' accounts without the prefix
    SVYAZKA_ («SMSRU_KEY»); `sms_per_day` is how many codes the whole site sends in 24 hours.
    `quiet_hours` («21:00-07:00», empty for none): nothing rings then at those who learn.
    `push_hosts` are push services besides those of the known browsers («host:port»).
    `files_url` is where uploads are kept, as fsspec spells it («s3://bucket/prefix»), by default
    the folder «files» of the instance; `max_file_size` and `chat_quota` (of all files of one chat)
    are in bytes.
    `ice_servers` help browsers in a call to find each other («stun:host:3478»,
    «turn:host:3478»); `turn_secret` is the relay's shared secret («static-auth-secret»).
    `sign_in_options` are the other provider's address and our account there, without the prefix.
    """

    mode: Mode
    secret_key: str
    database_url: str
    base_url: str
    instance_path: Path
    sms_sender: SmsSenderKind = SmsSenderKind.LOG
    sms_fallback: SmsSenderKind | None = None
    sms_options: Mapping[str, str] = field(default_factory=dict)
    sms_per_day: int = 1000
    sign_in: SignInKind = SignInKind.OWN
    sign_in_options: Mapping[str, str] = field(default_factory=dict)
    trusted_proxies: int = 0
    time_zone: str = "Europe/Moscow"
    log_level: str = "INFO"
    quiet_hours: str = "21:00-07:00"
    push_hosts: frozenset[str] = frozenset()
    max_content_length: int = 2 * 1024 * 1024
    files_url: str = ""
    max_file_size: int = 50 * MEGA
    chat_quota: int = 5 * 1024 * MEGA
    ice_servers: tuple[str, ...] = ()
    turn_secret: str = ""

    @property
    def is_demo(self) -> bool:
        return self.mode is Mode.DEMO

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def issuer(self) -> str:
        """The OpenID issuer identifier of our own provider (OpenID Connect Discovery 1.0, §3)."""
        return f"{self.base_url}/id"

    @property
    def journal_client_secret(self) -> str:
        """The secret by which our journal proves itself to our provider; never stored."""
        return keyed_digest("openid-client:journal", key=self.secret_key)

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read SVYAZKA_* variables.

        Raises:
            UnsafeSettings: a production site would start with demo parts, without a strong
                secret, or over plain HTTP.
        """
        env = os.environ if env is None else env
        root = Path(__file__).resolve().parents[2]
        instance = Path(env.get("SVYAZKA_INSTANCE", root / "instance")).resolve()
        mode = Mode(env.get("SVYAZKA_MODE", Mode.PRODUCTION))
        settings = cls(
            mode=mode,
            secret_key=env.get("SVYAZKA_SECRET_KEY", "")
            or ("" if mode is Mode.PRODUCTION else _kept_secret(instance)),
            database_url=env.get("SVYAZKA_DATABASE_URL", f"sqlite:///{instance}/svyazka.sqlite3"),
            base_url=env.get("SVYAZKA_BASE_URL", "http://127.0.0.1:5000").rstrip("/"),
            instance_path=instance,
            sms_sender=SmsSenderKind(
                env.get(
                    "SVYAZKA_SMS_SENDER",
                    SmsSenderKind.LOG if mode is Mode.PRODUCTION else SmsSenderKind.OUTBOX,
                )
            ),
            sms_fallback=SmsSenderKind(env["SVYAZKA_SMS_FALLBACK"])
            if env.get("SVYAZKA_SMS_FALLBACK")
            else None,
            sms_options={
                name.removeprefix(PREFIX): value
                for name, value in env.items()
                if name.startswith(PREFIX + "SMS")
            },
            sign_in=SignInKind(env.get("SVYAZKA_SIGN_IN", SignInKind.OWN)),
            sign_in_options={
                name.removeprefix(PREFIX): value
                for name, value in env.items()
                if name.startswith(PREFIX + "SIGN_IN_")
            },
            sms_per_day=int(env.get("SVYAZKA_SMS_PER_DAY", "1000")),
            trusted_proxies=int(env.get("SVYAZKA_TRUSTED_PROXIES", "0")),
            time_zone=env.get("SVYAZKA_TIME_ZONE", "Europe/Moscow"),
            quiet_hours=env.get("SVYAZKA_QUIET_HOURS", "21:00-07:00"),
            push_hosts=frozenset(env.get("SVYAZKA_PUSH_HOSTS", "").split()),
            log_level=env.get("SVYAZKA_LOG_LEVEL", "INFO").upper(),
            files_url=env.get("SVYAZKA_FILES_URL", "").rstrip("/"),
            max_file_size=int(env.get("SVYAZKA_MAX_FILE_MB", "50")) * MEGA,
            chat_quota=int(env.get("SVYAZKA_CHAT_QUOTA_MB", "5120")) * MEGA,
            ice_servers=tuple(env.get("SVYAZKA_ICE_SERVERS", "").split()),
            turn_secret=env.get("SVYAZKA_TURN_SECRET", ""),
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse settings that are unsafe for a school.

        Raises:
            UnsafeSettings: with every reason found, one per line.
        """
        wrong = [
            f"SVYAZKA_{name} is needed for {kind}"
            for kind in (self.sms_sender, self.sms_fallback)
            for name in (SMS_OPTIONS.get(kind, ()) if kind else ())
            if not self.sms_options.get(name)
        ]
        try:
            quiet_from(self.quiet_hours)
        except ValueError:
            wrong.append("SVYAZKA_QUIET_HOURS must be like 21:00-07:00, or empty")
        wrong += [
            f"SVYAZKA_{name} is needed for SVYAZKA_SIGN_IN={self.sign_in}"
            for name in SIGN_IN_OPTIONS.get(self.sign_in, ())
            if not self.sign_in_options.get(name)
        ]
        wrong += self._unusable_ice()
        if self.mode is Mode.PRODUCTION:
            wrong += self._unsafe_in_production()
        if wrong:
            raise UnsafeSettings("\n".join(wrong))

    def _unusable_ice(self) -> list[str]:
        wrong = [
            f"SVYAZKA_ICE_SERVERS: {server} must start with stun:, stuns:, turn: or turns:"
            for server in self.ice_servers
            if server.partition(":")[0] not in ("stun", "stuns", "turn", "turns")
        ]
        if any(server.startswith("turn") for server in self.ice_servers) and not self.turn_secret:
            wrong.append("SVYAZKA_TURN_SECRET is needed for a turn: server")
        return wrong

    def _unsafe_in_production(self) -> list[str]:
        wrong = []
        if len(self.secret_key) < MIN_SECRET_LENGTH:
            wrong.append(f"SVYAZKA_SECRET_KEY must have at least {MIN_SECRET_LENGTH} characters")
        if not self.is_secure:
            wrong.append("SVYAZKA_BASE_URL must start with https://")
        if not urlsplit(self.base_url).hostname:
            wrong.append("SVYAZKA_BASE_URL must name a host")
        if SmsSenderKind.OUTBOX in (self.sms_sender, self.sms_fallback):
            wrong.append("SVYAZKA_SMS_SENDER=outbox shows codes on a page: demo only")
        if self.sign_in_options.get("SIGN_IN_ISSUER", "https://").split("://")[0] != "https":
            wrong.append("SVYAZKA_SIGN_IN_ISSUER must start with https://")
        if ":memory:" in self.database_url or self.database_url == "sqlite://":
            wrong.append("SVYAZKA_DATABASE_URL must not be an in-memory database")
        return wrong


def _kept_secret(instance: Path) -> str:
    """The secret of a demo or test site, made once and kept beside its database."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "secret_key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text()


def install(app: Flask, settings: Settings) -> None:
    """Put `settings` where Flask and the extensions look for theirs."""
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    app.extensions[EXTENSION_KEY] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.mode is Mode.TESTING,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SESSION_COOKIE_NAME="svyazka_journal",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=settings.max_content_length,
        BABEL_DEFAULT_LOCALE="ru",
        BABEL_DEFAULT_TIMEZONE=settings.time_zone,
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).resolve().parents[2] / "translations"),
    )


def current_settings() -> Settings:
    """The settings of the application at work."""
    settings: Settings = current_app.extensions[EXTENSION_KEY]
    return settings
