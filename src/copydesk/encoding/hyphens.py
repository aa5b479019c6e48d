"""Words that were broken at a line's end and stayed broken when the lines were joined: `rail- way`.

Nothing in the two halves tells `rail- way` from `Haupt- und Nebenstraße` or `short- and long-term`. So a word is put
together only where the article itself has it whole somewhere else; a list of words would know neither names nor
languages.
"""

from __future__ import annotations

import re
from re import Match

# Matches rail- way and rail¬ way (an old scanner's sign), also over a line feed; not rail - way or 3- way.
BROKEN = re.compile(r"\b([^\W\d_]{2,40})[-\xad¬][ \n]([^\W\d_]{2,40})\b")
# Every break has one; begins with a plain class, so that text without any is passed at full speed.
BREAK = re.compile(r"[-\xad¬][ \n]")
# Matches railway, well-known; not 1980s.
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def has_broken_words(text: str) -> bool:
    """Whether there is anything to put together, as a cheap first question.

    >>> has_broken_words("the rail- way"), has_broken_words("a well-known railway")
    (True, False)
    """
    return BREAK.search(text) is not None and BROKEN.search(text) is not None


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
