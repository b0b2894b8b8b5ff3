"""Back-channel logout (OpenID Connect Back-Channel Logout 1.0): telling services that it is over.

Decision: our own journal is not told. Leaving the messenger on a telephone must not close the
journal in which a teacher is putting marks at the desk.
"""

from __future__ import annotations

import time

import httpx
import structlog
from joserfc import jwt
from sqlalchemy import select

from app.core import background, clock, tokens
from app.core.config import current_settings
from app.core.db import db
from app.identity import clients, keys
from app.identity.facts import ConsentWithdrawn, SessionEnded
from app.identity.profiles import Profile
from app.identity.sessions import ProfileSession
from app.identity.token_store import AuthorizationCode

log = structlog.get_logger(__name__)
EVENT = "http://schemas.openid.net/event/backchannel-logout"
PAUSES = (0, 1, 5)
TIMEOUT = httpx.Timeout(5, connect=3)
LIFE_SECONDS = 120


def on_session_ended(fact: SessionEnded) -> None:
    """Reaction: tell every service that was entered in this session."""
    row = db.session.execute(
        select(ProfileSession.public_id, Profile.public_id.label("subject"))
        .join(Profile, Profile.id == ProfileSession.profile_id)
        .where(ProfileSession.id == fact.session_id)
    ).one()
    entered = db.session.scalars(
        select(AuthorizationCode.client_id)
        .where(AuthorizationCode.session_key == row.public_id)
        .distinct()
    )
    for client_id in entered:
        _tell(client_id, row.subject, row.public_id)


def on_consent_withdrawn(fact: ConsentWithdrawn) -> None:
    """Reaction: tell the service that it is disconnected, whatever the session."""
    _tell(fact.client_id, fact.subject, "")


def _tell(client_id: str, subject: str, session_key: str) -> None:
    client = clients.find_client(client_id)
    if client is None or not client.backchannel_logout_uri:
        return
    token = logout_token(client_id, subject, session_key)
    if not background.run_soon(_post, client.backchannel_logout_uri, token):
        log.error("service not told of the logout", client=client_id, reason="queue is full")


def logout_token(client_id: str, subject: str, session_key: str) -> str:
    """The signed notice (§2.4). Without `session_key` it is about all sessions of the subject."""
    key = keys.signing_key()
    now = int(clock.now().timestamp())
    claims = {
        "iss": current_settings().issuer,
        "sub": subject,
        "aud": client_id,
        "iat": now,
        "exp": now + LIFE_SECONDS,
        "jti": tokens.public_id(),
        "events": {EVENT: {}},
    } | ({"sid": session_key} if session_key else {})
    header = {"alg": keys.ALGORITHM, "kid": key.kid, "typ": "logout+jwt"}
    return jwt.encode(header, claims, key)


def _post(url: str, token: str) -> None:
    """Three tries; redirects are not followed."""
    reason = ""
    for pause in PAUSES:
        time.sleep(pause)
        try:
            with httpx.Client(timeout=TIMEOUT, trust_env=False) as client:
                answer = client.post(url, data={"logout_token": token})
        except httpx.HTTPError as error:
            reason = type(error).__name__
            continue
        if answer.status_code in (200, 204):
            return
        reason = f"HTTP {answer.status_code}"
    log.error("service not told of the logout", url=url, reason=reason)
