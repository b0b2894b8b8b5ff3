"""What the learning profile holds of its owner: names, phone, sign-ins, consents, audit."""

from __future__ import annotations

from flask_babel import gettext
from sqlalchemy import select

from app.core.archive import Row, Section, audit_lines, paged
from app.identity import consents
from app.identity.profiles import Profile
from app.identity.sessions import ProfileSession


def profile_sections(profile: Profile) -> list[Section]:
    """For the owner of the profile alone: the caller has seen them signed in to it."""
    return [
        _profile(profile),
        _sessions(profile.id),
        _consents(profile.id),
        audit_lines([f"profile:{profile.public_id}", f"profile:{profile.id}"], "profile-audit"),
    ]


def _profile(profile: Profile) -> Section:
    vk_id = profile.vk_id
    names = " ".join(
        part for part in (vk_id.given_name, vk_id.patronymic, vk_id.family_name) if part
    )
    rows: list[Row] = [
        (gettext("Имя в учебном профиле"), profile.name),
        (gettext("Имя VK ID"), names),
        (gettext("Телефон"), vk_id.phone),
        (gettext("Профиль создан"), profile.created_at),
    ]
    columns = {"name": gettext("Что"), "value": gettext("Значение")}
    return Section("profile", gettext("Учебный профиль Сферум"), columns, lambda: rows)


def _sessions(profile_id: int) -> Section:
    query = select(
        ProfileSession.id,
        ProfileSession.created_at,
        ProfileSession.last_seen_at,
        ProfileSession.ended_at,
        ProfileSession.address,
        ProfileSession.user_agent,
    ).where(ProfileSession.profile_id == profile_id)
    columns = {
        "created_at": gettext("Вход"),
        "last_seen_at": gettext("Был здесь"),
        "ended_at": gettext("Завершён"),
        "address": gettext("Адрес"),
        "browser": gettext("Браузер"),
    }
    return Section(
        "profile-sessions",
        gettext("Входы в Сферум"),
        columns,
        lambda: paged(query, ProfileSession.id),
    )


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
