"""A whole page, or one named block of the same file for htmx."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.routing import Map, MapAdapter

from app.core.names import tone_of


def render_block(template: str, block: str, **context: Any) -> str:
    """Render one named block of `template`, with the same globals and context processors."""
    current_app.update_template_context(context)
    page = current_app.jinja_env.get_template(template)
    return "".join(page.blocks[block](page.new_context(context)))


def render_for_all(template: str, **context: Any) -> Markup:
    """A piece that is the same for everybody who reads the current language.

    Not flask.render_template: without context processors no viewer can slip in. It needs no
    request: what is told by itself (a job of the night) is made as in one.
    """
    environment = current_app.jinja_env
    page = environment.get_template(template)
    # What all templates know is copied once: `render` walks a chain of it, name by name, which
    # takes as long as the fragment of a message itself.
    known = page.new_context({**environment.globals, "url_for": address, **context}, shared=True)
    return Markup("".join(page.root_render_func(known)).strip())  # noqa: S704  (Jinja has escaped it)


def kit() -> Any:
    """The macros of templates/kit.html, for a piece that is one of them and nothing else."""
    return current_app.jinja_env.globals["kit"]


def address(endpoint: str, **values: Any) -> str:
    """A page's path from the site's root, like `url_for`, also where there is no request."""
    return _addresses(current_app.url_map).build(endpoint, values)


@lru_cache(maxsize=1)  # one site a process; tests have many
def _addresses(url_map: Map) -> MapAdapter:
    return url_map.bind("")


def wants_block() -> bool:
    """Htmx asks for a part, not for a boosted or restored whole page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def page_or_block(template: str, block: str, *, status: int = 200, **context: Any) -> Response:
    """The page for a browser, its `block` for htmx; caches are told that the two differ."""
    html = (
        render_block(template, block, **context)
        if wants_block()
        else render_template(template, **context)
    )
    response = make_response(html, status)
    response.vary.add("HX-Request")
    return response


def go(url: str) -> Response:
    """Redirect after a POST: 303 for a browser, HX-Redirect for htmx."""
    if wants_block():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url
        return response
    response = make_response("", 303)
    response.headers["Location"] = url
    return response


def is_local(url: str) -> bool:
    """`url` is a path of this site: safe to redirect to."""
    return url.startswith("/") and not url.startswith(("//", "/\\")) and "\\" not in url


def install(app: Flask) -> None:
    """Make templates strict, and the kit's macros known to every page and block."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.filters["tone"] = tone_of
    app.jinja_env.globals["sprite"] = f"{app.static_url_path}/icons/sprite.svg"
    app.jinja_env.globals["kit"] = app.jinja_env.get_template("kit.html").module
