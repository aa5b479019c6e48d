"""How many words a text has."""

from __future__ import annotations

import re

UNSPACED_LETTER = re.compile(
    # matches: 新 (Han), か (kana), ก (Thai); doesn't match: a, д, 한 (Korean is written with spaces)
    r"""
    [\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46]                      # Thai letters, without the marks above and below
    | [\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6]                    # Lao
    | [\u1000-\u102a\u103f\u1050-\u1055]                          # Burmese
    | [\u1780-\u17b3]                                             # Khmer
    | [\u3041-\u3096\u30a1-\u30fa]                                # kana
    | [\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]  # Han
    """,
    re.VERBOSE,
)
"""Letters of scripts that put no space between words. Source: the Unicode 16 code charts."""

GAP = re.compile(
    # matches: " ", "\n\n", "—" (as in "gone—and"); doesn't match: "-", "'" ("well-known", "don't" are one word each)
    r"""
    [\s\u2013\u2014]+
    """,
    re.VERBOSE,
)


def count_words(text: str) -> int:
    """The number of words: runs between gaps that hold a letter or a digit. 0 for an empty text.

    Scripts that are written without spaces have no gaps to count by; there each letter counts.

    >>> count_words("It wasn't the well-known 2nd bridge — it was the 3rd.")
    10
    >>> count_words("新しい橋")
    4
    """
    letters = len(UNSPACED_LETTER.findall(text)) if not text.isascii() else 0
    if letters:
        text = UNSPACED_LETTER.sub(" ", text)
    return letters + sum(1 for word in GAP.split(text) if word.isalnum() or any(map(str.isalnum, word)))
