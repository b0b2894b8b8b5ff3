"""The Chats tab of the journal (FLOWS 3)."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.core import audit
from app.core.errors import Denied, Missing
from app.core.names import clean_line
from app.core.pages import go, page_or_block
from app.core.transaction import writing
from app.journal import me
from app.journal.blueprint import bp
from app.membership import reasons, seats


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
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def edit_chat(public_id: str) -> Response:
    """«Редактировать»: what is shown to others, and who is here and why."""
    found = seats.seat_in(current_user.person_id, public_id)
    if found is None or me.own_link() is None:
        raise Missing(lazy_gettext("Такого чата нет или он вам больше не доступен."))
    chat, seat = found
    form, status = ChatForm(obj=chat), 200
    if request.method == "POST" and not seat.is_administrator:
        raise Denied(lazy_gettext("Изменить чат может тот, кто им руководит."))
    if form.validate_on_submit():
        with writing():
            chat.title = form.title.data or ""
            chat.description = form.description.data or ""
            audit.note(
                actor=f"account:{current_user.public_id}",
                action="chat.edited",
                subject=f"chat:{chat.public_id}",
            )
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
            may_edit=seat.is_administrator,
            here=[person for person in people if person.linked_at is not None],
            absent=[person for person in people if person.linked_at is None],
            in_words=reasons.in_words,
        ),
        status,
    )


def _matches(text: str, query: str) -> bool:
    """Case and ё do not matter."""

    def plain(value: str) -> str:
        return value.casefold().replace("ё", "е")

    return plain(query) in plain(text)
