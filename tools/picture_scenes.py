"""The scenes of the guide's pictures: who looks at which page of the demo school, and how.

A scene is named by its picture. Its steps run in a real browser; labels are given in Russian and
looked up in the catalog of the language that is being photographed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from playwright.sync_api import Page


class Stage(Protocol):
    """What a scene may use: the page, labels of its language, and the demo's database."""

    page: Page

    def label(self, russian: str) -> str:
        """The phrase as this language's screens say it."""

    def one(self, query: str) -> str:
        """The first column of the first row."""

    def code(self) -> str:
        """The code of the newest SMS."""


Steps = Callable[[Stage], None]


@dataclass(frozen=True)
class Scene:
    """A picture. `crop`: only this element of the page, with a margin around it."""

    name: str
    persona: str
    steps: Steps
    device: str = "desk"
    crop: str = ""


def _open(path: str) -> Steps:
    return lambda stage: stage.page.goto(path) and None


def _chat(title: str, label: str = "") -> Callable[[Stage], str]:
    where = f"title = '{title}'" + (f" AND label = '{label}'" if label else "")
    return lambda stage: stage.one(f"SELECT public_id FROM chats WHERE {where}")


def _in_chat(title: str, label: str = "", path: str = "") -> Steps:
    find = _chat(title, label)

    def steps(stage: Stage) -> None:
        stage.page.goto(f"/im/chats/{find(stage)}{path}")

    return steps


def _teaching(path: str, class_name: str, subject: str) -> Steps:
    def steps(stage: Stage) -> None:
        key = stage.one(
            "SELECT t.public_id FROM teachings t JOIN subjects s ON s.id = t.subject_id "
            "JOIN school_classes c ON c.id = t.class_id "
            f"WHERE s.name = '{subject}' AND c.name = '{class_name}'"
        )
        stage.page.goto(path.format(key=key))

    return steps


def _menu(stage: Stage) -> None:
    stage.page.goto("/")
    stage.page.locator("#account-menu > summary").click()


def _to_phone(stage: Stage) -> None:
    stage.page.goto("/link/start")


def _to_code(stage: Stage) -> None:
    _to_phone(stage)
    stage.page.locator("input[type=tel]").fill("+7 916 555-01-02")
    _press(stage, "Продолжить")
    stage.page.locator("[data-code-input]").wait_for()


def _to_name(stage: Stage) -> None:
    """Goes on from the code, as one walk."""
    stage.page.locator("[data-code-input]").fill(stage.code())
    stage.page.locator("input[name=family_name]").wait_for()


def _to_consent(stage: Stage) -> None:
    page = stage.page
    for name, value in (("family_name", "Иванова"), ("given_name", "Анна")):
        page.locator(f"input[name={name}]").fill(value)
    _press(stage, "Продолжить")
    _press(stage, "Создать учебный профиль")
    _press(stage, "Продолжить")
    page.get_by_role("button", name=stage.label("Связать профиль"), exact=True).wait_for()


def _to_done(stage: Stage) -> None:
    _press(stage, "Связать профиль")
    stage.page.get_by_role("heading", name=stage.label("Готово!")).wait_for()


def _press(stage: Stage, name: str) -> None:
    stage.page.get_by_role("button", name=stage.label(name), exact=True).first.click()


def _edit_chat(stage: Stage) -> None:
    key = _chat("Чат с родителями", "5А")(stage)
    stage.page.goto(f"/chats/{key}")


def _lobby(stage: Stage) -> None:
    key = stage.one(
        "SELECT l.public_id FROM lesson_changes l JOIN teachings t ON t.id = l.teaching_id "
        "JOIN school_classes c ON c.id = t.class_id WHERE c.name = '5А' AND l.is_distance "
        "ORDER BY l.date || l.starts_at DESC"
    )
    stage.page.goto(f"/timetable/calls/{key}")
    _press(stage, "Начать звонок")
    stage.page.get_by_role("button", name=stage.label("Войти в звонок"), exact=True).wait_for()


def _message_menu(stage: Stage) -> None:
    _in_chat("Стенгазета")(stage)
    message = stage.page.locator(".message[id]").filter(has_text="аптеку").first
    message.scroll_into_view_if_needed()
    message.click(button="right")
    stage.page.wait_for_timeout(400)


def _poll(stage: Stage) -> None:
    """By the clip, as people do: the form lies over the chat."""
    _in_chat("Чат с родителями", "5А")(stage)
    stage.page.locator("[data-attach] > summary").click()
    stage.page.locator("[data-poll-open]").click()
    stage.page.get_by_label(stage.label("Вопрос"), exact=True).wait_for()


def _announcement(stage: Stage) -> None:
    key = stage.one("SELECT public_id FROM announcements WHERE title LIKE 'Педагогический совет%'")
    stage.page.goto(f"/announcements/{key}")


def _person(stage: Stage) -> None:
    key = stage.one("SELECT public_id FROM people WHERE family_name = 'Белова' LIMIT 1")
    stage.page.goto(f"/people/{key}")


SCENES: tuple[Scene, ...] = (
    Scene("sign-in", "", _open("/sign-in"), "phone"),
    Scene("account-menu", "ivanova", _menu),
    # One walk: each scene goes on where the last one stopped.
    Scene("link-phone", "ivanova", _to_phone, "phone"),
    Scene("link-code", "ivanova", _to_code, "phone"),
    Scene("link-name", "ivanova", _to_name, "phone"),
    Scene("link-consent", "ivanova", _to_consent, "phone"),
    Scene("link-done", "ivanova", _to_done, "phone"),
    Scene("chats", "belova", _open("/chats")),
    Scene("chat-edit", "belova", _edit_chat),
    Scene("unlink", "orlov", _open("/link/unlink")),
    Scene("messenger", "belova", _in_chat("Чат с родителями", "5А")),
    Scene("messenger-phone", "morozova", _in_chat("5А: поездка в музей"), "phone"),
    Scene("message-menu", "belova", _message_menu),
    Scene("poll", "belova", _poll),
    Scene("new-chat", "belova", _open("/im/new")),
    Scene("chat-rights", "morozova", _in_chat("5А: поездка в музей", path="/settings")),
    Scene("invite", "belova", _in_chat("Стенгазета", path="/invite")),
    Scene("direct", "morozova", _open("/im/direct"), "phone"),
    Scene("call", "belova", _lobby),
    Scene("home-teacher", "belova", _open("/")),
    Scene("home-parent", "morozova", _open("/"), "phone"),
    Scene("gradebook", "orlov", _teaching("/gradebook/{key}", "9А", "Физика")),
    Scene("diary", "egor", _open("/diary"), "phone"),
    Scene("diary-parent", "morozova", _open("/diary")),
    Scene("diary-marks", "egor", _open("/gradebook?view=marks"), "phone"),
    Scene("timetable", "belova", _open("/timetable")),
    Scene("timetable-phone", "egor", _open("/timetable"), "phone"),
    Scene("distance", "orlov", _open("/timetable/distance")),
    Scene("planning", "orlov", _teaching("/planning/{key}", "9А", "Физика")),
    Scene("plan", "orlov", _teaching("/planning/{key}/plan", "9А", "Физика")),
    Scene("reports", "belova", _open("/reports")),
    Scene("coverage", "admin", _open("/reports/coverage")),
    Scene("announcements", "belova", _open("/announcements")),
    Scene("announcement", "admin", _announcement),
    Scene("personal", "morozova", _open("/personal")),
    Scene("safety", "egor", _open("/safety"), "phone"),
    Scene("people", "admin", _open("/people?q=9А")),
    Scene("person", "admin", _person),
    Scene("edit-timetable", "admin", _open("/timetable/edit")),
    Scene("substitutions", "admin", _open("/timetable/substitutions")),
    Scene("school-year", "admin", _open("/timetable/year")),
    Scene("invitations", "admin", _open("/reports/invitations")),
    Scene("cases", "admin", _open("/cases")),
)
