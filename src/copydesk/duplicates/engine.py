"""What is done to texts when they are compared: on texts at hand, or on kept sketches and the few texts needed.

Each way comes plainly and compiled; all give the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates import plain
from copydesk.duplicates.buffers import LetGo, buffers, keep_all
from copydesk.duplicates.candidates import Numbers, choose_pairs, pair_by_prints
from copydesk.duplicates.columns import Columns, digest_text
from copydesk.duplicates.counting import CountBook
from copydesk.duplicates.groups import Digest, SameWords
from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.pace import PAIR_BYTES, STORED_BYTES, measuring_pays, sketching_pays
from copydesk.duplicates.scores import PairKeys, ScoreBook
from copydesk.duplicates.sketch import Sketches, sketch_texts
from copydesk.duplicates.texts import HeldTexts
from copydesk.machine.collector import trim

Counts = npt.NDArray[np.uint8]
Measures = npt.NDArray[np.int64]
MOST_COUNTED = 255
"""No count is above it, so with this limit nothing is common."""

PART_ARTICLES = 8192
"""Articles of stories told more than once whose slots are copied at once."""

PART_PAIRS = 8192
"""Pairs whose texts are in memory at once where they are read for it. After fewer it isn't worth giving any back."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The things that are done to texts. `sketch()` comes first; what it gives is let go when it is no longer needed.

    `pair(sketches, rows, stories)` gives the pairs of the texts in these rows that share enough fingerprints;
    `count(order, stories, counts)` counts the stories of each slot (`plain.count_grams`); `measure(left, right, counts,
    limit)` gives the measures of pairs of rows (`plain.measure_pairs`).
    """

    sketch: Callable[[], Sketches]
    pair: Callable[[Sketches, Numbers, Numbers], Hashes]
    count: Callable[[Numbers, Numbers, Counts], None]
    measure: Callable[[Numbers, Numbers, Counts, int], Measures]
    same_words: SameWords
    digest: Digest


def open_engine(texts: pa.Array, *, compile_code: bool | None = None, let_go: LetGo = keep_all) -> Engine:
    """The engine for an Arrow array of strings; compiled if it pays, or as `compile_code` says."""
    if compile_code is None:
        compile_code = sketching_pays(texts.nbytes)

    def digest(row: int) -> bytes:
        return digest_text(texts[row].as_py())

    if not compile_code:
        strings = texts.to_pylist()
        read = plain.read_texts(strings)
        return Engine(
            lambda: sketch_texts(strings),
            _pair_rows,
            lambda order, stories, counts: plain.count_grams(read, order, stories, counts),
            lambda left, right, counts, limit: plain.measure_pairs(read, left, right, counts, limit),
            lambda left, right: plain.same_words(strings, left, right),
            digest,
        )
    from copydesk.duplicates import compiled

    held = buffers(texts, let_go=let_go)
    return Engine(
        lambda: compiled.sketch_texts(held),
        _pair_rows,
        lambda order, stories, counts: compiled.count_grams(held, order, stories, counts),
        lambda left, right, counts, limit: compiled.measure_pairs(held, left, right, counts, limit),
        lambda left, right: compiled.same_words(held, left, right),
        lambda row: compiled.digest(held, row),
    )


def open_stored(
    columns: Columns,
    texts: HeldTexts,
    book: ScoreBook,
    counted: CountBook,
    *,
    compile_code: bool | None = None,
    threads: int = 1,
) -> Engine:
    """The engine for kept sketches: texts are loaded only where two must be measured and the book doesn't know them,
    and stories are counted that weren't `counted` before. Pairs are measured in so many threads.
    """
    slots = columns.slots

    def form(size: int) -> Any:
        return choose_form(measuring_pays(size, len(columns.digests)) if compile_code is None else compile_code)

    def count(order: Numbers, stories: Numbers, counts: Counts) -> None:
        count_slots = form(len(order) * STORED_BYTES).count_slots
        alone = np.bincount(stories, minlength=1)[stories] == 1
        for (values, starts), rows, _ in slots.by_piece(order[alone]):
            count_slots(values, starts, rows, np.arange(len(rows)), counts)
        several, names = order[~alone], stories[~alone]
        for low, high in _whole_stories(names):
            values, starts = slots.take(several[low:high])
            count_slots(values, starts, np.arange(high - low), names[low:high], counts)

    def sum_common(rows: Numbers, counts: Counts, limit: int) -> Hashes:
        found = np.zeros(len(rows), np.uint64)
        if limit < MOST_COUNTED:
            add_up = form(len(rows) * STORED_BYTES).sum_common
            for (values, starts), own, at in slots.by_piece(rows):
                found[at] = add_up(values, starts, own, counts, limit)
        return found

    def measure(left: Numbers, right: Numbers, counts: Counts, limit: int) -> Measures:
        rows, places = np.unique(np.concatenate([left, right]), return_inverse=True)
        common = sum_common(rows, counts, limit)[places]
        digests = columns.digests
        keys = PairKeys(digests[left], digests[right], common[: len(left)], common[len(left) :])
        found, known = book.look_up(keys)
        unknown = np.flatnonzero(~known)
        if len(unknown):
            ends = texts.places(left[unknown]), texts.places(right[unknown])
            found[unknown] = form(len(unknown) * PAIR_BYTES).measure_held(texts, *ends, counts, limit, threads)
            _give_back(len(unknown))
        book.note(keys, found)
        return found

    return Engine(
        lambda: columns.sketches,
        partial(_pair_known, columns, counted),
        lambda order, stories, counts: counted.count(columns, order, stories, counts, count),
        measure,
        lambda left, right: (columns.folded[list(left)] == columns.folded[list(right)]).all(axis=1).tolist(),
        lambda row: columns.digests[row].tobytes(),
    )


def _give_back(pairs: int) -> None:
    if pairs >= PART_PAIRS:
        trim()


def _pair_rows(sketches: Sketches, rows: Numbers, stories: Numbers) -> Hashes:
    texts = np.full(len(sketches.words), -1, dtype=np.int64)
    texts[rows] = np.arange(len(rows))
    return pair_by_prints(sketches.prints, texts, stories)


def _pair_known(columns: Columns, counted: CountBook, sketches: Sketches, rows: Numbers, stories: Numbers) -> Hashes:
    shared = counted.pair(columns, rows, stories)
    return choose_pairs(shared.pairs, shared.common, sketches.prints.sizes()[rows], stories)


def _whole_stories(stories: Numbers) -> Iterator[tuple[int, int]]:
    """Ranges of stories that lie side by side, of about `PART_ARTICLES`, none divided."""
    bounds = np.append(np.flatnonzero(stories[1:] != stories[:-1]) + 1, len(stories))
    low = 0
    while low < len(stories):
        high = int(bounds[min(int(np.searchsorted(bounds, low + PART_ARTICLES)), len(bounds) - 1)])
        yield low, high
        low = high


def choose_form(compile_code: bool) -> Any:
    """The module with `count_slots`, `sum_common`, `measure_texts` and `measure_held`, plain or compiled."""
    if not compile_code:
        return plain
    from copydesk.duplicates import compiled  # loads machine code

    return compiled
