"""The pages of signing in elsewhere: the button, going there, coming back."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for

from app.core.config import current_settings
from app.core.errors import Missing, Unavailable
from app.core.pages import go
from app.identity import walks
from app.identity.elsewhere import attempts, providers
from app.identity.elsewhere.attempts import Failure, SignInFailed
from app.identity.elsewhere.providers import Answer, SignInProvider
from app.identity.routes import PAGES, bp, keep_walk, show, signed_in, standing, turned_away
from app.identity.walks import Walk
from app.identity.wizard import Step, next_step


def _provider() -> SignInProvider:
    found = providers.current()
    if found is None:
        raise Missing("")
    return found


def _redirect_uri() -> str:
    """Fixed by the settings: the Host header does not choose where codes go."""
    return current_settings().base_url + url_for("identity.elsewhere_callback")


@bp.get("/elsewhere")
def elsewhere() -> Response:
    """The first step where people sign in at another provider (instead of FLOWS 1.3–1.4)."""
    provider = _provider()
    turned = turned_away(Step.ELSEWHERE)
    if isinstance(turned, Response):
        return turned
    return show("identity/elsewhere.html", Step.ELSEWHERE, provider=provider, problem="")


@bp.get("/elsewhere/go")
def go_elsewhere() -> Response:
    """To the provider. A link, not a form: the content security policy keeps forms at home."""
    provider = _provider()
    turned = turned_away(Step.ELSEWHERE)
    if isinstance(turned, Response):
        return turned
    try:
        address = attempts.start(turned[0], provider, redirect_uri=_redirect_uri())
    except Unavailable as problem:
        return _step_with(provider, str(problem.message), problem.status)
    return make_response(redirect(address))


@bp.get("/elsewhere/callback")
def elsewhere_callback() -> Response:
    """Back from the provider."""
    provider = _provider()
    walk = standing().walk
    answer = Answer(
        state=request.args.get("state", ""),
        code=request.args.get("code", ""),
        error=request.args.get("error", ""),
        issuer=request.args.get("iss", ""),
        device_id=request.args.get("device_id", ""),
    )
    try:
        human = attempts.finish(walk, provider, answer, redirect_uri=_redirect_uri())
    except SignInFailed as problem:
        if problem.failure is Failure.SPENT and walk is not None and walk.proved_at is not None:
            return go(url_for(PAGES[_next(walk)]))  # the back button, a second tab
        return _step_with(provider, str(problem.message), problem.status)
    except Unavailable as problem:
        return _step_with(provider, str(problem.message), problem.status)
    walk = walks.find(request.cookies.get(walks.COOKIE))
    if walk is None:
        return make_response(render_template("identity/walk_over.html"), 410)
    profile = walks.take_proof(walk, human)
    if profile is not None:
        return signed_in(walk, profile.id)
    return keep_walk(go(url_for(PAGES[_next(walk)])), walks.renew(walk))


def _next(walk: Walk) -> Step:
    return next_step(walks.known_of(walk, has_profile=False))


def _step_with(provider: SignInProvider, problem: str, status: int) -> Response:
    """The step again, with what happened: its button begins anew."""
    if standing().walk is None:
        return make_response(render_template("identity/walk_over.html"), 410)
    return show(
        "identity/elsewhere.html", Step.ELSEWHERE, status, provider=provider, problem=problem
    )
