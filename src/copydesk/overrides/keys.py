"""What names a paragraph for good: its letters and digits, whatever was repaired about the rest.

The position of a paragraph shifts when extraction learns to see one more line, and a repair changes quotes, spaces and
torn letters ("Ayear" becomes "A year"). None of these change the letters in their order.
"""

from __future__ import annotations

import re
import unicodedata

# "1.2" → its dot parts two numbers and stays; not the dot of "3. The" or "3."
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w\s](?=\d)")
_DROPPED = frozenset("PZC")
"""Categories of characters that name nothing: punctuation, blanks, what can't be seen. Letters, marks (the vowels of
Hindi are some), digits and symbols stay: £3m isn't $3m."""
_STANDS_FOR_DOT = "\N{ONE DOT LEADER}"


class _Letters(dict[int, int | None]):
    """What each character is in a key; filled as characters are met, bounded by the characters there are."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        dropped = unicodedata.category(character)[0] in _DROPPED or unicodedata.category(character) == "Sk"
        self[code] = None if dropped else code
        return self[code]


_LETTERS = _Letters({ord(_STANDS_FOR_DOT): ord("."), ord("\N{REPLACEMENT CHARACTER}"): None})


def text_key(text: str) -> str:
    """The letters, digits and symbols of a text in lower case; a text without any is its own key.

    >>> text_key("Ayear has “passed”.") == text_key('A year has "passed"')
    True
    >>> text_key("Up by 1.2 points") == text_key("Up by 12 points")
    False
    >>> text_key("* * *")
    '* * *'
    """
    marked = _BETWEEN_DIGITS.sub(_STANDS_FOR_DOT, text)
    folded = marked if marked.isascii() else _fold(marked)
    return folded.casefold().translate(_LETTERS) or text.strip()


def _fold(text: str) -> str:
    """The text with ligatures and widths as letters; the mark between digits is one that this would change."""
    parts = text.split(_STANDS_FOR_DOT)
    return _STANDS_FOR_DOT.join(unicodedata.normalize("NFKC", part) for part in parts)
