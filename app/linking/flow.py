"""Linking an account to a profile: `start` sends the browser to the provider, `finish` returns.

The exchange with the provider happens before any transaction; the unique indexes of `links`
decide who was first.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.jwk import OctKey
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.core import clock, tokens
from app.core.audit import note
from app.core.db import db
from app.core.errors import Unavailable
from app.core.openid.client import (
    CodeRefused,
    Untrusted,
    authorization_url,
    exchange_code,
    metadata_of,
    read_userinfo,
    unavailable,
)
from app.core.openid.id_tokens import verified_subject
from app.core.transaction import publish, writing
from app.linking.account_card import card_of
from app.linking.facts import ProfileLinked
from app.linking.links import Link, LinkAttempt, active_link, holder_of
from app.linking.provider_client import LinkProvider, current_provider
from app.linking.refusals import Refusal, Refused
from app.school.accounts import Account, JournalSession

ATTEMPT_LIFE = dt.timedelta(hours=1)
ATTEMPTS_KEPT = dt.timedelta(days=7)
PASSING_ERRORS = frozenset({"server_error", "temporarily_unavailable"})


@dataclass(frozen=True, kw_only=True)
class Callback:
    """What came back in the address; every value is foreign and is never shown."""

    state: str = ""
    code: str = ""
    error: str = ""
    issuer: str = ""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The profile that the provider proved, and how the provider names it."""

    issuer: str
    subject: str
    name: str
    masked_phone: str


def start(
    account: Account,
    journal_session: JournalSession,
    *,
    redirect_uri: str,
) -> str:
    """Begin an attempt and give the provider's address to go to.

    Raises:
        Unavailable: the provider does not answer; no attempt is left behind.
    """
    provider = current_provider()
    state, nonce, verifier = tokens.secret(), tokens.secret(), tokens.secret()
    extra = {"account": _account_note(provider, account, state)} if provider.is_own else {}
    url = authorization_url(
        provider,
        redirect_uri=redirect_uri,
        state=state,
        nonce=nonce,
        code_verifier=verifier,
        extra=extra,
    )
    with writing() as session:
        session.execute(
            delete(LinkAttempt).where(LinkAttempt.created_at < clock.now() - ATTEMPTS_KEPT)
        )
        session.add(
            LinkAttempt(
                state_digest=tokens.digest(state),
                account_id=account.id,
                journal_session_id=journal_session.id,
                nonce=nonce,
                code_verifier=verifier,
            )
        )
    return url


def _account_note(provider: LinkProvider, account: Account, state: str) -> str:
    """Whose account it is, for the consent screen (FLOWS 1.10): a JWS only our provider can read.

    Decision: it goes to our own provider only. A foreign one gets no name of a pupil from us.
    """
    card = card_of(account.person)
    payload = {"name": card.name, "role": card.role, "place": card.place, "state": state}
    return jws.serialize_compact(
        {"alg": "HS256", "typ": "JWT"},
        json.dumps(payload, ensure_ascii=False),
        OctKey.import_key(provider.client_secret),
    )


def finish(
    account: Account, journal_session: JournalSession, callback: Callback, *, redirect_uri: str
) -> Link:
    """Check the callback, trade its code, and write the link. A repeat gives the link it made.

    Raises:
        Refused: with the reason that chooses the page.
        Unavailable: the provider failed; nothing is written and the same address may be retried.
    """
    provider = current_provider()
    attempt = _own_attempt(account, journal_session, callback)
    if attempt.finished_at is not None:
        return _made_already(attempt)
    if clock.now() - attempt.created_at > ATTEMPT_LIFE:
        raise Refused(Refusal.EXPIRED)
    _check_answer(provider, callback)
    _claim(attempt)
    try:
        proof = _prove(provider, attempt, code=callback.code, redirect_uri=redirect_uri)
    except Unavailable:
        _release(attempt)
        raise
    except CodeRefused as refusal:
        raise Refused(Refusal.CODE_REFUSED) from refusal
    except Untrusted as doubt:
        raise Refused(Refusal.UNTRUSTED) from doubt
    return _write_link(account, attempt, proof)


def _own_attempt(
    account: Account, journal_session: JournalSession, callback: Callback
) -> LinkAttempt:
    """The attempt of this state, begun by this account in this browser (RFC 9700, §4.7)."""
    attempt = db.session.scalar(
        select(LinkAttempt).where(LinkAttempt.state_digest == tokens.digest(callback.state))
    )
    if attempt is None:
        raise Refused(Refusal.UNKNOWN)
    if attempt.account_id != account.id:
        raise Refused(Refusal.OTHER_ACCOUNT)
    if attempt.journal_session_id != journal_session.id:
        raise Refused(Refusal.OTHER_BROWSER)
    return attempt


def _made_already(attempt: LinkAttempt) -> Link:
    """The second tab, the back button and the double click end where the first one did."""
    if attempt.link is None or attempt.link.ended_at is not None:
        raise Refused(Refusal.SPENT)
    return attempt.link


def _check_answer(provider: LinkProvider, callback: Callback) -> None:
    """Is it this provider speaking (RFC 9207), and does it bring a code?"""
    if callback.issuer not in {"", provider.issuer}:
        raise Refused(Refusal.UNTRUSTED)
    if callback.error == "access_denied":
        raise Refused(Refusal.CANCELLED)
    if callback.error in PASSING_ERRORS:
        raise unavailable("authorize", callback.error)
    if callback.error or not callback.code:
        raise Refused(Refusal.UNTRUSTED)
    if not callback.issuer and (provider.is_own or metadata_of(provider).names_itself):
        raise Refused(Refusal.UNTRUSTED)


def _claim(attempt: LinkAttempt) -> None:
    """Take the attempt for ourselves: of two parallel callbacks one goes on with the code."""
    with writing() as session:
        claimed = session.scalar(
            update(LinkAttempt)
            .where(LinkAttempt.id == attempt.id, LinkAttempt.finished_at.is_(None))
            .values(finished_at=clock.now())
            .returning(LinkAttempt.id)
        )
    if claimed is None:
        raise Refused(Refusal.SPENT)


def _release(attempt: LinkAttempt) -> None:
    """The provider never saw or never answered the code: reloading the page may try again."""
    with writing() as session:
        session.execute(
            update(LinkAttempt).where(LinkAttempt.id == attempt.id).values(finished_at=None)
        )


def _prove(provider: LinkProvider, attempt: LinkAttempt, *, code: str, redirect_uri: str) -> Proof:
    """Ask the provider whose profile it is."""
    nonce, verifier = attempt.nonce, attempt.code_verifier
    # Ends the reading transaction: the provider's own request may need this connection.
    db.session.rollback()
    issued = exchange_code(provider, code=code, redirect_uri=redirect_uri, code_verifier=verifier)
    subject = verified_subject(provider, issued.id_token, nonce=nonce)
    claims = read_userinfo(provider, issued.access_token, subject=subject)
    return Proof(
        issuer=provider.issuer,
        subject=subject,
        name=_text(claims, "name", 320),
        masked_phone=_text(claims, "phone_masked", 24),
    )


def _text(claims: Mapping[str, Any], name: str, longest: int) -> str:
    value = claims.get(name)
    if not isinstance(value, str):
        return ""
    return "".join(sign for sign in value if sign.isprintable()).strip()[:longest]


def _write_link(account: Account, attempt: LinkAttempt, proof: Proof) -> Link:
    """Write the link beside its attempt and tell it."""
    try:
        with writing() as session:
            link = add_link(account, proof, action="profile.linked")
            session.flush()
            attempt.link_id = link.id
    except IntegrityError as clash:
        link = link_after_clash(account, proof, clash)
        with writing():
            attempt.link_id = link.id
    return link


def add_link(account: Account, proof: Proof, *, action: str) -> Link:
    """Add the row within the open `writing()`; the unique indexes refuse a second one."""
    link = Link(
        public_id=tokens.public_id(),
        account_id=account.id,
        school_id=account.person.school_id,
        issuer=proof.issuer,
        subject=proof.subject,
        profile_name=proof.name,
        masked_phone=proof.masked_phone,
        linked_at=clock.now(),
    )
    db.session.add(link)
    publish(ProfileLinked(account.person_id, link.school_id, link.subject))
    note(
        actor=f"account:{account.public_id}",
        action=action,
        subject=f"link:{link.public_id}",
        profile=link.subject,
    )
    return link


def link_after_clash(account: Account, proof: Proof, clash: IntegrityError) -> Link:
    """Somebody linked before us: the same link from another tab is success, else say who holds.

    Raises:
        Refused: this account has another profile, or this profile has another person.
    """
    link = active_link(account.id)
    if link is not None:
        if (link.issuer, link.subject) != (proof.issuer, proof.subject):
            raise Refused(Refusal.ACCOUNT_TAKEN) from clash
        return link
    school_id = account.person.school_id
    if holder_of(school_id=school_id, issuer=proof.issuer, subject=proof.subject):
        raise Refused(Refusal.PROFILE_TAKEN) from clash
    raise clash
