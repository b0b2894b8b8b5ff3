"""What the frame of every journal page shows: who is here, where they are, where they can go."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_babel import gettext
from flask_login import current_user

from app.journal import guide, me
from app.journal.sign_in import current_session
from app.linking.links import EndReason, Link, last_ended_link
from app.school import journal_sessions
from app.school.accounts import JournalSession
from app.school.announcements.reading import Reader, count_new
from app.school.descriptions import Description
from app.school.people import Role

UNDER = {
    "journal.reports": (
        "journal.attendance_report",
        "journal.coverage_report",
        "journal.invitations",
        "journal.pupil_report",
        "journal.subject_report",
    ),
    "journal.gradebook": ("journal.sheet", "journal.lesson_marks", "journal.cell", "journal.diary"),
    "journal.planning": (
        "journal.planning_sheet",
        "journal.planned_lesson",
        "journal.plan",
        "journal.copy_plan",
        "journal.plan_draft",
        "journal.import_plan",
    ),
    "journal.chats": ("journal.edit_chat", "linking.unlink"),
    "journal.timetable": (
        "journal.lesson",
        "journal.lesson_call",
        "journal.new_distance_lesson",
        "journal.calendar_feed",
        "journal.make_calendar_feed",
        "journal.substitutions",
        "journal.edit_timetable",
        "journal.add_slot",
        "journal.change_slot",
        "journal.school_year",
    ),
    "journal.announcements": (
        "journal.announcement",
        "journal.new_announcement",
        "journal.edit_announcement",
        "journal.delete_announcement",
    ),
    "journal.cases": ("journal.case",),
    "journal.people": ("journal.person",),
    "journal.personal": ("journal.export_own", "journal.password"),
}


@dataclass(frozen=True)
class Item:
    """A menu entry."""

    label: str
    url: str
    icon: str
    is_current: bool
    count: int = 0


class Shell:
    """Computed when a journal layout asks, at most once a request."""

    @property
    def _described(self) -> Description:
        return me.described()

    @property
    def is_diary(self) -> bool:
        return self._described.is_diary

    @property
    def help_url(self) -> str:
        """«Справка», at the section about the page that is open."""
        return guide.help_url()

    @property
    def site_name(self) -> str:
        names = (gettext("Электронный журнал"), gettext("Электронный дневник"))
        return str(names[self.is_diary])

    @property
    def person_id(self) -> int:
        return int(current_user.person_id)

    @property
    def person_name(self) -> str:
        return str(current_user.person.full_name)

    @property
    def short_name(self) -> str:
        return str(current_user.person.short_name)

    @property
    def role_label(self) -> str:
        return self._described.role

    @property
    def school_name(self) -> str:
        return str(current_user.person.school.name)

    @property
    def is_linked(self) -> bool:
        return me.own_link() is not None

    @property
    def ended_by_school(self) -> Link | None:
        """The link that an administrator ended, until the person links again."""
        if self.is_linked:
            return None
        link = last_ended_link(current_user.id)
        return link if link is not None and link.end_reason is EndReason.BY_SCHOOL else None

    @property
    def new_devices(self) -> list[JournalSession]:
        """Sign-ins from devices not seen before, to ask about in this browser."""
        here = current_session()
        account = current_user._get_current_object()
        return journal_sessions.new_devices(account, here) if here is not None else []

    @property
    def _new_announcements(self) -> int:
        person = current_user.person
        return count_new(Reader(person.id, person.school_id, self._described.roles))

    @property
    def nav(self) -> list[Item]:
        journal = gettext("Дневник") if self.is_diary else gettext("Журнал")
        items = [
            self._item(gettext("Главная"), "journal.home", "home_outline_28"),
            self._item(journal, "journal.gradebook", "notebook_check_outline_28"),
            self._item(gettext("Расписание"), "journal.timetable", "calendar_outline_28"),
        ]
        if not self.is_diary:
            items += [
                self._item(gettext("Планирование"), "journal.planning", "list_outline_28"),
                self._item(gettext("Отчеты"), "journal.reports", "statistics_outline_28"),
            ]
        return items

    @property
    def side(self) -> list[Item]:
        items = [
            self._item(gettext("Чаты"), "journal.chats", "message_outline_28"),
            self._item(
                gettext("Объявления"),
                "journal.announcements",
                "newsfeed_outline_28",
                count=self._new_announcements,
            ),
            self._item(gettext("Личные данные"), "journal.personal", "user_circle_outline_28"),
            self._item(gettext("Безопасность"), "journal.safety", "privacy_outline_28"),
        ]
        if Role.ADMINISTRATOR in self._described.roles:
            items.append(
                self._item(
                    gettext("Обращения"),
                    "journal.cases",
                    "report_outline_28",
                    count=me.open_cases(),
                )
            )
            items.append(self._item(gettext("Люди"), "journal.people", "users_outline_28"))
            items.append(
                self._item(
                    gettext("Заявки"),
                    "journal.diary_requests",
                    "list_outline_28",
                    count=me.open_requests(),
                )
            )
        return items

    def _item(self, label: str, endpoint: str, icon: str, *, count: int = 0) -> Item:
        here = request.endpoint or ""
        is_current = here == endpoint or here in UNDER.get(endpoint, ())
        return Item(label, url_for(endpoint), icon, is_current, count)


def install(app: Flask) -> None:
    """Give every template its `shell`."""
    app.context_processor(lambda: {"shell": Shell()})
