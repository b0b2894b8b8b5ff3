"""Problems that people can cause or meet, each with a sentence for them; and their pages."""

from __future__ import annotations

from typing import ClassVar

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_babel import LazyString, gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.core.db import db
from app.core.pages import wants_block

log = structlog.get_logger(__name__)


class Problem(Exception):
    """Something a person reads: what happened, what is kept, what to do next."""

    status: ClassVar[int] = 400
    title: ClassVar[LazyString] = lazy_gettext("Не получилось")

    def __init__(self, message: str | LazyString) -> None:
        super().__init__(str(message))
        self.message = message


class Denied(Problem):
    """The person is known, but may not do this."""

    status = 403
    title = lazy_gettext("Нет доступа")


class Missing(Problem):
    """There is no such thing, as far as this person may know."""

    status = 404
    title = lazy_gettext("Страница не найдена")


class Conflict(Problem):
    """It cannot be done because of what already is."""

    status = 409
    title = lazy_gettext("Так сделать нельзя")


class Invalid(Problem):
    """The input cannot be accepted as it is."""

    status = 422
    title = lazy_gettext("Проверьте данные")


class TooMany(Problem):
    """Too many attempts; `retry_after` says in how many seconds to try again."""

    status = 429
    title = lazy_gettext("Слишком много попыток")

    def __init__(self, message: str | LazyString, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(Problem):
    """A part that this needs does not answer now."""

    status = 503
    title = lazy_gettext("Временно недоступно")


def install(app: Flask) -> None:
    """Answer problems, HTTP errors and crashes in the person's language."""
    app.register_error_handler(Problem, _answer_problem)
    app.register_error_handler(CSRFError, _answer_csrf)
    app.register_error_handler(HTTPException, _answer_http)
    if not app.testing:
        app.register_error_handler(Exception, _answer_crash)


def _answer(status: int, title: str, message: str) -> Response:
    template = "core/_error.html" if wants_block() else "core/error.html"
    response = make_response(
        render_template(template, status=status, title=title, message=message), status
    )
    response.vary.add("HX-Request")
    return response


def _answer_problem(problem: Problem) -> Response:
    response = _answer(problem.status, str(problem.title), str(problem.message))
    if isinstance(problem, TooMany):
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def _answer_csrf(error: CSRFError) -> Response:
    log.info("csrf refused", path=request.path, reason=error.description)
    return _answer(
        400,
        gettext("Страница устарела"),
        gettext("Вернитесь на предыдущую страницу, обновите её и повторите действие."),
    )


def _answer_http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    texts = {
        404: (
            gettext("Страница не найдена"),
            gettext("Возможно, её перенесли или у вас больше нет к ней доступа."),
        ),
        405: (
            gettext("Так сделать нельзя"),
            gettext("Откройте страницу заново и повторите действие."),
        ),
        413: (
            gettext("Слишком большой файл"),
            gettext("Файл не загружен, остальное осталось как было. Выберите файл поменьше."),
        ),
    }
    title, message = texts.get(
        error.code or 500,
        (gettext("Не получилось"), gettext("Обновите страницу и попробуйте ещё раз.")),
    )
    return _answer(error.code or 500, title, message)


def _answer_crash(error: Exception) -> Response:
    db.session.rollback()
    log.exception("request failed", path=request.path, method=request.method)
    return _answer(
        500,
        gettext("Ошибка на сервере"),
        gettext("Мы записали, что произошло. Ваши данные не изменились; попробуйте ещё раз."),
    )
