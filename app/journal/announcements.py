"""«Объявления»: the list, one, posting, changing, «Ознакомлен» and who has not."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required

from app.core import clock
from app.core.errors import Denied, Invalid, Missing
from app.core.pages import go, page_or_block
from app.core.serving import send_stored
from app.core.uploads import accepts_files
from app.journal import me
from app.journal.announcement_form import AnnouncementForm, filled
from app.journal.blueprint import bp
from app.school.announcements import announcing, reading
from app.school.announcements.announcing import MOST_FILES
from app.school.announcements.audience import Reach, reach_of
from app.school.announcements.models import Announcement
from app.school.announcements.reading import PAGE, Reader
from app.school.people import Role

ROLE_WORDS = {
    Role.PUPIL: lazy_gettext("обучающиеся"),
    Role.GUARDIAN: lazy_gettext("родители"),
    Role.TEACHER: lazy_gettext("преподаватели"),
}


def reader() -> Reader:
    """Who reads."""
    person = current_user.person
    return Reader(person.id, person.school_id, me.described().roles)


def _reach() -> Reach:
    return reach_of(current_user.person, me.described().roles)


@bp.get("/announcements")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def announcements() -> Response:
    """The newest first; `after` asks for further ones."""
    asked = request.args.get("after", "0")
    offset = int(asked) if asked.isdecimal() and len(asked) < 7 else 0
    lines = reading.lines_of(reader(), offset=offset)
    return page_or_block(
        "journal/announcements/list.html",
        "rows",
        lines=lines[:PAGE],
        further=offset + PAGE if len(lines) > PAGE else None,
        may_post=bool(_reach()),
    )


@bp.get("/announcements/<public_id>")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def announcement(public_id: str) -> Response:
    """One announcement; opening it takes it off the badge."""
    who = reader()
    found = reading.one(who, public_id)
    opened = reading.note_opened(who, found)
    return _page(who, found, opened)


def _page(who: Reader, found: Announcement, opened: Any) -> Response:
    sees_answers = reading.may_see_answers(who, found)
    return make_response(
        render_template(
            "journal/announcements/one.html",
            announcement=found,
            opened=opened,
            is_ahead=found.published_at > clock.now(),
            may_change=found.author_id == who.person_id,
            may_take_back=found.author_id == who.person_id or who.sees_all,
            answerers=reading.answerers_of(found) if sees_answers else None,
            role_words=ROLE_WORDS,
            whom=_whom(found),
        )
    )


@bp.post("/announcements/<public_id>/answer")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def answer_announcement(public_id: str) -> Response:
    """«Ознакомлен»."""
    reading.answer(reader(), public_id)
    return go(url_for("journal.announcement", public_id=public_id))


@bp.route("/announcements/new", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
@accepts_files(MOST_FILES)
def new_announcement() -> Response:
    """Post one."""
    reach = _reach()
    if not reach:
        raise Denied(lazy_gettext("Объявления публикуют преподаватели и администратор школы."))
    form = AnnouncementForm(scope="school" if reach.may_address_school else "classes")
    if request.method == "POST":
        made = _post(form, reach)
        if made is not None:
            is_ahead = made.published_at > clock.now()
            flash(
                gettext("Объявление отложено") if is_ahead else gettext("Опубликовано"), "success"
            )
            return go(url_for("journal.announcement", public_id=made.public_id))
    return _form_page(form, reach, None)


@bp.route("/announcements/<public_id>/edit", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
@accepts_files(MOST_FILES)
def edit_announcement(public_id: str) -> Response:
    """Change one's own."""
    who, reach = reader(), _reach()
    found = reading.one(who, public_id)
    announcing.require_author(who, found)
    zone = current_user.person.school.time_zone
    form = AnnouncementForm(data=filled(found, reach, zone))
    if request.method == "POST" and _revise(form, who, reach, found):
        flash(gettext("Изменения сохранены"), "success")
        return go(url_for("journal.announcement", public_id=public_id))
    return _form_page(form, reach, found)


@bp.route("/announcements/<public_id>/delete", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def delete_announcement(public_id: str) -> Response:
    """The question, and taking it back from everybody."""
    who = reader()
    found = reading.one(who, public_id)
    if found.author_id != who.person_id and not who.sees_all:
        raise Missing(reading.NOTHING)
    if request.method == "POST":
        announcing.take_back(who, found)
        flash(gettext("Объявление удалено"), "success")
        return go(url_for("journal.announcements"))
    return make_response(render_template("journal/announcements/delete.html", announcement=found))


@bp.get("/announcements/<public_id>/files/<file_id>")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def announcement_file(public_id: str, file_id: str) -> Response:
    """A file, for those who may read the announcement."""
    file = reading.file_of(reader(), public_id, file_id)
    return send_stored(file.key, name=file.name, content_type=file.content_type, inline=True)


def _post(form: AnnouncementForm, reach: Reach) -> Announcement | None:
    draft = form.draft(reach, current_user.person.school.time_zone)
    if draft is None:
        return None
    try:
        kept = announcing.keep_files(form.files.data or [])
    except Invalid as problem:
        form.files.errors = [str(problem.message)]
        return None
    try:
        return announcing.post(reader(), reach, draft, kept)
    except Invalid as problem:
        form.at.errors = [str(problem.message)]
    except BaseException:
        announcing.forget_files(kept)
        raise
    announcing.forget_files(kept)
    return None


def _revise(form: AnnouncementForm, who: Reader, reach: Reach, found: Announcement) -> bool:
    draft = form.draft(reach, current_user.person.school.time_zone)
    if draft is None:
        return False
    kept = []
    try:
        kept = announcing.keep_files(form.files.data or [])
        announcing.revise(who, reach, found, draft, kept=kept, dropped=set(form.dropped.data or ()))
    except Invalid as problem:
        announcing.forget_files(kept)
        form.files.errors = [str(problem.message)]
        return False
    return True


def _form_page(form: AnnouncementForm, reach: Reach, found: Announcement | None) -> Response:
    return make_response(
        render_template(
            "journal/announcements/form.html",
            form=form,
            reach=reach,
            announcement=found,
            is_published=found is not None and found.published_at <= clock.now(),
        ),
        422 if request.method == "POST" else 200,
    )


def _whom(found: Announcement) -> str:
    """«обучающиеся, родители»."""
    roles = {row.role for row in found.targets}
    return ", ".join(str(word) for role, word in ROLE_WORDS.items() if role in roles)
