"""«Отменить привязку профиля» (FLOWS 5): what will happen, ending the link, and taking it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask_babel import lazy_gettext
from sqlalchemy.exc import IntegrityError

from app.core import clock, throttle
from app.core.audit import note
from app.core.errors import Conflict, Invalid, TooMany
from app.core.throttle import Limit
from app.core.transaction import publish, writing
from app.linking.facts import ProfileUnlinked
from app.linking.flow import Proof, add_link, link_after_clash
from app.linking.links import EndReason, Link, active_link, last_ended_link
from app.school import journal_sessions
from app.school.accounts import Account
from app.school.signing_in import check_password

PASSWORD_LIMIT = Limit(5, dt.timedelta(minutes=15))
RESTORE_WITHIN = dt.timedelta(days=14)


def unlink(account: Account, password: str, heirs: Mapping[str, str] | None = None) -> None:
    """End the account's link at once. An account without a link is left as it is.

    `heirs`: see `ProfileUnlinked`.

    Raises:
        Invalid: the password is wrong.
        TooMany: it was wrong too often.
    """
    _confirm(account, password)
    with writing():
        link = active_link(account.id)
        if link is None:
            return
        link.ended_at = clock.now()
        link.end_reason = EndReason.UNLINKED
        publish(ProfileUnlinked(account.person_id, link.school_id, link.subject, heirs=heirs or {}))
        _note(account, link, "profile.unlinked")


def unlink_by_school(account: Account, *, administrator: Account, reason: str) -> None:
    """An administrator ends somebody's link (a lost phone), and says why.

    The caller has checked that both are of one school. The person cannot bring it back with one
    click: whoever has the phone must not. The lost phone is signed out of the journal here, and
    out of the messenger by the reactions. Chats led alone go to the likeliest heirs.
    """
    with writing():
        link = active_link(account.id)
        if link is None:
            return
        journal_sessions.end_all(account)
        link.ended_at = clock.now()
        link.end_reason = EndReason.BY_SCHOOL
        link.end_note = reason
        publish(ProfileUnlinked(account.person_id, link.school_id, link.subject, by_school=True))
        note(
            actor=f"account:{administrator.public_id}",
            action="profile.unlinked_by_school",
            subject=f"link:{link.public_id}",
            profile=link.subject,
            account=account.public_id,
            reason=reason,
        )


def _confirm(account: Account, password: str) -> None:
    """The journal may be open on a shared computer: the password shows that it is the owner."""
    key = f"unlink:{account.id}"
    wait = throttle.seconds_to_wait(key, PASSWORD_LIMIT)
    if wait:
        raise TooMany(
            lazy_gettext(
                "Пароль введён неверно несколько раз подряд. Привязка не отменена. "
                "Попробуйте снова через 15 минут."
            ),
            retry_after=wait,
        )
    if not check_password(account, password):
        with writing():
            throttle.record(key)
            note(
                actor=f"account:{account.public_id}",
                action="profile.unlink_refused",
                subject=f"account:{account.public_id}",
            )
        raise Invalid(lazy_gettext("Неверный пароль. Введите пароль от электронного журнала."))
    throttle.forget(key)


def restorable_link(account: Account) -> Link | None:
    """The link that «Вернуть привязку» would bring back: ended by its owner within 14 days."""
    link = last_ended_link(account.id)
    if link is None or link.end_reason is not EndReason.UNLINKED or link.ended_at is None:
        return None
    return link if clock.now() - link.ended_at <= RESTORE_WITHIN else None


def restore(account: Account) -> Link:
    """Link the same profile again without the provider: it was proved when first linked.

    Raises:
        Conflict: nothing to bring back any more.
        Refused: somebody else linked the profile meanwhile.
    """
    link = active_link(account.id)
    if link is not None:
        return link
    ended = restorable_link(account)
    if ended is None:
        raise Conflict(
            lazy_gettext(
                "Вернуть привязку одним нажатием можно в течение 14 дней. Привяжите профиль заново."
            )
        )
    proof = Proof(
        issuer=ended.issuer,
        subject=ended.subject,
        name=ended.profile_name,
        masked_phone=ended.masked_phone,
    )
    try:
        with writing() as session:
            link = add_link(account, proof, action="profile.link_restored")
            session.flush()
    except IntegrityError as clash:
        link = link_after_clash(account, proof, clash)
    return link


def _note(account: Account, link: Link, action: str) -> None:
    note(
        actor=f"account:{account.public_id}",
        action=action,
        subject=f"link:{link.public_id}",
        profile=link.subject,
    )
