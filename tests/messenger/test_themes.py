"""Every theme of a chat is there, light and dark, and its words can be read (WCAG 2.2, 1.4.3)."""

import re
from pathlib import Path

import pytest

from app.messenger.chats.editing import THEME_WORDS, Theme

CSS = Path(__file__).parents[2] / "static/css"
TEXT = {"light": ("#19202a", "#5b6675", "#24589a"), "dark": ("#e7eaee", "#a3adba", "#8fbcf3")}


def rules(mode):
    """theme -> name -> colour, as the stylesheet says."""
    text = (CSS / "rooms/themes.css").read_text()
    before = {"light": "", "dark": r'\[data-theme="dark"\] ', "auto": r'\[data-theme="auto"\] '}
    found = re.findall(
        rf'^\s*(?:@media[^{{]*{{ )?{before[mode]}\[data-chat-theme="(\w+)"\] {{(.*?)}}', text, re.M
    )
    return {theme: dict(re.findall(r"--([\w-]+): (#\w{6})", body)) for theme, body in found}


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_there_are_eight_themes_each_with_its_word():
    assert len(Theme) == 8
    assert set(THEME_WORDS) == set(Theme)
    for mode in ("light", "dark", "auto"):
        assert set(rules(mode)) == set(Theme), mode


def test_dark_by_choice_and_by_the_system_are_the_same():
    assert rules("dark") == rules("auto")


def test_the_usual_look_is_that_of_the_tokens():
    tokens = (CSS / "tokens.css").read_text()
    for mode in ("light", "dark"):
        for name, colour in rules(mode)["default"].items():
            assert f"--{name}: {colour}" in tokens


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("theme", list(Theme))
def test_words_can_be_read_on_every_ground(theme, mode):
    colours = rules(mode)[theme]
    text, quiet, link = TEXT[mode]
    for word in (text, quiet, link):
        assert contrast(word, colours["bubble-mine"]) >= 4.5, (word, colours["bubble-mine"])
    # Straight on the page stand the line of new messages and quiet words of the system.
    assert contrast(text, colours["chat-page"]) >= 4.5
    assert contrast(quiet, colours["chat-page"]) >= 4.5
