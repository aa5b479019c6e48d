"""Measuring pairs of groups on the texts that the index holds; of each pair only these are read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from copydesk.duplicates.candidates import Numbers
from copydesk.duplicates.engine import PART_PAIRS, choose_form
from copydesk.duplicates.hashing import GRAM_SLOTS
from copydesk.duplicates.index.counts import Slots
from copydesk.duplicates.index.rows import Rows
from copydesk.duplicates.index.update import Measure
from copydesk.duplicates.verify import COMMON_ARTICLES, Verdicts, judge
from copydesk.settings import DuplicateSettings

NOTHING = 255
"""No count is above it."""


def measure_at(rows: Rows, reps: Numbers, settings: DuplicateSettings, *, compile_code: bool) -> Measure:
    """Measures pairs with no run of words taken for common. `reps`: the article that stands at each position."""
    return _measure(rows, reps, settings, np.zeros(1, dtype=np.uint8), NOTHING, compile_code=compile_code)


def measure_without(
    common: Slots, rows: Rows, reps: Numbers, settings: DuplicateSettings, *, compile_code: bool
) -> Measure:
    """Measures pairs without the runs of words that fall into common slots."""
    counts = np.zeros(GRAM_SLOTS, dtype=np.uint8)
    counts[common] = NOTHING
    return _measure(rows, reps, settings, counts, COMMON_ARTICLES, compile_code=compile_code)


def _measure(
    rows: Rows,
    reps: Numbers,
    settings: DuplicateSettings,
    counts: npt.NDArray[np.uint8],
    limit: int,
    *,
    compile_code: bool,
) -> Measure:
    measure_texts = choose_form(compile_code).measure_texts

    def measure(left: Numbers, right: Numbers) -> Verdicts:
        parts = []
        for low in range(0, max(len(left), 1), PART_PAIRS):
            ends = np.concatenate([left[low : low + PART_PAIRS], right[low : low + PART_PAIRS]])
            own, places = np.unique(ends, return_inverse=True)
            half = len(places) // 2
            found = measure_texts(rows.texts(reps[own]), places[:half], places[half:], counts, limit)
            words = rows.take(["words"], reps[own])["words"].to_numpy()[places]
            parts.append(judge(found, words[half:], words[:half], settings))
        return Verdicts(*(np.concatenate([getattr(part, name) for part in parts]) for name in Verdicts.__slots__))

    return measure
