"""Paragraphs → word hashes: one pass over UTF-8 buffers, for all paragraphs of a corpus at once.

A word is a run of letters and digits, lower-cased, without a plural or possessive s, hashed to 32 bits. Whether
it stood in capitals inside a sentence is kept with it: that is what a name looks like. Nothing here is specific to
a language but the plural s; scripts without spaces give few, long words and are never judged for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

FNV_OFFSET = np.uint64(14695981039346656037)
FNV_PRIME = np.uint64(1099511628211)
"""FNV-1a, 64 bit; the upper half is folded onto the lower. See http://www.isthe.com/chongo/tech/comp/fnv/"""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of many paragraphs, one after the other.

    `words` uint32 and `names` bool, both of shape (words,); paragraph i has the words from `starts[i]` to
    `starts[i + 1]`; `starts` int64, shape (paragraphs + 1,).
    """

    words: NDArray[np.uint32]
    names: NDArray[np.bool_]
    starts: NDArray[np.int64]


@njit(cache=True)
def _letter(b: int, following: int, third: int) -> int:
    """How many bytes of a word stand here: 0 for none. Punctuation blocks of UTF-8 part words."""
    if 48 <= b <= 57 or 97 <= b <= 122 or 65 <= b <= 90:
        return 1
    if b < 0xC3:
        return 0
    if b < 0xE0:
        return 2
    if b < 0xF0:
        if b == 0xE2 and (following == 0x80 or following == 0x81):  # U+2000-207F: dashes, quotes, spaces
            return 0
        if b == 0xE3 and following == 0x80 and third < 0x86:  # U+3000-3005: ideographic space and stops
            return 0
        return 3
    return 4


@njit(cache=True)
def _upper(b: int, following: int) -> bool:
    return 65 <= b <= 90 or (b == 0xC3 and 0x80 <= following <= 0x9E)


@njit(cache=True)
def _hash(raw, start, end):  # type: ignore[no-untyped-def]  # numba infers the arrays
    """The hash of a lower-cased word; a plural s is left out."""
    if end - start > 3 and (raw[end - 1] | 32) == 115 and (raw[end - 2] | 32) not in (115, 117, 105):
        end -= 1
    h = np.uint64(14695981039346656037)
    for i in range(start, end):
        b = raw[i]
        if 65 <= b <= 90 or (i > start and raw[i - 1] == 0xC3 and 0x80 <= b <= 0x9E):
            b += np.uint8(32)
        h = (h ^ np.uint64(b)) * np.uint64(1099511628211)
    return np.int64((h ^ (h >> np.uint64(32))) & np.uint64(0xFFFFFFFF))


@njit(cache=True)
def _scan(raw, bounds, words, names, starts):  # type: ignore[no-untyped-def]  # numba infers the arrays
    """Fill `words`, `names`, `starts` from the buffer; the number of words."""
    n = 0
    for p in range(bounds.shape[0] - 1):
        starts[p] = n
        i, end = bounds[p], bounds[p + 1]
        opening = True
        while i < end:
            b = raw[i]
            following = raw[i + 1] if i + 1 < end else 0
            third = raw[i + 2] if i + 2 < end else 0
            step = _letter(b, following, third)
            if step == 0:
                if b in (46, 33, 63, 58, 34) or (b == 0xE2 and following == 0x80 and third in (0x9C, 0x98)):
                    opening = True
                i += 1 if b < 0xC0 else (2 if b < 0xE0 else (3 if b < 0xF0 else 4))
                continue
            first, capital = i, _upper(b, following)
            while i < end and step > 0:
                i += step
                if i >= end:
                    break
                following = raw[i + 1] if i + 1 < end else 0
                third = raw[i + 2] if i + 2 < end else 0
                step = _letter(raw[i], following, third)
            i = min(i, end)
            if i - first > 1:
                words[n] = _hash(raw, first, i)
                names[n] = capital and not opening
                n += 1
            if i - first > 1 or not capital:
                opening = False
    starts[bounds.shape[0] - 1] = n
    return n


def tokenise(paragraphs: Sequence[str]) -> Tokens:
    """The words of all paragraphs. One-letter words are left out; an empty paragraph has none.

    >>> tokens = tokenise(["The ships left.", "", "A ship leaves Lindhaven."])
    >>> tokens.starts.tolist(), tokens.names.tolist()
    ([0, 3, 3, 6], [False, False, False, False, False, True])
    >>> bool(tokens.words[1] == tokens.words[3])
    True
    """
    encoded = [paragraph.encode("utf-8", "replace") for paragraph in paragraphs]
    raw = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    bounds = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(paragraph) for paragraph in encoded], out=bounds[1:])
    words = np.empty(raw.size // 2 + 1, np.uint32)
    names = np.empty(raw.size // 2 + 1, np.bool_)
    starts = np.empty(len(encoded) + 1, np.int64)
    n = _scan(raw, bounds, words, names, starts)
    return Tokens(words[:n].copy(), names[:n].copy(), starts)


def word_hash(word: str) -> int:
    """The hash of one word, as `tokenise` gives it; 0 for what is no word.

    >>> word_hash("ships") == word_hash("Ship")
    True
    """
    words = tokenise([word]).words
    return int(words[0]) if words.size else 0
