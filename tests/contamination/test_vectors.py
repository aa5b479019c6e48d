"""Tests of blocks as vectors."""

from __future__ import annotations

import numpy as np

from copydesk.article import Article, Block, Source
from copydesk.contamination import paragraph_columns
from copydesk.contamination import vectors as module
from copydesk.contamination.background import load_background
from copydesk.contamination.kernels import compiled
from copydesk.contamination.papers import Papers, batches, block_starts
from copydesk.contamination.vectors import block_vectors, unit_rows

LINES = (
    "The port of Lindhaven froze over in the night and no ship could leave it.",
    "Ships wait for a berth in the harbour of Lindhaven until the ice is gone.",
    "A judge in Ohio ruled that school vouchers break the state's constitution.",
    "",
)


def papers() -> Papers:
    """One article as arrays."""
    table = paragraph_columns([Article("a", Source("a.txt", 0, None), tuple(map(Block, LINES)))])
    starts = block_starts(table)
    return next(batches(table, starts, np.zeros(starts[-1], np.bool_)))


def test_like_subjects_lie_close() -> None:
    """Two lines on a port are more alike than one of them and a line on schools; a block without words is nothing."""
    vectors = block_vectors(papers(), load_background())
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3
    assert not vectors[3].any()


def test_compiled_or_not_the_sums_are_the_same_to_the_bit() -> None:
    """What a corpus is judged by must not depend on its size."""
    some, background = papers(), load_background()
    rows = np.minimum(some.words, background.words.size)[some.tokens].astype(np.int64)
    step = np.float32(background.step)
    weights = np.linspace(0.5, 4, rows.size).astype(np.float32)
    sums = np.zeros((3, some.bounds.size - 1, background.vectors.shape[1]), np.float32)
    compiled(module._add)(rows, weights, some.bounds, background.table, step, sums[0])
    module._add_by_place(rows, weights, some.bounds, background.table, step, sums[1])
    assert sums[0].tobytes() == sums[1].tobytes()
    module._add_by_place(rows, np.ones(rows.size, np.float32), some.bounds, background.table, step, sums[2])
    assert unit_rows(sums[2]).tobytes() == block_vectors(some, background).tobytes()


def test_rows_of_zeros_stay_zeros() -> None:
    """A vector without length has no direction."""
    assert unit_rows(np.zeros((2, 3), np.float32)).tolist() == [[0, 0, 0], [0, 0, 0]]
