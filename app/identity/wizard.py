"""The pure part of the sign-in walk: what is known decides which step is next (FLOWS 1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """A screen of the walk, in order. CREATE is the button of FLOWS 1.7.

    ELSEWHERE takes the place of PHONE and CODE where people sign in at another provider. CONFIRM
    comes only to a number whose profile nobody has used for long: operators give such numbers to
    other people.
    """

    ELSEWHERE = "elsewhere"
    PHONE = "phone"
    CODE = "code"
    CONFIRM = "confirm"
    ABOUT = "about"
    CREATE = "create"
    PROFILE = "profile"
    READY = "ready"


ORDER = tuple(Step)


@dataclass(frozen=True)
class Known:
    """What is known of the person in this browser.

    `signs_in_elsewhere`: this site asks another provider instead of a phone;
    `must_confirm`: the profile of the phone was long unused and its owner has not named themselves;
    `has_phone`: a phone was typed and a code sent to it; `is_proved`: the code was right;
    `has_vk_id`: VK ID data exist for the phone; `wants_profile`: «Создать учебный профиль» was
    pressed; `has_profile`: a learning profile is signed in.
    """

    has_phone: bool = False
    is_proved: bool = False
    must_confirm: bool = False
    has_vk_id: bool = False
    wants_profile: bool = False
    has_profile: bool = False
    signs_in_elsewhere: bool = False


def next_step(known: Known) -> Step:
    """The first step that is still needed. Known ones are skipped."""
    if known.has_profile:
        return Step.READY
    if known.signs_in_elsewhere and not known.is_proved:
        return Step.ELSEWHERE
    if not known.has_phone and not known.is_proved:
        return Step.PHONE
    if not known.is_proved:
        return Step.CODE
    if known.must_confirm:
        return Step.CONFIRM
    if not known.has_vk_id:
        return Step.ABOUT
    if not known.wants_profile:
        return Step.CREATE
    return Step.PROFILE


def may_show(step: Step, known: Known) -> bool:
    """Whether `step` can be opened now: the next one, or an earlier one that can still change.

    A proved phone is left only by beginning anew, so PHONE and CODE close behind the person.
    """
    wanted = next_step(known)
    if step == wanted:
        return True
    if wanted is Step.READY or ORDER.index(step) > ORDER.index(wanted):
        return False
    if step is Step.ELSEWHERE or (known.signs_in_elsewhere and step in (Step.PHONE, Step.CODE)):
        return False
    if step in (Step.PHONE, Step.CODE):
        return not known.is_proved
    return step is Step.CREATE
