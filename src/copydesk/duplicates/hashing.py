"""Hashes of words and of runs of words, the same in the compiled pass and here.

A word's hash is FNV-1a over its folded characters, finished with the MurmurHash3 finalizer; a shingle's is a polynomial
over its words' hashes, finished likewise. Plain Python and numpy: for small corpora, and as the measure of what the
compiled pass must give.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.fold import UPPER_MARK, is_number, words

Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.uint8]

FNV_OFFSET = 0xCBF29CE484222325
FNV_PRIME = 0x100000001B3
"""FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/)."""
STEP = 0x9E3779B97F4A7C15
"""Odd multiplier of the polynomial over word hashes (2^64 divided by the golden ratio)."""
FMIX = (33, 0xFF51AFD7ED558CCD, 33, 0xC4CEB9FE1A85EC53, 33)
"""Shifts and factors of MurmurHash3's 64-bit finalizer."""
MASK = (1 << 64) - 1

GRAM_SLOTS = 1 << 27
"""Slots into which the runs of three words fall, by the low bits of their hashes, when stories are counted. At a
million articles a slot is shared by two or three runs of one story each."""

NUMBER = 1
"""Flag of a word with a digit."""
NAME = 2
"""Flag of a word that begins with a capital and isn't all capitals: a name, or the start of a sentence."""

_Read = tuple[Hashes, Flags]


def read_words(text: str) -> _Read:
    """Hashes (uint64) and flags (uint8) of the words of a text, both of shape (words,).

    >>> hashes, flags = read_words("On May 3 the NATO ship left.")
    >>> flags.tolist()
    [2, 2, 1, 0, 0, 0, 0]
    >>> read_words("...")[0].shape
    (0,)
    """
    known: dict[str, tuple[int, int]] = {}
    found = []
    for word in words(text):
        if word not in known:
            known[word] = _read_word(word)
        found.append(known[word])
    table = np.array(found, dtype=np.uint64).reshape(-1, 2)
    return np.ascontiguousarray(table[:, 0]), table[:, 1].astype(np.uint8)


def _read_word(word: str) -> tuple[int, int]:
    bare = word.replace(UPPER_MARK, "")
    capitals = len(word) - len(bare)
    if is_number(bare):
        return hash_word(bare), NUMBER
    named = word.startswith(UPPER_MARK) and capitals < len(bare)
    return hash_word(bare), NAME if named else 0


def hash_word(word: str) -> int:
    """The 64-bit hash of a folded word.

    >>> hash_word("") == finish(FNV_OFFSET)
    True
    """
    value = FNV_OFFSET
    for char in word:
        value = ((value ^ ord(char)) * FNV_PRIME) & MASK
    return finish(value)


def finish(value: int) -> int:
    """A 64-bit value, mixed so that every bit depends on every bit (MurmurHash3's finalizer)."""
    first, factor, second, other, third = FMIX
    value ^= value >> first
    value = (value * factor) & MASK
    value ^= value >> second
    value = (value * other) & MASK
    return value ^ (value >> third)


def finish_all(values: Hashes) -> Hashes:
    """`finish` of each value of an array."""
    first, factor, second, other, third = (np.uint64(x) for x in FMIX)
    values = (values ^ (values >> first)) * factor
    values = (values ^ (values >> second)) * other
    return values ^ (values >> third)


def find_keys(known: Hashes, wanted: Hashes) -> npt.NDArray[np.int64]:
    """Where among known keys of two numbers each (shape (keys, 2)) the wanted ones are; -1 for one that isn't there.

    >>> keys = np.array([[5, 0], [3, 1]], dtype=np.uint64)
    >>> find_keys(keys, np.array([[3, 1], [3, 2]], dtype=np.uint64)).tolist()
    [1, -1]
    """
    if not len(known):
        return np.full(len(wanted), -1)
    # Both in order: to look for numbers as they come, all over the others, takes seven times as long.
    order, asked = np.argsort(known[:, 0]), np.argsort(wanted[:, 0])
    place = np.empty(len(wanted), np.int64)
    found = np.searchsorted(known[order, 0], wanted[asked, 0])
    place[asked] = order[np.minimum(found, len(known) - 1)]
    return np.where((known[place] == wanted).all(axis=1), place, -1)


def shingles(hashes: Hashes, size: int) -> Hashes:
    """Hashes of each run of `size` words, in order; empty if there are fewer words.

    >>> shingles(read_words("one two three four")[0], 3).shape
    (2,)
    """
    count = len(hashes) - size + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    total = np.zeros(count, dtype=np.uint64)
    for offset in range(size):
        total = total * np.uint64(STEP) + hashes[offset : offset + count]
    return finish_all(total)


def hash_sequence(hashes: Sequence[int] | Hashes) -> int:
    """The 64-bit hash of all words in order: equal texts have equal ones."""
    value = len(hashes)
    for word in hashes:
        value = (value * STEP + int(word)) & MASK
    return finish(value)
