"""The one thing that «Главная» asks of a person next. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What to do next, in the words of `templates/journal/home/_next.html`."""

    LINK = "link"
    CASES = "cases"
    ANSWER = "answer"
    REQUESTS = "requests"
    FILL = "fill"
    INVITE = "invite"
    MARKS = "marks"
    TALK = "talk"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is known of the person; a number is 0 where it is not theirs to care for.

    `cases`: complaints about messages; `unanswered`: announcements that wait for «Ознакомлен»;
    `requests`: asked-for diaries; `unfilled`: own lessons of the week without a topic or a mark;
    `never_came`: pupils and parents of their classes who never signed in; `new_marks`: not seen in
    the diary yet.
    """

    is_linked: bool
    cases: int = 0
    unanswered: int = 0
    requests: int = 0
    unfilled: int = 0
    never_came: int = 0
    new_marks: int = 0


# Decision: first what lets the person act at all, then children's safety, then what others wait
# for, then one's own work. Whoever has nothing left is led to the chats.
_RULES: tuple[tuple[Step, Callable[[Situation], bool]], ...] = (
    (Step.LINK, lambda now: not now.is_linked),
    (Step.CASES, lambda now: now.cases > 0),
    (Step.ANSWER, lambda now: now.unanswered > 0),
    (Step.REQUESTS, lambda now: now.requests > 0),
    (Step.FILL, lambda now: now.unfilled > 0),
    (Step.INVITE, lambda now: now.never_came > 0),
    (Step.MARKS, lambda now: now.new_marks > 0),
)


def next_step(now: Situation) -> Step:
    """The first thing of the table that is so."""
    return next((step for step, is_so in _RULES if is_so(now)), Step.TALK)
