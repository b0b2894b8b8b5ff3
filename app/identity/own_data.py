"""What the learning profile holds of its owner: names, phone, sign-ins, consents, audit."""

from __future__ import annotations

from flask_babel import gettext

from app.core.archive import Row, Section, audit_lines, named_values, sign_ins
from app.core.names import joined
from app.identity import consents
from app.identity.profiles import Profile
from app.identity.sessions import ProfileSession


def profile_sections(profile: Profile) -> list[Section]:
    """For the owner of the profile alone: the caller has seen them signed in to it."""
    return [
        _profile(profile),
        sign_ins(
            "profile-sessions",
            gettext("Входы в Сферум"),
            ProfileSession,
            ProfileSession.profile_id == profile.id,
        ),
        _consents(profile.id),
        audit_lines([f"profile:{profile.public_id}", f"profile:{profile.id}"], "profile-audit"),
    ]


def _profile(profile: Profile) -> Section:
    vk_id = profile.vk_id
    names = joined(vk_id.given_name, vk_id.patronymic, vk_id.family_name)
    rows: list[Row] = [
        (gettext("Имя в учебном профиле"), profile.name),
        (gettext("Имя VK ID"), names),
        (gettext("Телефон"), vk_id.phone),
        (gettext("Профиль создан"), profile.created_at),
    ]
    return named_values("profile", gettext("Учебный профиль Сферум"), rows)


def _consents(profile_id: int) -> Section:
    columns = {
        "service": gettext("Сервис"),
        "given_at": gettext("Согласие дано"),
        "last_used_at": gettext("Последний вход"),
    }
    return Section(
        "consents",
        gettext("Связанные сервисы"),
        columns,
        lambda: (
            (row.name, row.given_at, row.last_used_at)
            for row in consents.linked_services(profile_id)
        ),
    )
