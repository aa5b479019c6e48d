"""What names a paragraph for good: its letters and digits, whatever was repaired about the rest.

The position of a paragraph shifts when extraction learns to see one more line, and a repair changes quotes, spaces and
torn letters ("Ayear" becomes "A year"). None of these change the letters in their order.
"""

from __future__ import annotations

import re
import unicodedata

_MARK = "\x1f"
# "1.2" → "1", its dot: it parts two numbers and stays; not the dot of "3. The" or "v.2"
_BETWEEN_DIGITS = re.compile(r"(\d)[^\w\s](?=\d)")
_DROPPED = frozenset("PZC")
"""Categories of characters that name nothing: punctuation, blanks, what can't be seen. Letters, marks (the vowels of
Hindi are some), digits and symbols stay: £3m isn't $3m."""
_TYPESET = ("“", "”", "‘", "’", "–", "—", "…", "\N{NO-BREAK SPACE}")
"""What most texts beyond ASCII hold and is dropped: without it, they can be taken the quick way."""


def _is_dropped(character: str) -> bool:
    category = unicodedata.category(character)
    return (category[0] in _DROPPED or category == "Sk") and character != _MARK


class _Letters(dict[int, int | None]):
    """What each character is in a key; filled as characters are met, bounded by the characters there are."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if _is_dropped(chr(code)) else code
        return self[code]


_LETTERS = _Letters({ord("\N{REPLACEMENT CHARACTER}"): None})
_DROPPED_ASCII = bytes(code for code in range(128) if _is_dropped(chr(code)))


def text_key(text: str) -> str:
    """The letters, digits and symbols of a text in lower case; a text without any is its own key.

    >>> text_key("Ayear has “passed”.") == text_key('A year has "passed"')
    True
    >>> text_key("Up by 1.2 points") == text_key("Up by 12 points")
    False
    >>> text_key("* * *")
    '* * *'
    """
    return _letters_of(text).replace(_MARK, ".") or text.strip()


def _letters_of(text: str) -> str:
    text = text.replace(_MARK, " ")
    plain = _without_typeset(text)
    # Where there are no digits nothing stands between two.
    if plain.isascii() and (letters := _ascii_letters_of(plain)).isalpha():
        return letters.decode()
    plain = _without_typeset(_BETWEEN_DIGITS.sub(rf"\1{_MARK}", text))
    if plain.isascii():
        return _ascii_letters_of(plain).decode()
    return _without_dropped(unicodedata.normalize("NFKC", plain).casefold())


def _without_dropped(text: str) -> str:
    """The text without what names nothing: ASCII as bytes, the few other characters one after the other. To translate
    it character by character took three times as long.
    """
    kept = text.encode("utf-8", "surrogatepass").translate(None, _DROPPED_ASCII).decode("utf-8", "surrogatepass")
    for character in set(kept):
        if not character.isascii() and _LETTERS[ord(character)] is None:
            kept = kept.replace(character, "")
    return kept


def _without_typeset(text: str) -> str:
    if not text.isascii():
        for character in _TYPESET:
            text = text.replace(character, "")
    return text


def _ascii_letters_of(text: str) -> bytes:
    return text.lower().encode().translate(None, _DROPPED_ASCII)
