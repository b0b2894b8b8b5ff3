"""Structured logs: one JSON object a line, phones masked, no line breaks from outside."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

_PHONE = re.compile(r"(?<!\w)\+?\d[\d\s()\-]{8,17}\d(?!\w)")


def mask_phones(text: str) -> str:
    """«+79161234567» -> «+7…67»: the country and the last two digits stay."""

    def mask(found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found.group())
        if not 10 <= len(digits) <= 13:
            return found.group()
        return f"+{digits[0]}…{digits[-2:]}"

    return _PHONE.sub(mask, text)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask_phones(value)
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(item) for item in value]
    return value


def _mask(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in entry.items():
        if key != "timestamp":
            entry[key] = _masked(value)
    return entry


def configure(level: str) -> None:
    """Set up structlog and the standard library's logging with the same masking and format."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _mask,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
