"""How many words texts have."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

UNSPACED_LETTER = "".join(
    (
        # matches: 新 (Han), か (kana), ก (Thai); doesn't match: a, д, 한 (Korean is written with spaces)
        r"[",
        r"\x{0e01}-\x{0e30}\x{0e32}\x{0e33}\x{0e40}-\x{0e46}",  # Thai letters, without the marks above and below
        r"\x{0e81}-\x{0eb0}\x{0eb2}\x{0eb3}\x{0ebd}-\x{0ec6}",  # Lao
        r"\x{1000}-\x{102a}\x{103f}\x{1050}-\x{1055}",  # Burmese
        r"\x{1780}-\x{17b3}",  # Khmer
        r"\x{3041}-\x{3096}\x{30a1}-\x{30fa}",  # kana
        r"\x{3400}-\x{4dbf}\x{4e00}-\x{9fff}\x{f900}-\x{faff}\x{20000}-\x{3fffd}",  # Han
        r"]",
    )
)
"""Letters of scripts that put no space between words. Source: the Unicode 16 code charts. RE2, which Arrow matches
with, knows no verbose mode and always takes linear time."""

GAPS = r"\s\p{Z}\x{85}\x{2013}\x{2014}"
"""White space, and the dashes that stand between words without any: "gone—and back"."""

WORD = f"[^{GAPS}]*[\\p{{L}}\\p{{N}}][^{GAPS}]*"
"""matches: well-known, don't, 2nd, «Nein»; doesn't match: …, —, !"""


def count_words(texts: pa.Array) -> pa.Array:
    """The number of words of each text, int32: runs between gaps that hold a letter or a digit. 0 for an empty text.

    Scripts that are written without spaces have no gaps to count by; there each letter counts.

    >>> count_words(pa.array(["It wasn't the well-known 2nd bridge — it was the 3rd.", "新しい橋", ""])).to_pylist()
    [10, 4, 0]
    """
    if pc.any(pc.match_substring_regex(texts, UNSPACED_LETTER)).as_py():
        letters = pc.count_substring_regex(texts, UNSPACED_LETTER)
        rest = pc.count_substring_regex(pc.replace_substring_regex(texts, UNSPACED_LETTER, " "), WORD)
        return pc.add(letters, rest)
    return pc.count_substring_regex(texts, WORD)
