"""How many words texts have."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

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


PAGE_BITS = 12
"""So many bits of a character's number stand for the place on its page. What the characters of a page are is asked
once, which takes some milliseconds; nearly all texts need the first and the third page."""

AT_ONCE = 128
"""Texts that are looked at together: enough for arrays to pay, few enough to stay in the cache."""

FIRST_LEAD, LONG_LEAD, LONGEST_LEAD = 0xC2, 0xE0, 0xF0
"""Bytes of UTF-8 with which characters of two, three and four bytes begin."""

_NEITHER, _GAP, _LETTER, _UNSPACED = range(4)


def count_words(texts: pa.Array) -> pa.Array:
    """The number of words of each text, int32: runs between gaps that hold a letter or a digit. 0 for an empty text.

    Scripts that are written without spaces have no gaps to count by; there each letter counts.

    >>> count_words(pa.array(["It wasn't the well-known 2nd bridge — it was the 3rd.", "新しい橋", ""])).to_pylist()
    [10, 4, 0]
    """
    parts = [_count_together(texts.slice(low, AT_ONCE)) for low in range(0, len(texts), AT_ONCE)]
    return pa.array(np.concatenate([np.zeros(0, np.int32), *parts]))


def _count_together(texts: pa.Array) -> NDArray[np.int32]:
    # As bytes, all at once: text by text, each character as four bytes, took three times as long.
    data = _between_blanks(texts)
    kinds = np.frombuffer(data.translate(_byte_kinds()), np.uint8)
    unspaced = _tell_beyond(np.frombuffer(data, np.uint8), kinds)
    begins = _beginnings(kinds)
    bounds = np.append(0, np.cumsum(pc.binary_length(texts).to_numpy().astype(np.int64) + 1))
    counts = np.array([np.count_nonzero(begins[low:high]) for low, high in pairwise(bounds.tolist())], np.int32)
    if unspaced.size:
        rows = np.unique(np.searchsorted(bounds, unspaced) - 1)
        counts[rows] = match_words(texts.take(pa.array(rows))).to_numpy()
    return counts


def _between_blanks(texts: pa.Array) -> bytearray:
    """The bytes of all texts, with a blank between each two and at either end."""
    whole = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
    return bytearray(b" %b " % pc.binary_join(whole, pa.scalar(" ", texts.type))[0].as_buffer())


def _tell_beyond(data: NDArray[np.uint8], kinds: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where letters of scripts without spaces stand; in `kinds` each byte of a character beyond ASCII becomes what that
    is.
    """
    at = np.flatnonzero(data >= FIRST_LEAD)
    lead, second, third = (data[at + n].astype(np.int32) for n in range(3))
    long, longest = lead >= LONG_LEAD, np.flatnonzero(lead >= LONGEST_LEAD)
    tail = second & 0x3F
    codes = np.where(long, (lead & 0x0F) << 12 | tail << 6 | third & 0x3F, (lead & 0x1F) << 6 | tail)
    codes[longest] = (codes[longest] & 0x7FFF) << 6 | data[at[longest] + 3] & 0x3F
    told = _kinds_of(codes)
    kinds[at] = kinds[at + 1] = told
    kinds[at[long] + 2] = told[long]
    kinds[at[longest] + 3] = told[longest]
    unspaced: NDArray[np.int64] = at[told == _UNSPACED]
    return unspaced


def _beginnings(kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Behind which bytes a word begins, given the kind of each byte, the first and the last of which are gaps: where a
    gap and a letter or digit meet, or have only what is neither between them.
    """
    gap, letter, neither = kinds[:-1] == _GAP, kinds[1:] == _LETTER, kinds == _NEITHER
    begins: NDArray[np.bool_] = gap & letter
    changes = np.flatnonzero(neither[1:] != neither[:-1])
    first, last = changes[::2], changes[1::2]
    begins[last[gap[first] & letter[last]]] = True
    return begins


@cache
def _byte_kinds() -> bytes:
    """What each byte of UTF-8 is where it is ASCII; those beyond are nothing until they are looked at."""
    return _page(0)[:128].tobytes().ljust(256, bytes([_NEITHER]))


def _kinds_of(codes: NDArray[np.int32]) -> NDArray[np.uint8]:
    """What the characters of these codes are."""
    kinds, pages, places = np.empty(codes.size, np.uint8), codes >> PAGE_BITS, codes & (1 << PAGE_BITS) - 1
    for page in np.unique(pages).tolist():
        here = pages == page
        kinds[here] = _page(page)[places[here]]
    return kinds


@cache
def _page(number: int) -> NDArray[np.uint8]:
    """What each character of a page is, as the expressions have it."""
    codes = range(number << PAGE_BITS, number + 1 << PAGE_BITS)
    characters = pa.array(["" if _is_half(code) else chr(code) for code in codes])
    kinds = np.full(len(characters), _NEITHER, np.uint8)
    for kind, expression in ((_GAP, f"[{GAPS}]"), (_LETTER, r"[\p{L}\p{N}]"), (_UNSPACED, UNSPACED_LETTER)):
        kinds[pc.match_substring_regex(characters, expression).to_numpy(zero_copy_only=False)] = kind
    return kinds


def _is_half(code: int) -> bool:
    """Whether a code is half of a pair in UTF-16; no text that Arrow holds has one."""
    return 0xD800 <= code < 0xE000


def match_words(texts: pa.Array) -> pa.Array:
    """The same for texts in any script, by Arrow's expressions."""
    if pc.any(pc.match_substring_regex(texts, UNSPACED_LETTER)).as_py():
        letters = pc.count_substring_regex(texts, UNSPACED_LETTER)
        rest = pc.count_substring_regex(pc.replace_substring_regex(texts, UNSPACED_LETTER, " "), WORD)
        return pc.add(letters, rest)
    return pc.count_substring_regex(texts, WORD)
