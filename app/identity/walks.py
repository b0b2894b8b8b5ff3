"""A walk: one journey of one browser through the sign-in steps, with everything typed so far.

It is a row, found by the browser's own cookie, so that back, reload and a second tab lose
nothing. What it leads to is `resume`, a local address (the authorization request, or /im/).
"""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext
from sqlalchemy import ColumnElement, ForeignKey, String, Text, and_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import audit, clock, tokens
from app.core.config import SignInKind, current_settings
from app.core.db import UTC, Model, db
from app.core.errors import Invalid, TooMany
from app.core.transaction import writing
from app.identity import phone_codes, phones, recycling
from app.identity.code_delivery import Channel
from app.identity.elsewhere.humans import Human
from app.identity.phone_codes import Answer, Verdict
from app.identity.profiles import Profile, VkId
from app.identity.wizard import Known

COOKIE = "svyazka_walk"
LIFE = dt.timedelta(hours=1)


class Walk(Model):
    """What one browser has typed and proved. `phone` is E.164 and unproved until `proved_at`."""

    __tablename__ = "walks"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    resume: Mapped[str] = mapped_column(Text)
    context: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    phone_typed: Mapped[str] = mapped_column(String(40), default="")
    phone: Mapped[str | None] = mapped_column(String(16))
    proved_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    vk_id_id: Mapped[int | None] = mapped_column(ForeignKey("vk_ids.id"))
    # The proved phone's VK ID, long unused: its owner must be named first (see `recycling`).
    dormant_id: Mapped[int | None] = mapped_column(ForeignKey("vk_ids.id"))
    # Whom another provider proved (see `elsewhere`); then there is no phone.
    issuer: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(String(200))
    wants_profile: Mapped[bool] = mapped_column(default=False)
    family_name: Mapped[str] = mapped_column(String(100), default="")
    given_name: Mapped[str] = mapped_column(String(100), default="")
    patronymic: Mapped[str] = mapped_column(String(100), default="")


def begin(resume: str, known_token: str | None, *, context: str = "") -> tuple[Walk, str]:
    """The browser's walk, led to `resume`; a live one is joined, so nothing typed is lost.

    Decision: a walk is joined only for the same `context` (whose journal account is open). The
    next person at a shared computer begins with an empty form and an unproved phone.
    """
    walk = find(known_token)
    if walk is not None and known_token and walk.context == context:
        with writing():
            walk.resume = resume
        return walk, known_token
    token = tokens.secret()
    with writing() as session:
        walk = Walk(token_digest=tokens.digest(token), resume=resume, context=context)
        session.add(walk)
    return walk, token


def renew(walk: Walk) -> str:
    """A new token for the walk once its phone is proved; the old one opens nothing.

    Whoever planted or copied the cookie before does not share the proof.
    """
    token = tokens.secret()
    with writing():
        walk.token_digest = tokens.digest(token)
    return token


def find(token: str | None) -> Walk | None:
    """The live walk of this cookie."""
    if not token:
        return None
    return db.session.scalar(
        select(Walk).where(
            Walk.token_digest == tokens.digest(token), Walk.created_at > clock.now() - LIFE
        )
    )


def known_of(walk: Walk, *, has_profile: bool) -> Known:
    """The walk in the wizard's terms."""
    return Known(
        signs_in_elsewhere=current_settings().sign_in is not SignInKind.OWN,
        has_phone=walk.phone is not None,
        is_proved=walk.proved_at is not None,
        must_confirm=walk.dormant_id is not None,
        has_vk_id=walk.vk_id_id is not None,
        wants_profile=walk.wants_profile,
        has_profile=has_profile,
    )


def give_phone(walk: Walk, typed: str, *, address: str) -> None:
    """Take a phone and send its code. What was typed is kept even when it is refused.

    Raises:
        Invalid: not a mobile phone. TooMany: see `phone_codes.send_code`.
    """
    with writing():
        walk.phone_typed = typed[:40]
    phone = phones.normal_phone(typed)
    same_again = walk.phone == phone and phone_codes.seconds_until_resend(phone) > 0
    if not same_again:
        phone_codes.send_code(walk_id=walk.id, phone=phone, address=address)
    with writing():
        walk.phone = phone


def resend(walk: Walk, *, address: str, channel: Channel = Channel.SMS) -> None:
    """Send another code to the walk's phone, or ring it."""
    if walk.phone is not None:
        phone_codes.send_code(walk_id=walk.id, phone=walk.phone, address=address, channel=channel)


def give_code(walk: Walk, typed: str, *, address: str) -> tuple[Answer, Profile | None]:
    """Try a code; when right, the phone is proved, and its oldest profile (if any) returned."""
    if walk.phone is None:
        return Answer(Verdict.EXPIRED), None
    with writing() as session:
        answer = phone_codes.check_code(
            walk_id=walk.id, phone=walk.phone, typed=typed, address=address
        )
        if answer.verdict is not Verdict.RIGHT:
            return answer, None
        walk.proved_at = clock.now()
        vk_id = session.scalar(select(VkId).where(VkId.phone == walk.phone))
        if vk_id is None:
            return answer, None
        if recycling.is_dormant(vk_id):
            walk.dormant_id = vk_id.id
            return answer, None
        return answer, _take(walk, vk_id)


def confirm_owner(walk: Walk, *, family: str, given: str) -> Profile | None:
    """Name the owner of the long unused profile. Right: it is taken up, and returned if any.

    Raises:
        Invalid: these are not its names. TooMany: three wrong answers within 24 hours.
    """
    wait = recycling.seconds_to_wait(walk.phone or "")
    if wait:
        raise TooMany(
            gettext(
                "Имя не подошло три раза. Попробуйте завтра, начните новый профиль "
                "или спросите администратора школы."
            ),
            retry_after=wait,
        )
    with writing() as session:
        walk.family_name, walk.given_name = family, given
        vk_id = session.get(VkId, walk.dormant_id) if walk.dormant_id else None
        is_right = vk_id is not None and recycling.is_owner(vk_id, family=family, given=given)
        if vk_id is not None and is_right:
            walk.dormant_id = None
            return _take(walk, vk_id)
    raise Invalid(gettext("Профиль записан на другое имя. Проверьте, как оно пишется."))


def disown(walk: Walk) -> None:
    """«Это не мой профиль»: the number leaves its old profile, the walk goes on as somebody new."""
    with writing() as session:
        vk_id = session.get(VkId, walk.dormant_id) if walk.dormant_id else None
        if vk_id is not None:
            recycling.release(vk_id)
            walk.dormant_id = None


def take_proof(walk: Walk, human: Human) -> Profile | None:
    """Another provider has proved who this is; their oldest profile, if any."""
    with writing() as session:
        walk.issuer, walk.subject = human.issuer, human.subject
        walk.proved_at = clock.now()
        walk.family_name = human.family_name
        walk.given_name = human.given_name
        walk.patronymic = human.patronymic
        vk_id = session.scalar(select(VkId).where(_proved(walk)))
        return None if vk_id is None else _take(walk, vk_id)


def _proved(walk: Walk) -> ColumnElement[bool]:
    """Whose VK ID it is: that of the phone, or of the other provider's subject."""
    if walk.subject is None:
        return VkId.phone == walk.phone
    return and_(VkId.issuer == walk.issuer, VkId.subject == walk.subject)


def _take(walk: Walk, vk_id: VkId) -> Profile | None:
    """The walk goes on as the owner of `vk_id`; its oldest profile, if any. Within `writing()`."""
    walk.vk_id_id = vk_id.id
    walk.family_name = vk_id.family_name
    walk.given_name = vk_id.given_name
    walk.patronymic = vk_id.patronymic
    return db.session.scalar(
        select(Profile).where(Profile.vk_id_id == vk_id.id).order_by(Profile.id).limit(1)
    )


def give_names(walk: Walk, *, family: str, given: str, patronymic: str) -> None:
    """VK ID data (FLOWS 1.5): what was proved gets its owner's names."""
    with writing() as session:
        walk.family_name, walk.given_name, walk.patronymic = family, given, patronymic
        vk_id = session.scalar(select(VkId).where(_proved(walk)))
        if vk_id is None:
            vk_id = VkId(
                phone=walk.phone,
                issuer=walk.issuer,
                subject=walk.subject,
                family_name=family,
                given_name=given,
                patronymic=patronymic,
            )
            session.add(vk_id)
            session.flush()
        walk.vk_id_id = vk_id.id


def want_profile(walk: Walk) -> None:
    """«Создать учебный профиль» was pressed."""
    with writing():
        walk.wants_profile = True


def make_profile(walk: Walk, *, family: str, given: str, patronymic: str) -> Profile:
    """The learning profile (FLOWS 1.8). A double click finds the one just made."""
    with writing() as session:
        walk.family_name, walk.given_name, walk.patronymic = family, given, patronymic
        profile = session.scalar(select(Profile).where(Profile.vk_id_id == walk.vk_id_id))
        if profile is None:
            profile = Profile(
                vk_id_id=walk.vk_id_id,
                family_name=family,
                given_name=given,
                patronymic=patronymic,
            )
            session.add(profile)
            session.flush()
            audit.note(
                actor=f"profile:{profile.public_id}",
                action="profile.created",
                subject=f"profile:{profile.public_id}",
            )
        return profile


def change_phone(walk: Walk) -> None:
    """«Изменить номер», «Войти с другим номером»: back to the first step, what was typed stays."""
    with writing():
        _forget_phone(walk)


def close(walk: Walk) -> None:
    """The profile is signed in: the proof of the phone has served and is gone."""
    with writing():
        _forget_phone(walk)
        walk.phone_typed = walk.family_name = walk.given_name = walk.patronymic = ""


def _forget_phone(walk: Walk) -> None:
    walk.phone = walk.issuer = walk.subject = None
    walk.proved_at = None
    walk.vk_id_id = walk.dormant_id = None
    walk.wants_profile = False
