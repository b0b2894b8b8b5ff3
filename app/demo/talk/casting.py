"""Who can speak in a chat: its people with the letter of their voice, and since when they are in.

Letters: «Л» class teacher, «П» teacher of the subject, «С» who made the chat, «н» other teachers,
«р» parents, «у» pupils; in direct chats «А» and «Б».
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.demo.talk.scripts import Script


@dataclass(frozen=True)
class Actor:
    """A profile in a chat since the aware moment `entered`. `name`: as a mention calls it."""

    profile_id: int
    letter: str
    name: str
    short: str
    gender: str
    entered: dt.datetime

    @property
    def named(self) -> dict[str, str]:
        """As a stored notice names them."""
        return {"name": self.short, "gender": self.gender}


@dataclass
class Stage:
    """A chat before anything is said in it. `kind` says at which hours people write there.

    `ballots` are the keys of ballots that a profile may fill in where votes count by children.
    """

    chat_id: int
    kind: str
    actors: Sequence[Actor]
    grade: int = 0
    tells_who_came: bool = False
    ballots: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def present(self, moment: dt.datetime) -> list[Actor]:
        """Who was in it then."""
        return [actor for actor in self.actors if actor.entered < moment]


def cast(
    script: Script, stage: Stage, moment: dt.datetime, chance: random.Random
) -> dict[str, Actor] | None:
    """A person for every voice, each another one, all there at that moment; or None."""
    here = stage.present(moment)
    found: dict[str, Actor] = {}
    for letter in sorted({voice[0] for voice in script.voices}):
        voices = sorted(voice for voice in script.voices if voice[0] == letter)
        able = [actor for actor in here if actor.letter == letter]
        if len(able) < len(voices):
            return None
        found |= zip(voices, chance.sample(able, len(voices)), strict=True)
    return found
