"""«Справка»: a guide for each role, of the same sections, with pictures of the real screens.

The text of a section is a template in each language (templates/journal/help/<language>/<key>.html):
long text is easier to read and to translate whole. Labels of screens in it are written `ui('…')`,
in Russian: they are taken from the catalogs, so the guide says what the screens say in both
languages, and a test finds a label that no screen has any more. Pictures are made by
`make pictures`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import LazyString, get_locale, gettext, lazy_gettext
from flask_login import login_required
from markupsafe import Markup

from app.core.errors import Missing
from app.core.names import clean_line
from app.core.pages import page_or_block
from app.journal import me
from app.journal.blueprint import bp
from app.journal.guide_search import found_in
from app.school.people import Role

ROLES: dict[str, LazyString] = {
    "teacher": lazy_gettext("Преподавателю"),
    "pupil": lazy_gettext("Обучающемуся"),
    "parent": lazy_gettext("Родителю"),
    "administrator": lazy_gettext("Администратору"),
}
KEY_OF = {
    Role.ADMINISTRATOR: "administrator",
    Role.TEACHER: "teacher",
    Role.GUARDIAN: "parent",
    Role.PUPIL: "pupil",
}
_STAFF, _FAMILY = ("teacher", "administrator"), ("pupil", "parent")
_ALL = tuple(ROLES)
SECTIONS: tuple[tuple[str, LazyString, tuple[str, ...]], ...] = (
    ("start", lazy_gettext("Вход в журнал"), _ALL),
    ("linking", lazy_gettext("Как связать учебный профиль"), _ALL),
    ("home", lazy_gettext("Главная"), _ALL),
    ("chats", lazy_gettext("Чаты, созданные автоматически"), _ALL),
    ("messenger", lazy_gettext("Сообщения, файлы, поиск"), _ALL),
    ("polls", lazy_gettext("Опросы"), _ALL),
    ("making", lazy_gettext("Свой чат: создать, настроить, пригласить"), _ALL),
    ("calls", lazy_gettext("Звонки в чатах и на уроках"), _ALL),
    ("gradebook", lazy_gettext("Журнал и отметки"), _STAFF),
    ("diary", lazy_gettext("Дневник"), _FAMILY),
    ("timetable", lazy_gettext("Расписание"), _ALL),
    ("planning", lazy_gettext("Планирование"), ("teacher",)),
    ("reports", lazy_gettext("Отчеты"), _STAFF),
    ("announcements", lazy_gettext("Объявления"), _ALL),
    ("school", lazy_gettext("Список школы и люди"), ("administrator",)),
    ("year", lazy_gettext("Учебный год, расписание, замены"), ("administrator",)),
    ("cases", lazy_gettext("Обращения"), ("administrator",)),
    ("personal", lazy_gettext("Личные данные"), _ALL),
    ("unlinking", lazy_gettext("Отмена привязки профиля"), _ALL),
    ("safety", lazy_gettext("Безопасность: кто что видит"), _ALL),
    ("trouble", lazy_gettext("Если что-то не получается"), _ALL),
)
# Where «Справка» leads from a page: the beginning of its endpoint, the longest that fits, and
# the section about it.
ABOUT: dict[str, str] = {
    "linking.unlink": "unlinking",
    "linking.": "linking",
    "journal.home": "home",
    "journal.chats": "chats",
    "journal.edit_chat": "chats",
    "journal.gradebook": "gradebook",
    "journal.sheet": "gradebook",
    "journal.cell": "gradebook",
    "journal.diary": "diary",
    "journal.timetable": "timetable",
    "journal.lesson_call": "calls",
    "journal.new_distance_lesson": "timetable",
    "journal.planning": "planning",
    "journal.reports": "reports",
    "journal.coverage_report": "reports",
    "journal.announcement": "announcements",
    "journal.new_announcement": "announcements",
    "journal.people": "school",
    "journal.person": "school",
    "journal.edit_timetable": "year",
    "journal.substitutions": "year",
    "journal.school_year": "year",
    "journal.cases": "cases",
    "journal.case": "cases",
    "journal.personal": "personal",
    "journal.safety": "safety",
}
PICTURES = Path(__file__).resolve().parents[2] / "static/img/help"


@dataclass(frozen=True)
class Section:
    """A section as it is shown to a role: its anchor, title and HTML."""

    key: str
    title: str
    html: Markup


@bp.get("/help")
@bp.get("/help/<role>")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def help_page(role: str = "") -> Response:
    """The guide for the person's own role, or another one; `q` keeps the sections with its words.

    Raises:
        Missing: there is no such role.
    """
    role = role or own_role()
    if role not in ROLES:
        raise Missing(lazy_gettext("Такой справки нет."))
    wanted = clean_line(request.args.get("q", ""))[:80]
    sections = sections_for(role)
    return page_or_block(
        "journal/help.html",
        "guide",
        role=role,
        roles=sorted(ROLES.items(), key=lambda item: item[0] != own_role()),
        sections=[one for one in sections if found_in(wanted, one.title, one.html)],
        wanted=wanted,
    )


def own_role() -> str:
    """The guide that opens first; who has several roles works here most as staff."""
    roles = me.described().roles
    return next((key for role, key in KEY_OF.items() if role in roles), "parent")


def sections_for(role: str) -> list[Section]:
    """All sections for the role, in the language of the request."""
    words = {"role": role, "ui": _label, "shot": _picture}
    return [
        Section(key, str(title), Markup(render_template(_template(key), **words)))  # noqa: S704  # our own templates, escaped there
        for key, title, roles in SECTIONS
        if role in roles
    ]


def help_url() -> str:
    """«Справка» from the page that is open: at the section about it, when there is one."""
    endpoint = request.endpoint or ""
    starts = sorted(filter(endpoint.startswith, ABOUT), key=len)
    section = ABOUT[starts[-1]] if starts else ""
    is_there = any(key == section and own_role() in roles for key, _, roles in SECTIONS)
    return url_for("journal.help_page", _anchor=section if is_there else None)


@cache
def sizes() -> dict[str, tuple[int, int]]:
    """Width and height in pixels of every picture, «ru/poll» -> (1180, 740)."""
    read: dict[str, list[int]] = json.loads((PICTURES / "pictures.json").read_text())
    return {name: (size[0], size[1]) for name, size in read.items()}


def _template(key: str) -> str:
    return f"journal/help/{_language()}/{key}.html"


def _language() -> str:
    return str(get_locale())


def _label(russian: str) -> Markup:
    """The words of a screen, in the person's language: «Связать профиль», “Link profile”."""
    quoted = "«{}»" if _language() == "ru" else "“{}”"
    return Markup('<b class="guide-label">{}</b>').format(quoted.format(gettext(russian)))


def _picture(name: str, alt: str) -> Markup:
    """A picture of a real screen; on paper and without loading it keeps its place."""
    path = f"{_language()}/{name}"
    width, height = sizes()[path]
    shape = "tall" if height > width else "wide"
    values: dict[str, Any] = {
        "shape": shape,
        "src": url_for("static", filename=f"img/help/{path}.webp"),
        "width": width,
        "height": height,
        "alt": alt,
    }
    return Markup(
        '<a class="guide-shot" data-shape="{shape}" href="{src}"><img src="{src}" width="{width}" '
        'height="{height}" alt="{alt}" loading="lazy" decoding="async"></a>'
    ).format(**values)
