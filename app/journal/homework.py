"""Homework for those who do it: its files, and the pupil's own «сделано».

It is shown in `diary`; teachers give it in `planning` and `planning_lesson`.
"""

from __future__ import annotations

from flask import Response, make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from flask_login import current_user, login_required

from app.core.errors import Missing
from app.core.pages import go, wants_block
from app.core.serving import send_stored
from app.journal import me
from app.journal.blueprint import bp
from app.school import homework, homework_ticks

NOTHING = lazy_gettext("Такого файла нет.")


@bp.get("/homework/<note_id>/files/<file_id>")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def homework_file(note_id: str, file_id: str) -> Response:
    """A file, for pupils of the class, their parents, its teachers and administrators."""
    file = homework.open_file(me.reader(), note_id, file_id)
    if file is None:
        raise Missing(NOTHING)
    return send_stored(file.key, name=file.name, content_type=file.content_type, inline=True)


@bp.post("/homework/<note_id>/done")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def tick_homework(note_id: str) -> Response:
    """A pupil ticks their own homework, or takes the tick back (`done` empty)."""
    date = homework_ticks.tick(
        current_user.person_id, note_id, is_done=bool(request.form.get("done"))
    )
    if wants_block():
        shown = homework.homework_of_pupil(current_user.person_id, date, date + homework.AROUND)
        for work in shown:
            if work.public_id == note_id:
                return make_response(
                    render_template("journal/diary/_work.html", work=work, may_tick=True)
                )
    return go(url_for("journal.diary", week=date))
