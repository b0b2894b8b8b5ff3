"""The Chats tab of the journal (FLOWS 3)."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length

from app.core import audit
from app.core.errors import Denied, Invalid, Missing
from app.core.names import clean_line
from app.core.pages import go, page_or_block
from app.core.serving import send_stored
from app.core.transaction import writing
from app.core.uploads import accepts_files
from app.identity.profiles import profile_id_of
from app.journal import me
from app.journal.blueprint import bp
from app.membership import reasons, seats
from app.membership.models import Seat
from app.messenger import photos
from app.messenger.chats import editing, rights_form
from app.messenger.chats.models import Chat
from app.messenger.chats.rights import AUTOMATIC


class ChatForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """What the staff of an automatic chat may change by hand."""

    title = StringField(
        lazy_gettext("Название, которое видят все"),
        filters=[lambda value: clean_line(value or "")],
        validators=[DataRequired(lazy_gettext("Введите название")), Length(max=120)],
    )
    description = TextAreaField(
        lazy_gettext("Описание"),
        filters=[lambda value: (value or "").strip()],
        validators=[Length(max=500, message=lazy_gettext("Не длиннее 500 символов"))],
        render_kw={"rows": 3},
    )
    photo = FileField(lazy_gettext("Фотография"))
    theme = StringField(
        lazy_gettext("Оформление"),
        default=editing.Theme.DEFAULT.value,
        validators=[AnyOf(list(editing.Theme), lazy_gettext("Выберите одно из показанных"))],
    )


@bp.get("/chats")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def chats() -> Response:
    """Banner, count, search, and the rows; htmx asks for the list alone."""
    link = me.own_link()
    mine = seats.chats_of(current_user.person_id) if link is not None else []
    query = clean_line(request.args.get("q", ""))
    return page_or_block(
        "journal/chats/list.html",
        "rows",
        link=link,
        total=len(mine),
        query=query,
        chats=[chat for chat in mine if _matches(f"{chat.title} {chat.label}", query)],
    )


@bp.route("/chats/<public_id>", methods=["GET", "POST"])
@accepts_files()
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def edit_chat(public_id: str) -> Response:
    """«Редактировать»: what is shown to others, and who is here and why."""
    chat, seat = _own_seat(public_id)
    form, status = ChatForm(obj=chat), 200
    if request.method == "POST" and not seat.is_administrator:
        raise Denied(lazy_gettext("Изменить чат может тот, кто им руководит."))
    if form.validate_on_submit():
        try:
            _save(chat, form)
        except Invalid as problem:
            form.photo.errors = [problem.message]
        else:
            flash(gettext("Сохранено"), "success")
            return go(url_for("journal.edit_chat", public_id=public_id))
    if request.method == "POST":
        status = 422
    people = seats.seated(chat.id)
    # Decision: who has not linked yet, and whose parent somebody is, only the chat's leaders see.
    return make_response(
        render_template(
            "journal/chats/edit.html",
            chat=chat,
            form=form,
            themes=editing.THEME_WORDS,
            right_rows=rights_form.rows_of(AUTOMATIC),
            may_edit=seat.is_administrator,
            here=[person for person in people if person.linked_at is not None],
            absent=[person for person in people if person.linked_at is None],
            in_words=reasons.in_words,
        ),
        status,
    )


@bp.get("/chats/<public_id>/photo")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def chat_picture(public_id: str) -> Response:
    """The chat's photo, for those who have a seat in it; the messenger has a door of its own."""
    chat, _seat = _own_seat(public_id)
    if chat.photo_key is None:
        raise Missing(lazy_gettext("У этого чата нет фотографии."))
    return send_stored(
        chat.photo_key, name="photo.webp", content_type=photos.CONTENT_TYPE, inline=True
    )


def _own_seat(public_id: str) -> tuple[Chat, Seat]:
    found = seats.seat_in(current_user.person_id, public_id)
    if found is None or me.own_link() is None:
        raise Missing(lazy_gettext("Такого чата нет или он вам больше не доступен."))
    return found


def _save(chat: Chat, form: ChatForm) -> None:
    """The same verbs as in the messenger, signed by the profile that is linked here."""
    link = me.own_link()
    by = profile_id_of(link.subject) if link is not None else None
    photo_key = photos.store_photo(form.photo.data)
    with writing():
        editing.change_info(
            chat.id,
            title=form.title.data or "",
            description=editing.checked_description(form.description.data or ""),
            photo_key=photo_key,
            by=by,
        )
        editing.change_theme(chat.id, form.theme.data or "", by=by)
        audit.note(
            actor=f"account:{current_user.public_id}",
            action="chat.edited",
            subject=f"chat:{chat.public_id}",
        )


def _matches(text: str, query: str) -> bool:
    """Case and ё do not matter."""

    def plain(value: str) -> str:
        return value.casefold().replace("ё", "е")

    return plain(query) in plain(text)
