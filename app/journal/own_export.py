"""«Скачать мои данные»: every room's part joined into one archive, for the person alone.

Decision: a parent takes the children's diaries along, and nothing else of theirs. What is said in
the messenger goes in only for a browser that is signed in to the linked profile: a journal
password may have been on a slip of paper, a profile was proved by its phone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from urllib.parse import quote

from flask import Response, make_response, render_template, request
from flask_babel import gettext
from flask_login import current_user, login_required
from werkzeug.wsgi import wrap_file

from app.core import audit, files, throttle
from app.core.archive import Enclosed, Section, write_archive
from app.core.errors import Invalid, TooMany
from app.core.transaction import writing
from app.identity import sessions
from app.identity.own_data import profile_sections
from app.identity.profiles import Profile
from app.journal import me, weeks
from app.journal.blueprint import bp
from app.linking.forms import OwnerForm
from app.linking.own_data import link_sections
from app.messenger.own_data import enclosed_files, messenger_sections
from app.school.accounts import Account
from app.school.own_data import own_sections
from app.school.own_marks import diary_sections
from app.school.signing_in import confirm_password

MOST = throttle.Limit(3, dt.timedelta(days=1))


@bp.route("/personal/export", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def export_own() -> Response:
    """What the archive will hold; after the password, the archive."""
    form, profile, status = OwnerForm(), _profile_here(), 200
    if form.validate_on_submit():
        try:
            return _archive(_account(), profile, form.password.data or "")
        except (Invalid, TooMany) as problem:
            form.password.errors = [str(problem.message)]
            status = problem.status
    elif request.method == "POST":
        status = 422
    return make_response(
        render_template("journal/own_export.html", form=form, profile=profile, link=me.own_link()),
        status,
    )


def _archive(account: Account, profile: Profile | None, password: str) -> Response:
    """The ZIP. It is told to the log first and is built with no transaction open.

    Raises:
        Invalid: the password is wrong.
        TooMany: too many wrong ones, or too many archives today.
    """
    confirm_password(account, password)
    key = f"export:{account.id}"
    wait = throttle.seconds_to_wait(key, MOST)
    if wait:
        raise TooMany(
            gettext("Сегодня вы уже скачали архив три раза. Попробуйте завтра."), retry_after=wait
        )
    with writing():
        throttle.record(key)
        audit.note(
            actor=f"account:{account.public_id}",
            action="data.exported",
            subject=f"account:{account.public_id}",
            with_messages=profile is not None,
        )
    sections = own_sections(account) + diary_sections(account.person) + link_sections(account.id)
    enclosed: Iterable[Enclosed] = ()
    if profile is not None:
        sections += profile_sections(profile) + messenger_sections(profile.id)
        enclosed = enclosed_files(profile.id)
    title = gettext("Мои данные: %(name)s", name=account.person.full_name)
    return _sent(sections, enclosed, title)


def _sent(sections: list[Section], enclosed: Iterable[Enclosed], title: str) -> Response:
    """Nothing stays on the disk: the file has no name any more while it is being sent."""
    path = files.temporary()
    try:
        write_archive(path, sections, enclosed, title=title)
        opened = path.open("rb")
    finally:
        path.unlink(missing_ok=True)
    size = opened.seek(0, 2)
    opened.seek(0)
    response = Response(wrap_file(request.environ, opened), direct_passthrough=True)
    response.call_on_close(opened.close)
    response.content_length = size
    response.content_type = "application/zip"
    name = gettext("Мои данные %(date)s", date=weeks.today().isoformat())
    disposition = f"attachment; filename=\"my-data.zip\"; filename*=UTF-8''{quote(name)}.zip"
    response.headers["Content-Disposition"] = disposition
    response.headers["Cache-Control"] = "no-store"
    return response


def _profile_here() -> Profile | None:
    """The linked profile, when this browser is signed in to it."""
    link = me.own_link()
    here = sessions.find_session(request.cookies.get(sessions.COOKIE))
    if link is None or here is None or here.profile.public_id != link.subject:
        return None
    return here.profile


def _account() -> Account:
    account: Account = current_user._get_current_object()
    return account
