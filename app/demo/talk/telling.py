"""A chat's history from its scripts: a seeded tale of plain values, which `writing` stores."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.demo.talk import hours
from app.demo.talk.casting import Actor, Stage, cast
from app.demo.talk.scripts import Poll, Script, Spoken
from app.messenger.messages.notices import NAMED, NoticeEvent

CLOSED_AFTER = dt.timedelta(days=2)
NEWS_SINCE = 3  # days: a question that is still open was asked so lately


@dataclass
class Said:
    """A message: by whom, when, and what belongs to it. `notice` set: told by the system."""

    at: dt.datetime
    author: Actor | None
    text: str
    line: Spoken | None = None
    notice: dict[str, Any] | None = None
    answers: Said | None = None
    mentions: tuple[Actor, ...] = ()
    reactions: list[tuple[Actor, str, dt.datetime]] = field(default_factory=list)
    votes: list[tuple[Actor, str, int]] = field(default_factory=list)
    is_pinned: bool = False
    is_deleted: bool = False


def tell(
    stage: Stage, scripts: Sequence[Script], now: dt.datetime, chance: random.Random, *, back: int
) -> list[Said]:
    """What has been said in the chat within the last `back` days, in order of time."""
    days = sorted(int(back * chance.random() ** 1.5) for _ in scripts)
    talk = _Talk(stage, now, chance)
    said: list[Said] = []
    # The newest first: what finds its day taken goes one further back.
    for script, days_ago in zip(reversed(_ordered(scripts)), days, strict=True):
        said += talk.conversation(script, days_ago)
    if said and stage.tells_who_came:
        first = min(one.at for one in said)
        said += [
            _notice(NoticeEvent.JOINED, actor.entered, whom=[actor])
            for actor in stage.actors
            if actor.entered > first
        ]
    return sorted(said, key=lambda one: one.at)


def _ordered(scripts: Sequence[Script]) -> list[Script]:
    """Those with an open question last: it has been asked lately."""
    return sorted(scripts, key=_asks)


def _asks(script: Script) -> bool:
    return any(line.poll and not line.poll.is_closed for line in script.lines)


class _Talk:
    """Tells the conversations of one chat."""

    def __init__(self, stage: Stage, now: dt.datetime, chance: random.Random) -> None:
        self.stage, self.now, self.chance = stage, now, chance
        self.diary = hours.Diary(stage.kind, now, chance)

    def conversation(self, script: Script, days_ago: int) -> list[Said]:
        """A script about so many days ago; nothing when it lacks somebody to speak it."""
        pauses = _pauses(script, self.chance)
        if _asks(script):
            days_ago = min(days_ago, NEWS_SINCE)
        at = self.diary.begin(days_ago, sum(pauses, dt.timedelta(0)))
        actors = cast(script, self.stage, at, self.chance)
        if actors is None:
            return []
        spoken: list[Said] = []
        said: list[Said] = []
        for line, pause in zip(script.lines, pauses, strict=True):
            at += pause
            one = self._said(line, actors, at, spoken)
            spoken.append(one)
            said.append(one)
            said += _beside(one, line)
        return said

    def _said(
        self, line: Spoken, actors: dict[str, Actor], at: dt.datetime, before: Sequence[Said]
    ) -> Said:
        author = actors[line.voice]
        if line.call_minutes:
            return _notice(NoticeEvent.CALL_STARTED, at, by=author)
        text, mentions = _words(line.words, author, actors, self.chance)
        one = Said(
            at=at,
            author=author,
            text=text,
            line=line,
            answers=before[line.answers - 1] if line.answers else None,
            mentions=mentions,
            is_pinned="pin" in line.marks,
            is_deleted="deleted" in line.marks,
        )
        others = [actor for actor in self.stage.present(at) if actor is not author]
        wanted = [emoji for emoji, count in line.reactions for _ in range(count)]
        chosen = self.chance.sample(others, min(len(others), len(wanted)))
        for actor, emoji in zip(chosen, wanted, strict=False):
            one.reactions.append((actor, emoji, self._soon(at)))
        if line.poll:
            one.votes = list(_votes(self.stage, line.poll, others, self.chance))
        return one

    def _soon(self, at: dt.datetime) -> dt.datetime:
        return min(at + dt.timedelta(seconds=self.chance.randint(15, 2400)), self.now)


def _pauses(script: Script, chance: random.Random) -> list[dt.timedelta]:
    """Before each line; a poll takes its days and a call its minutes."""
    pauses = hours.gaps(len(script.lines), chance)
    for number, line in enumerate(script.lines[:-1]):
        if line.poll and line.poll.is_closed:
            pauses[number + 1] += CLOSED_AFTER
        elif line.call_minutes:
            pauses[number + 1] += dt.timedelta(minutes=line.call_minutes + 2)
    return pauses


def _words(
    words: str, author: Actor, actors: dict[str, Actor], chance: random.Random
) -> tuple[str, tuple[Actor, ...]]:
    """The text with endings, numbers and names in it, and whom it calls."""
    other = next((actor for actor in actors.values() if actor is not author), author)
    text = words.replace("{а}", "а" if author.gender == "f" else "")
    text = text.replace("{б}", "а" if other.gender == "f" else "")
    text = text.replace("{стр}", str(chance.randint(41, 118)))
    text = text.replace("{упр}", str(chance.randint(104, 289)))
    called = []
    for voice, actor in actors.items():
        if f"@{voice}" in text:
            text = text.replace(f"@{voice}", f"@{actor.name}")
            called.append(actor)
    return text, tuple(called)


def _beside(one: Said, line: Spoken) -> Iterable[Said]:
    """What the system tells after a line."""
    if one.is_pinned:
        yield _notice(NoticeEvent.PINNED, one.at + dt.timedelta(seconds=20), by=one.author)
    if line.poll and line.poll.is_closed:
        votes = len({ballot for _who, ballot, _answer in one.votes})
        closed = _notice(NoticeEvent.POLL_CLOSED, one.at + CLOSED_AFTER, votes=str(votes))
        closed.answers = one
        yield closed
    if line.call_minutes:
        ended = one.at + dt.timedelta(minutes=line.call_minutes)
        yield _notice(NoticeEvent.CALL_ENDED, ended, length=f"{line.call_minutes}:00")


def _notice(
    event: NoticeEvent,
    at: dt.datetime,
    *,
    by: Actor | None = None,
    whom: Sequence[Actor] = (),
    **words: str,
) -> Said:
    data = {
        "event": event.value,
        "by": by.named if by else None,
        "whom": [actor.named for actor in whom[:NAMED]],
        "count": len(whom),
        "words": words,
    }
    return Said(at=at, author=None, text="", notice=data)


def made_notices(creator: Actor, at: dt.datetime, whom: Sequence[Actor]) -> list[Said]:
    """How a chat made by hand begins."""
    soon = at + dt.timedelta(seconds=2)
    return [
        _notice(NoticeEvent.CREATED, at, by=creator),
        _notice(NoticeEvent.INVITED, soon, by=creator, whom=whom),
    ]


def _votes(
    stage: Stage, poll: Poll, voters: Sequence[Actor], chance: random.Random
) -> Iterable[tuple[Actor, str, int]]:
    """Each ballot once: of a voter, or of a voter's child."""
    weights = [count for _text, count in poll.answers]
    done: set[str] = set()
    for actor in voters:
        own = (f"profile:{actor.profile_id}",)
        ballots = stage.ballots.get(actor.profile_id, ()) if poll.per_child else own
        for ballot in ballots:
            if ballot not in done and chance.random() < 0.75:
                done.add(ballot)
                yield actor, ballot, chance.choices(range(len(weights)), weights)[0]
