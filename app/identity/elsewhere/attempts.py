"""One sign-in at the other provider: begun by a walk, finished in the same browser, once."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core import audit, clock, tokens
from app.core.db import UTC, Model, db
from app.core.errors import Problem, Unavailable
from app.core.openid.client import CodeRefused, Untrusted, unavailable
from app.core.transaction import writing
from app.identity.elsewhere.humans import Human
from app.identity.elsewhere.providers import Answer, Secrets, SignInProvider
from app.identity.walks import LIFE, Walk

PASSING_ERRORS = frozenset({"server_error", "temporarily_unavailable"})


class Failure(StrEnum):
    """Every way a sign-in elsewhere can end without a proof."""

    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    OTHER_BROWSER = "other_browser"
    SPENT = "spent"
    UNTRUSTED = "untrusted"


WORDS: dict[Failure, LazyString] = {
    Failure.CANCELLED: lazy_gettext("Вы отменили вход. Ничего не изменилось, начать можно снова."),
    Failure.UNKNOWN: lazy_gettext(
        "Этот вход начат давно, или адрес скопирован не полностью. Начните его заново."
    ),
    Failure.OTHER_BROWSER: lazy_gettext(
        "Этот вход начали в другом браузере. Ради вашей безопасности мы его не завершили. "
        "Начните заново здесь."
    ),
    Failure.SPENT: lazy_gettext(
        "Подтверждение уже использовано или устарело. Начните вход заново."
    ),
    Failure.UNTRUSTED: lazy_gettext(
        "Ответ сервиса входа не прошёл проверку. Ради вашей безопасности вход не завершён. "
        "Начните заново, а если ошибка повторится, сообщите администратору школы."
    ),
}


class SignInFailed(Problem):
    """No proof; `failure` says why, the message says it to the person."""

    status = 409
    title = lazy_gettext("Вход не завершён")

    def __init__(self, failure: Failure) -> None:
        super().__init__(WORDS[failure])
        self.failure = failure


class SignInAttempt(Model):
    """An attempt; the browser has its state, we the digest, and what is never sent ahead."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_digest: Mapped[str] = mapped_column(String(64), unique=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walks.id", ondelete="CASCADE"))
    nonce: Mapped[str] = mapped_column(String(64))
    code_verifier: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    used_at: Mapped[dt.datetime | None] = mapped_column(UTC)


def start(walk: Walk, provider: SignInProvider, *, redirect_uri: str) -> str:
    """Begin an attempt and give the provider's address.

    Raises:
        Unavailable: the provider does not answer; no attempt is left behind.
    """
    secrets = Secrets(
        redirect_uri=redirect_uri,
        state=tokens.secret(),
        nonce=tokens.secret(),
        code_verifier=tokens.secret(),
    )
    walk_id = walk.id
    address = provider.address(secrets)
    with writing() as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.created_at < clock.now() - LIFE))
        session.add(
            SignInAttempt(
                state_digest=tokens.digest(secrets.state),
                walk_id=walk_id,
                nonce=secrets.nonce,
                code_verifier=secrets.code_verifier,
            )
        )
    return address


def finish(
    walk: Walk | None, provider: SignInProvider, answer: Answer, *, redirect_uri: str
) -> Human:
    """Whom the provider proved to this walk.

    Raises:
        SignInFailed: with the reason. Unavailable: the provider failed; reloading may try again.
    """
    attempt = _own_attempt(walk, answer.state)
    try:
        _check(provider, answer)
        _claim(attempt)
        return _prove(attempt, provider, answer, redirect_uri)
    except CodeRefused as refusal:
        raise SignInFailed(Failure.SPENT) from refusal
    except Untrusted as doubt:
        audit.note(actor="system", action="sign_in.untrusted", subject=f"walk:{attempt.walk_id}")
        raise SignInFailed(Failure.UNTRUSTED) from doubt


def _own_attempt(walk: Walk | None, state: str) -> SignInAttempt:
    """The attempt of this state, begun in this browser (RFC 9700, §4.7)."""
    attempt = db.session.scalar(
        select(SignInAttempt).where(
            SignInAttempt.state_digest == tokens.digest(state),
            SignInAttempt.created_at > clock.now() - LIFE,
        )
    )
    if attempt is None:
        raise SignInFailed(Failure.UNKNOWN)
    if walk is None or attempt.walk_id != walk.id:
        raise SignInFailed(Failure.OTHER_BROWSER)
    if attempt.used_at is not None:
        raise SignInFailed(Failure.SPENT)
    return attempt


def _check(provider: SignInProvider, answer: Answer) -> None:
    if answer.error == "access_denied":
        raise SignInFailed(Failure.CANCELLED)
    if answer.error in PASSING_ERRORS:
        raise unavailable("authorize", answer.error)
    if answer.error or not answer.code:
        raise Untrusted
    provider.check(answer)


def _claim(attempt: SignInAttempt) -> None:
    """Of two parallel callbacks one goes on with the code."""
    with writing() as session:
        claimed = session.scalar(
            update(SignInAttempt)
            .where(SignInAttempt.id == attempt.id, SignInAttempt.used_at.is_(None))
            .values(used_at=clock.now())
            .returning(SignInAttempt.id)
        )
    if claimed is None:
        raise SignInFailed(Failure.SPENT)


def _prove(
    attempt: SignInAttempt, provider: SignInProvider, answer: Answer, redirect_uri: str
) -> Human:
    attempt_id = attempt.id
    secrets = Secrets(
        redirect_uri=redirect_uri,
        state=answer.state,
        nonce=attempt.nonce,
        code_verifier=attempt.code_verifier,
    )
    db.session.rollback()  # nothing is held while the other site thinks
    try:
        return provider.prove(answer, secrets)
    except Unavailable:
        with writing() as session:
            session.execute(
                update(SignInAttempt).where(SignInAttempt.id == attempt_id).values(used_at=None)
            )
        raise
