"""Large corpora: the kernels over Arrow's buffers, chunk by chunk.

Imported only where loading compiled code pays; gives what `plain` gives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates import align
from copydesk.duplicates.buffers import Buffers, Kept, buffers, room, tables
from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.kernels import measuring, sketching
from copydesk.duplicates.kernels import words as reading
from copydesk.duplicates.lists import hold_lists
from copydesk.duplicates.permutations import COPY_BANDS, PERMUTATIONS, Signatures, band_keys, permutations
from copydesk.duplicates.sketch import FINGERPRINT_WORDS, SIGNATURE_WORDS, WINDOW, Sketches
from copydesk.duplicates.texts import HeldTexts
from copydesk.machine.threads import map_in_threads

CHUNK_BYTES = 32 * 1024 * 1024
"""Text that is sketched at once: the fingerprints of a chunk are first written to memory for the worst case, four
times the text.
"""


PART_BYTES, PART_PAIRS = 8 * 1024 * 1024, 2048
"""Texts whose words are in memory at once, and pairs, where not all are kept."""


def read_words(texts: Buffers, rows: npt.NDArray[np.int64]) -> Kept:
    """The words of some texts, in their order."""
    size = int((texts.offsets[rows + 1] - texts.offsets[rows]).sum())
    kept = room(size, len(rows))
    measuring.read_rows(texts.data, texts.offsets, tables(), rows, kept.arrays)
    return kept


def sketch_texts(texts: Buffers, *, keep_signatures: bool = False) -> Sketches:
    """The sketches of the texts, as `sketch.sketch_texts`; fills the kept words. Signatures are kept if they are asked
    for: they are larger than all the rest.
    """
    total, chosen = len(texts.offsets) - 1, COPY_BANDS
    words, exact = np.zeros(total, dtype=np.int64), np.zeros(total, dtype=np.uint64)
    signatures = np.empty((total if keep_signatures else 0, PERMUTATIONS), dtype=np.uint32)
    keys = np.empty((chosen.count, total), dtype=np.uint32)
    starts = np.zeros(total + 1, dtype=np.int64)
    sizes = np.array([SIGNATURE_WORDS, FINGERPRINT_WORDS, WINDOW], dtype=np.int64)
    prints, end = np.empty(0, dtype=np.uint64), 0
    for low, high in chunks(texts.offsets, CHUNK_BYTES):
        room = int(texts.offsets[high] - texts.offsets[low]) + high - low
        part, signed = np.empty(room, dtype=np.uint64), np.empty((high - low, PERMUTATIONS), dtype=np.uint32)
        kept = *texts.kept.arrays[:3], texts.kept.places[low : high + 1]
        count = sketching.sketch(
            texts.data, texts.offsets[low : high + 1], tables(), sizes, *permutations(),
            words[low:high], exact[low:high], signed, part, starts[low + 1 : high + 1], kept,
        )  # fmt: skip
        keys[:, low:high] = band_keys(signed, chosen)
        if keep_signatures:
            signatures[low:high] = signed
        texts.let_go()
        starts[low + 1 : high + 1] += end
        prints = _append(prints, end, part[:count], high / total)
        end += count
    return Sketches(words, exact, signatures, keys, hold_lists(prints[:end], starts))


def _append(whole: Hashes, end: int, part: Hashes, done: float) -> Hashes:
    """The array with a part added at its end, grown to what all will need if the rest is like the `done` share.

    Memory that isn't written to isn't taken; one array that grows takes less than parts that are joined.
    """
    if len(whole) < end + len(part):
        grown = np.empty(int((end + len(part)) / done * 1.1) + 1, dtype=np.uint64)
        grown[:end] = whole[:end]
        whole = grown
    whole[end : end + len(part)] = part
    return whole


def sign_texts(texts: Buffers) -> tuple[Signatures, npt.NDArray[np.bool_]]:
    """The signatures alone (uint32, shape (texts, 128)), and which texts are long enough to have one."""
    total = len(texts.offsets) - 1
    signatures, signed = np.empty((total, PERMUTATIONS), dtype=np.uint32), np.zeros(total, dtype=np.bool_)
    sketching.sign_all(
        texts.data, texts.offsets, tables(), SIGNATURE_WORDS, *permutations(), signatures, signed
    )  # fmt: skip
    return signatures, signed


def chunks(offsets: npt.NDArray[np.int64], size: int) -> list[tuple[int, int]]:
    """Ranges of texts of about so many bytes each."""
    found, low, total = [], 0, len(offsets) - 1
    while low < total:
        high = int(np.searchsorted(offsets, offsets[low] + size, side="right")) - 1
        high = min(max(high, low + 1), total)
        found.append((low, high))
        low = high
    return found


def count_grams(
    texts: Buffers, order: npt.NDArray[np.int64], stories: npt.NDArray[np.int64], counts: npt.NDArray[np.uint8]
) -> None:
    """Counts the stories of each run of three words, as `plain.count_grams`."""
    if len(texts.kept.places):
        measuring.count_grams(texts.kept.arrays, order, stories, counts)
        return
    ends = np.cumsum(texts.offsets[order + 1] - texts.offsets[order])
    low = 0
    while low < len(order):
        high = max(int(np.searchsorted(ends, (ends[low - 1] if low else 0) + PART_BYTES)), low + 1)
        high = int(np.searchsorted(stories, stories[high - 1], side="right"))
        kept = read_words(texts, order[low:high])
        texts.let_go()
        measuring.count_grams(kept.arrays, np.arange(high - low), stories[low:high], counts)
        low = high


def same_words(texts: Buffers, left: Sequence[int], right: Sequence[int]) -> list[bool]:
    """Whether the texts of each pair have the same words, as `plain.same_words`."""
    out = np.zeros(len(left), dtype=np.bool_)
    rows = np.array(left, dtype=np.int64), np.array(right, dtype=np.int64)
    reading.same_words(texts.data, texts.offsets, tables(), *rows, out)
    return [bool(same) for same in out]


def digest(texts: Buffers, text: int) -> bytes:
    """The digest of a text, as `columns.digest_text`."""
    own = texts.data[texts.offsets[text] : texts.offsets[text + 1]]
    return hashlib.blake2b(own.data, digest_size=16).digest()


def measure_pairs(
    texts: Buffers, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], counts: npt.NDArray[np.uint8], limit: int
) -> npt.NDArray[np.int64]:
    """The measures of the pairs, as `plain.measure_pairs`."""
    if len(texts.kept.places):
        return _measure(texts.kept, left, right, counts, limit)
    out = np.zeros((len(left), align.SIZE), dtype=np.int64)
    for low in range(0, len(left), PART_PAIRS):
        part = slice(low, low + PART_PAIRS)
        rows, places = np.unique(np.concatenate([left[part], right[part]]), return_inverse=True)
        half = len(places) // 2
        out[part] = _measure(read_words(texts, rows), places[:half], places[half:], counts, limit)
        texts.let_go()
    return out


def _measure(
    kept: Kept, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], counts: npt.NDArray[np.uint8], limit: int
) -> npt.NDArray[np.int64]:
    out = np.zeros((len(left), align.SIZE), dtype=np.int64)
    common = np.zeros(len(kept.flags), dtype=np.uint8)
    measuring.measure_pairs(kept.arrays, left, right, counts, limit, common, out)
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
    kept = read_words(buffers(array, keep_bytes=0), np.arange(len(array)))
    return _measure(kept, left, right, counts, limit)


def measure_held(
    texts: HeldTexts,
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    counts: npt.NDArray[np.uint8],
    limit: int,
    threads: int,
) -> npt.NDArray[np.int64]:
    """The measures of pairs of texts that are held, by their places, as `plain.measure_pairs`; in so many threads."""
    held = texts.buffers()

    def measure(low: int) -> npt.NDArray[np.int64]:
        part = slice(low, low + PART_PAIRS)
        return measure_pairs(held, left[part], right[part], counts, limit)

    return np.concatenate(list(map_in_threads(measure, range(0, len(left), PART_PAIRS), threads)))


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
