"""Large corpora: the kernels over Arrow's buffers, chunk by chunk.

Imported only where loading compiled code pays; gives what `plain` gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates import align, fold, kernels
from copydesk.duplicates.permutations import PERMUTATIONS, permutations
from copydesk.duplicates.sketch import FINGERPRINT_WORDS, SIGNATURE_WORDS, WINDOW, Sketches

CHUNK_BYTES = 32 * 1024 * 1024
"""Text that is sketched at once: the fingerprints of a chunk are first written to memory for the worst case, four
times the text.
"""


@cache
def tables() -> tuple[Any, ...]:
    """The folding as arrays over the characters below `fold.PLANES_END`.

    `quick` (uint8): see `_quick`. `start` (uint32) and `length` (uint8): where in `folded` (uint32) stands what the character becomes; `capital`
    (uint8); `digit`
    (uint8); `shown` (uint8): the byte that windows-1252 shows as this character, 0 if none from 0x80 to 0xBF.
    """
    start = np.zeros(fold.PLANES_END, dtype=np.uint32)
    length, capital, digit = (np.zeros(fold.PLANES_END, dtype=np.uint8) for _ in range(3))
    flat: list[int] = []
    for point in range(fold.PLANES_END):
        text = fold.fold(point)
        start[point], length[point] = len(flat), len(text)
        capital[point] = fold.is_capital(point) and bool(text) and " " not in text
        digit[point] = fold.is_digit(chr(point))
        flat.extend(map(ord, text))
    shown = np.zeros(0x2200, dtype=np.uint8)
    shown[0x80:0xC0] = np.arange(0x80, 0xC0)
    for byte, point in fold.CP1252.items():
        shown[point] = byte
    return _quick(), start, length, np.array(flat, dtype=np.uint32), capital, digit, shown


def _quick() -> npt.NDArray[np.uint8]:
    """What each byte becomes: a folded ASCII letter or digit, 32 where it parts words, 0 where a closer look is needed."""
    quick = np.zeros(256, dtype=np.uint8)
    for byte in range(128):
        quick[byte] = ord(fold.fold(byte))
    quick[ord("&")] = 0
    return quick


@dataclass(frozen=True, slots=True)
class Buffers:
    """Texts as Arrow keeps them: UTF-8 bytes (uint8) and where each text begins (int64, one more than there are
    texts).
    """

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]


def buffers(texts: pa.Array) -> Buffers:
    """The buffers of an Arrow array of strings without nulls, shared, not copied (but for 32-bit offsets)."""
    texts = texts.cast(pa.large_string())
    _, offsets, data = texts.buffers()
    places = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return Buffers(np.frombuffer(data or b"\0", dtype=np.uint8), places)


def sketch_texts(texts: Buffers) -> Sketches:
    """The sketches of the texts, as `sketch.sketch_texts`."""
    total = len(texts.offsets) - 1
    words, exact = np.zeros(total, dtype=np.int64), np.zeros(total, dtype=np.uint64)
    signatures = np.empty((total, PERMUTATIONS), dtype=np.uint32)
    starts = np.zeros(total + 1, dtype=np.int64)
    sizes = np.array([SIGNATURE_WORDS, FINGERPRINT_WORDS, WINDOW], dtype=np.int64)
    parts, done = [], 0
    for low, high in _chunks(texts.offsets):
        room = int(texts.offsets[high] - texts.offsets[low]) + high - low
        prints = np.empty(room, dtype=np.uint64)
        count = kernels.sketch(
            texts.data, texts.offsets[low : high + 1], tables(), sizes, *permutations(),
            words[low:high], exact[low:high], signatures[low:high], prints, starts[low + 1 : high + 1],
        )  # fmt: skip
        starts[low + 1 : high + 1] += done
        done += count
        parts.append(prints[:count].copy())
    return Sketches(words, exact, signatures, np.concatenate([*parts, np.zeros(0, dtype=np.uint64)]), starts)


def _chunks(offsets: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Ranges of texts of about `CHUNK_BYTES` each."""
    found, low, total = [], 0, len(offsets) - 1
    while low < total:
        high = int(np.searchsorted(offsets, offsets[low] + CHUNK_BYTES, side="right")) - 1
        high = min(max(high, low + 1), total)
        found.append((low, high))
        low = high
    return found


def count_grams(
    texts: Buffers, order: npt.NDArray[np.int64], stories: npt.NDArray[np.int64], counts: npt.NDArray[np.uint8]
) -> None:
    """Counts the stories of each run of three words, as `plain.count_grams`."""
    kernels.count_grams(texts.data, texts.offsets, tables(), order, stories, counts)


def same_words(texts: Buffers, one: int, others: Sequence[int]) -> list[bool]:
    """Whether each of the other texts has the same words as one, as `plain.same_words`."""
    out = np.zeros(len(others), dtype=np.bool_)
    kernels.same_words(texts.data, texts.offsets, tables(), one, np.array(others, dtype=np.int64), out)
    return [bool(same) for same in out]


def measure_pairs(
    texts: Buffers, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], counts: npt.NDArray[np.uint8], limit: int
) -> npt.NDArray[np.int64]:
    """The measures of the pairs, as `plain.measure_pairs`."""
    out = np.zeros((len(left), align.SIZE), dtype=np.int64)
    kernels.measure_pairs(texts.data, texts.offsets, tables(), left, right, counts, limit, out)
    return out
