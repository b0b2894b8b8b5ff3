"""Finding sections of the guide by words: pure."""

from __future__ import annotations

import re

from markupsafe import Markup

SHORTEST_STEM = 4


def found_in(wanted: str, title: str, html: Markup) -> bool:
    """Whether all words stand in the section, in any form: their first letters do."""
    words = re.findall(r"\w+", _folded(f"{title} {html.striptags()}"))
    return all(
        any(word.startswith(_stem(one)) for word in words)
        for one in re.findall(r"\w+", _folded(wanted))
    )


def _stem(word: str) -> str:
    """«оценками» -> «оценк»: the ending of a long word does not count."""
    return word if len(word) <= SHORTEST_STEM else word[: max(SHORTEST_STEM, len(word) - 3)]


def _folded(text: str) -> str:
    return text.lower().replace("ё", "е")
