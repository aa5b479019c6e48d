"""Tests of what lies beside a block and beyond."""

from __future__ import annotations

import numpy as np
from tests.contamination.port_papers import papers

from copydesk.contamination import neighbours as module
from copydesk.contamination.background import load_background
from copydesk.contamination.kernels import compiled
from copydesk.contamination.neighbours import most_alike, sums_beside
from copydesk.contamination.vectors import block_vectors
from copydesk.contamination.windows import place_blocks


def test_what_is_beside_isnt_beyond() -> None:
    """Two lines to either side are neighbours in a long article; all others, the title too, are the far rest."""
    some = papers(9)
    vectors = block_vectors(some, load_background())
    near, far = sums_beside(some, place_blocks(some), vectors)
    np.testing.assert_allclose(near[4], vectors[[2, 3, 5, 6]].sum(axis=0), atol=1e-6)
    np.testing.assert_allclose(far[4], vectors[[0, 1, 7, 8, 9]].sum(axis=0), atol=1e-6)


def test_compiled_or_not_the_sums_are_the_same_to_the_bit() -> None:
    """What a corpus is judged by must not depend on its size; titles, short articles and long ones among them."""
    some = papers(1, 6, 2, 12, 30, 4, 9)
    vectors, place = block_vectors(some, load_background()), place_blocks(some)
    arrays, loops = sums_beside(some, place, vectors), np.empty((2, *vectors.shape), np.float32)
    whole = np.add.reduceat(vectors, some.starts[:-1], axis=0)
    compiled(module._add_beside)(vectors, some.starts, place.low, place.high, whole, *loops)
    assert arrays[0].tobytes() == loops[0].tobytes()
    assert arrays[1].tobytes() == loops[1].tobytes()


def test_the_most_alike_are_far_ones() -> None:
    """A line that stands twice more beyond its window is as alike as can be; one of a single block has no far ones."""
    some = papers(19, 1)
    alike = most_alike(some, place_blocks(some), block_vectors(some, load_background()))
    assert abs(alike[0] - 1) < 1e-6
    assert alike[-1] <= 1
    assert most_alike(papers(1), place_blocks(papers(1)), np.zeros((2, 4), np.float32)).tolist() == [0, 0]
