"""The words of paragraphs and what is counted of them, as machine code. Imported only where the compiler is loaded.

Gives what `tokens` and `columns` give with arrays, which read the same bytes a dozen times.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba as nb
import numpy as np

from copydesk.contamination import hashing
from copydesk.contamination.hashing import FNV_OFFSET, FNV_PRIME, MAX_WORD_BYTES

_SOURCES = (Path(__file__), Path(str(hashing.__file__)))
_DIGEST = hashlib.blake2b(b"".join(path.read_bytes() for path in _SOURCES), digest_size=6).hexdigest()
_OFFSET, _PRIME = np.uint64(FNV_OFFSET), np.uint64(FNV_PRIME)
_HALF, _WORD = np.uint64(32), np.uint64(0xFFFFFFFF)


def kernel(function: Callable[..., Any]) -> Any:
    """A function, compiled when first called and kept on disk; in memory only where no folder can be written.

    The digest of what it is made of is part of the name under which the code is kept: numba looks at its own file only.
    """
    function.__qualname__ = f"{function.__qualname__}_{_DIGEST}"
    try:
        return nb.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return nb.njit(nogil=True)(function)


@kernel
def _letter_bytes(raw: Any, at: int, is_letter: Any) -> int:
    """How many bytes of a letter begin here; 0 where a mark, a space or a part of one stands."""
    byte = raw[at]
    if byte < 0xC3:
        return 1 if is_letter[byte] else 0
    if byte == 0xE2 and (raw[at + 1] == 0x80 or raw[at + 1] == 0x81):
        return 0  # U+2000-207F: dashes, quotes, spaces
    if byte == 0xE3 and raw[at + 1] == 0x80 and raw[at + 2] < 0x86:
        return 0  # U+3000-3005: ideographic space and stops
    return 2 if byte < 0xE0 else (3 if byte < 0xF0 else 4)


@kernel
def _opens(raw: Any, at: int, opens: Any) -> bool:
    """Whether a sentence or a quotation may begin behind this byte."""
    quote = raw[at] == 0xE2 and raw[at + 1] == 0x80 and (raw[at + 2] == 0x9C or raw[at + 2] == 0x98)
    return bool(opens[raw[at]] or quote)


@kernel
def _hash(raw: Any, first: int, end: int, lower: Any) -> Any:
    """`hashing.word_hash` of the word between two places."""
    last, before = lower[raw[end - 1]], lower[raw[end - 2]]
    length = end - first
    if length > 3 and last == 0x73 and before != 0x73 and before != 0x75 and before != 0x69:
        length -= 1
    value = _OFFSET
    for at in range(first, first + min(length, MAX_WORD_BYTES)):
        byte = lower[raw[at]]
        if at > 0 and raw[at - 1] == 0xC3 and 0x80 <= byte <= 0x9E:
            byte += 32
        value = (value ^ np.uint64(byte)) * _PRIME
    return np.uint32((value ^ (value >> _HALF)) & _WORD)


@kernel
def read_words(
    raw: Any, bounds: Any, is_letter: Any, lower: Any, opens: Any, words: Any, names: Any, starts: Any
) -> int:
    """How many words there are; their hashes stand in `words`, whether each stood as a name in `names`, and in `starts`
    where those of each paragraph begin. `bounds` are the places at which paragraphs begin, and the end.
    """
    count, paragraph, at = 0, 0, 0
    opening = False
    end = raw.size - 2
    while at < end:
        width = _letter_bytes(raw, at, is_letter)
        if width == 0:
            opening = opening or _opens(raw, at, opens)
            at += 1
            continue
        first = at
        while width > 0 and at < end:
            at += width
            width = _letter_bytes(raw, at, is_letter)
        if at - first > 1:
            while paragraph < bounds.size and bounds[paragraph] <= first:
                starts[paragraph] = count
                paragraph += 1
            large = 65 <= raw[first] <= 90 or (raw[first] == 0xC3 and 0x80 <= raw[first + 1] <= 0x9E)
            words[count] = _hash(raw, first, at, lower)
            names[count] = large and not opening
            count += 1
        opening = False
    starts[paragraph:] = count
    return count
