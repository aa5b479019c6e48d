"""Words that were broken at a line's end and stayed broken when the lines were joined: `rail- way`.

Nothing in the two halves tells `rail- way` from `Haupt- und Nebenstraße` or `short- and long-term`. So a word is put
together only where the article itself has it whole somewhere else; a list of words would know neither names nor
languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from re import Match

# Matches rail- way and rail¬ way (an old scanner's sign), also over a line feed; not rail - way or 3- way.
BROKEN = re.compile(r"\b([^\W\d_]{2,40})[-\xad¬][ \n]([^\W\d_]{2,40})\b")
# Begins with a plain character, so that text without any is passed at full speed.
DASH = re.compile(r"-[ \n]")
# Matches railway, well-known; not 1980s.
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def find_broken(texts: Sequence[str]) -> list[int]:
    """The positions of the texts that have anything to put together; none for none.

    >>> find_broken(["the rail- way", "a well-known railway"])
    [0]
    """
    if not _may_be_broken("\n".join(texts)):
        return []
    return [at for at, text in enumerate(texts) if _may_be_broken(text) and BROKEN.search(text) is not None]


def _may_be_broken(text: str) -> bool:
    """Whether a sign that breaks words stands behind a letter: the cheap first look, at any number of texts at once."""
    if "\xad" in text or "¬" in text:
        return True
    return any(text[dash.start() - 1 : dash.start()].isalnum() for dash in DASH.finditer(text))


def words_of(text: str) -> frozenset[str]:
    """The words of a text in lower case, those with hyphens whole.

    >>> sorted(words_of("The well-known Railway"))
    ['railway', 'the', 'well-known']
    """
    return frozenset(word.lower() for word in WORD.findall(text))


def rejoin(text: str, words: frozenset[str]) -> str:
    """The text with broken words put together where the whole word is among `words`.

    >>> rejoin("rail- way, well- known, short- and long", frozenset({"railway", "well-known"}))
    'railway, well-known, short- and long'
    """

    def whole(match: Match[str]) -> str:
        first, second = match.groups()
        if f"{first}{second}".lower() in words:
            return f"{first}{second}"
        if f"{first}-{second}".lower() in words:
            return f"{first}-{second}"
        return match[0]

    return BROKEN.sub(whole, text)
