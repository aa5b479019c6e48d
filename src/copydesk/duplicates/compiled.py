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

from copydesk.duplicates import align, fold
from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.kernels import measuring, sketching
from copydesk.duplicates.kernels import words as reading
from copydesk.duplicates.permutations import PERMUTATIONS, Signatures, permutations
from copydesk.duplicates.sketch import FINGERPRINT_WORDS, SIGNATURE_WORDS, WINDOW, Sketches

CHUNK_BYTES = 32 * 1024 * 1024
"""Text that is sketched at once: the fingerprints of a chunk are first written to memory for the worst case, four
times the text.
"""


KEEP_BYTES = 48 * 1024 * 1024
"""Texts of up to so many bytes keep their words, three times their own size; more are read again for each use."""


@cache
def tables() -> tuple[Any, ...]:
    """The folding as arrays over the characters below `fold.PLANES_END`.

    `quick` (uint8): see `_quick`. `start` (uint32) and `length` (uint8): where in `folded` (uint32) stands what the
    character becomes; `capital`
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
    """What each byte becomes: a folded ASCII letter or digit, 32 where it parts words, 0 where a closer look is
    needed.
    """
    quick = np.zeros(256, dtype=np.uint8)
    for byte in range(128):
        quick[byte] = ord(fold.fold(byte))
    quick[ord("&")] = 0
    return quick


@dataclass(frozen=True, slots=True)
class Buffers:
    """Texts as Arrow keeps them, and what has been read of them.

    `data`: UTF-8 bytes (uint8); `offsets`: where each text begins (int64, one more than there are texts). `hashes`
    (uint64)
    and `flags` (uint8): the words of all texts, `grams` (int64) the hashes of their runs of three, those of text i
    from `places[i]`
    (int64) on; without `places` they are read from the text each time.
    """

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    hashes: Hashes
    flags: npt.NDArray[np.uint8]
    grams: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]

    @property
    def kept(self) -> tuple[Any, ...]:
        """The words that are kept, as the kernels take them."""
        return self.hashes, self.flags, self.grams, self.places


def buffers(texts: pa.Array, *, keep_bytes: int = KEEP_BYTES) -> Buffers:
    """The buffers of an Arrow array of strings without nulls, shared, not copied (but for 32-bit offsets).

    Words of texts of up to `keep_bytes` in all are kept once they are sketched.
    """
    texts = texts.cast(pa.large_string())
    _, offsets, data = texts.buffers()
    begin = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    size = int(begin[-1] - begin[0])
    keep = size <= keep_bytes
    # A character of three bytes folds to four words at most; memory that isn't written to isn't taken.
    room = 2 * size + len(texts) if keep else 0
    return Buffers(
        np.frombuffer(data or b"\0", dtype=np.uint8),
        begin,
        np.empty(room, dtype=np.uint64),
        np.empty(room, dtype=np.uint8),
        np.empty(room, dtype=np.int64),
        np.zeros(len(texts) + 1 if keep else 0, dtype=np.int64),
    )


def sketch_texts(texts: Buffers) -> Sketches:
    """The sketches of the texts, as `sketch.sketch_texts`; fills the kept words."""
    total = len(texts.offsets) - 1
    words, exact = np.zeros(total, dtype=np.int64), np.zeros(total, dtype=np.uint64)
    signatures = np.empty((total, PERMUTATIONS), dtype=np.uint32)
    starts = np.zeros(total + 1, dtype=np.int64)
    sizes = np.array([SIGNATURE_WORDS, FINGERPRINT_WORDS, WINDOW], dtype=np.int64)
    parts, done = [], 0
    for low, high in chunks(texts.offsets, CHUNK_BYTES):
        room = int(texts.offsets[high] - texts.offsets[low]) + high - low
        prints = np.empty(room, dtype=np.uint64)
        kept = texts.hashes, texts.flags, texts.grams, texts.places[low : high + 1]
        count = sketching.sketch(
            texts.data, texts.offsets[low : high + 1], tables(), sizes, *permutations(),
            words[low:high], exact[low:high], signatures[low:high], prints, starts[low + 1 : high + 1], kept,
        )  # fmt: skip
        starts[low + 1 : high + 1] += done
        done += count
        parts.append(prints[:count].copy())
    return Sketches(words, exact, signatures, np.concatenate([*parts, np.zeros(0, dtype=np.uint64)]), starts)


def sign_texts(texts: Buffers) -> tuple[Signatures, npt.NDArray[np.bool_]]:
    """The signatures alone (uint32, shape (texts, 128)), and which texts are long enough to have one."""
    total = len(texts.offsets) - 1
    signatures, signed = np.empty((total, PERMUTATIONS), dtype=np.uint32), np.zeros(total, dtype=np.bool_)
    sketching.sign_all(
        texts.data, texts.offsets, tables(), SIGNATURE_WORDS, *permutations(), signatures, signed
    )  # fmt: skip
    return signatures, signed


def repeated(prints: Hashes) -> npt.NDArray[np.bool_]:
    """Which fingerprints may occur more than once: all that do, and a few that don't."""
    size = 1 << 16
    while size < min(4 * len(prints), 1 << 26):
        size *= 2
    keep = np.zeros(len(prints), dtype=np.bool_)
    sketching.mark_repeated(prints, np.zeros(size, dtype=np.uint8), keep)
    return keep


def chunks(offsets: npt.NDArray[np.int64], size: int) -> list[tuple[int, int]]:
    """Ranges of texts of about so many bytes each."""
    found, low, total = [], 0, len(offsets) - 1
    while low < total:
        high = int(np.searchsorted(offsets, offsets[low] + size, side="right")) - 1
        high = min(max(high, low + 1), total)
        found.append((low, high))
        low = high
    return found


def read_words(texts: Buffers) -> None:
    """Fills the kept words of texts that needn't be sketched."""
    measuring.read_all(texts.data, texts.offsets, tables(), texts.kept)


def fold_text(texts: Buffers, text: int) -> npt.NDArray[np.uint32]:
    """The folded words of a text, a space between two, as characters (uint32)."""
    start, stop = int(texts.offsets[text]), int(texts.offsets[text + 1])
    out = np.empty(4 * (stop - start) + 4, dtype=np.uint32)
    return out[: reading.fold_text(texts.data, start, stop, tables(), out)]


def count_grams(
    texts: Buffers, order: npt.NDArray[np.int64], stories: npt.NDArray[np.int64], counts: npt.NDArray[np.uint8]
) -> None:
    """Counts the stories of each run of three words, as `plain.count_grams`."""
    measuring.count_grams(texts.data, texts.offsets, tables(), texts.kept, order, stories, counts)


def same_words(texts: Buffers, one: int, others: Sequence[int]) -> list[bool]:
    """Whether each of the other texts has the same words as one, as `plain.same_words`."""
    out = np.zeros(len(others), dtype=np.bool_)
    reading.same_words(texts.data, texts.offsets, tables(), one, np.array(others, dtype=np.int64), out)
    return [bool(same) for same in out]


def measure_pairs(
    texts: Buffers, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], counts: npt.NDArray[np.uint8], limit: int
) -> npt.NDArray[np.int64]:
    """The measures of the pairs, as `plain.measure_pairs`."""
    out = np.zeros((len(left), align.SIZE), dtype=np.int64)
    measuring.measure_pairs(texts.data, texts.offsets, tables(), texts.kept, left, right, counts, limit, out)
    return out


def measure_texts(
    texts: Sequence[str],
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    counts: npt.NDArray[np.uint8],
    limit: int,
) -> npt.NDArray[np.int64]:
    """The measures of pairs of a few texts that needn't be sketched, as `plain.measure_pairs`."""
    array = pa.array(texts, pa.large_string())
    held = buffers(array, keep_bytes=array.nbytes)
    read_words(held)
    return measure_pairs(held, left, right, counts, limit)


def count_slots(
    slots: npt.NDArray[np.uint32],
    starts: npt.NDArray[np.int64],
    order: npt.NDArray[np.int64],
    stories: npt.NDArray[np.int64],
    counts: npt.NDArray[np.uint8],
) -> None:
    """Counts the stories of each slot, as `plain.count_slots`."""
    measuring.count_slots(slots, starts, order, stories, counts)


def sum_common(
    slots: npt.NDArray[np.uint32],
    starts: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
    counts: npt.NDArray[np.uint8],
    limit: int,
) -> Hashes:
    """What is common of each text, as `plain.sum_common`."""
    found = np.zeros(len(rows), dtype=np.uint64)
    measuring.sum_common(slots, starts, rows, counts, limit, found)
    return found
