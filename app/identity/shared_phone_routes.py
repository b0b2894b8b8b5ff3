"""The pages of a shared phone: «Кто входит?» and «Создать другой учебный профиль»."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for

from app.core import devices
from app.core.errors import Conflict
from app.core.pages import go, is_local
from app.identity import shared_phone
from app.identity.forms import NamesForm
from app.identity.phones import masked_phone
from app.identity.profiles import Profile
from app.identity.routes import address, agent, bp, keep_session, standing
from app.identity.sessions import ProfileSession


@bp.route("/profiles", methods=["GET", "POST"])
def choose_profile() -> Response:
    """Whose profile to open, when the phone has several."""
    session, target = standing().session, _target()
    if session is None:
        return go(url_for("identity.sign_in", next=target))
    profiles = shared_phone.within_reach(session)
    if request.method == "POST":
        chosen = next(
            (row for row in profiles if row.public_id == request.form.get("profile")), None
        )
        return go(target) if chosen is None else _open(session, chosen, target)
    if len(profiles) == 1:
        return make_response(redirect(target))
    return make_response(
        render_template(
            "identity/choose_profile.html",
            profiles=profiles,
            current=session.profile,
            masked=masked_phone(session.profile.vk_id.phone),
            target=target,
        )
    )


@bp.route("/profiles/new", methods=["GET", "POST"])
def add_profile() -> Response:
    """Another person of the family gets a profile of their own under the same phone."""
    session, target = standing().session, _target()
    if session is None or not shared_phone.is_fresh(session):
        return go(url_for("identity.sign_in", next=target))
    form, status = NamesForm(), 200
    if form.validate_on_submit():
        try:
            made = shared_phone.add_profile(
                session,
                family=form.family_name.data or "",
                given=form.given_name.data or "",
                patronymic=form.patronymic.data or "",
            )
        except Conflict as problem:
            form.family_name.errors = [str(problem.message)]
            status = problem.status
        else:
            return _open(session, made, target)
    elif request.method == "POST":
        status = 422
    return make_response(
        render_template("identity/add_profile.html", form=form, target=target), status
    )


def _open(session: ProfileSession, profile: Profile, target: str) -> Response:
    if profile.id == session.profile_id:
        return go(target)
    token = shared_phone.switch(
        session,
        profile,
        address=address(),
        user_agent=agent(),
        device=devices.device_token(),
    )
    return keep_session(go(target), token)


def _target() -> str:
    target = request.values.get("next", "")
    return target if is_local(target) else "/im/"
