"""What carries the sound and the pictures of a call: the interface, and the choice of one.

Another engine (an SFU such as Janus, for whole classes) is a class with these five members and a
module `static/js/calls/<kind>.js`; who may enter, the seats, the chat and the page stay as they
are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from app.core.config import current_settings
from app.messenger.calls.mesh import Mesh


class Engine(Protocol):
    """Carries media between the people who have a seat in a call."""

    @property
    def kind(self) -> str:
        """The name of its module in the browser."""

    @property
    def capacity(self) -> int:
        """How many people a call holds."""

    def ticket(self, call: str, seat: str) -> Mapping[str, Any]:
        """What the browser's module needs to take part; JSON. Made anew at every entrance."""

    def accepts(self, signal: object) -> bool:
        """Whether one browser may send this to another: shape and size."""

    def ended(self, call: str) -> None:
        """The call is over: whatever was made for it goes. Called within a transaction, so slow
        work belongs into `core.background`.
        """


def engine_of_site() -> Engine:
    """The engine that this site is set up with."""
    return Mesh.of(current_settings())
