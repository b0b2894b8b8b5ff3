"""The built-in engine: every browser sends to every other one, the site only passes signals."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core import clock
from app.core.config import Settings

CAPACITY = 4
"""Everybody uploads to everybody: past four, a home line and an old phone give up."""
MAX_SIGNAL = 32 * 1024
KINDS = frozenset({"offer", "answer", "candidate", "restart"})
TURN_SECONDS = 6 * 3600


@dataclass(frozen=True)
class Mesh:
    """`servers` are addresses «stun:host:port» and «turn:host:port»; none means that browsers reach
    each other directly (one network), and that nothing leaves for another host.
    """

    servers: tuple[str, ...] = ()
    turn_secret: str = ""
    kind: str = "mesh"
    capacity: int = CAPACITY

    @classmethod
    def of(cls, settings: Settings) -> Mesh:
        """The engine as the site's settings have it."""
        return cls(settings.ice_servers, settings.turn_secret)

    def ticket(self, call: str, seat: str) -> Mapping[str, Any]:
        """The servers that help browsers find a way, for RTCPeerConnection."""
        stun = [url for url in self.servers if url.startswith("stun")]
        turn = [url for url in self.servers if url.startswith("turn")]
        found: list[dict[str, Any]] = [{"urls": stun}] if stun else []
        if turn:
            found.append({"urls": turn} | self._pass(seat))
        return {"iceServers": found}

    def _pass(self, seat: str) -> dict[str, str]:
        """A name and password of the relay that end by themselves (coturn, «use-auth-secret»;
        draft-uberti-behave-turn-rest-00).
        """
        name = f"{int(clock.now().timestamp()) + TURN_SECONDS}:{seat}"
        made = hmac.new(self.turn_secret.encode(), name.encode(), hashlib.sha1)
        return {"username": name, "credential": base64.b64encode(made.digest()).decode()}

    def accepts(self, signal: object) -> bool:
        """An offer, an answer, a candidate, or the wish for a new offer; of bounded size."""
        if not isinstance(signal, dict) or signal.get("kind") not in KINDS:
            return False
        return len(json.dumps(signal, ensure_ascii=False).encode()) <= MAX_SIGNAL

    def ended(self, call: str) -> None:
        """Nothing was made for it."""
