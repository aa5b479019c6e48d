"""The weight that two blocks share, measured where the columns lie."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from copydesk.article import Article, Block, Source
from copydesk.contamination import paragraph_columns
from copydesk.contamination.background import load_background
from copydesk.contamination.papers import block_starts
from copydesk.contamination.weights import common_weights

PORT = "The port of Lindhaven froze over in the night and no ship could leave it."
COPY = "No ship could leave the port of Lindhaven, which froze over in the night."
OTHER = "Beekeepers along the Pellow river lost sixty hives to the flood."


def columns(*texts: str) -> pa.Table:
    """Make the columns of articles of one paragraph each; every block is followed by its article's empty title."""
    articles = [Article(str(i), Source(f"{i}.txt", 0, None), (Block(text),)) for i, text in enumerate(texts)]
    return paragraph_columns(articles)


@pytest.mark.parametrize("chunks", [1, 3])
def test_shared_words_weigh_what_they_weigh_alone(chunks: int):
    """A block holds all of a copy's words and few of a stranger's, however the columns lie in memory."""
    table = columns(PORT, COPY, OTHER)
    if chunks > 1:
        table = pa.concat_tables([table.slice(i, 1) for i in range(3)])
    common, left, right = common_weights(
        table, block_starts(table), np.array([0, 0, 2]), np.array([2, 4, 4]), load_background()
    )
    assert common[0] == pytest.approx(left[0]) == pytest.approx(right[0])
    assert common[1] < 0.2 * left[1]
    assert common[2] == pytest.approx(common[1])


def test_no_pairs_have_no_weights():
    """Nothing to measure gives nothing."""
    none = np.zeros(0, np.int64)
    assert [part.size for part in common_weights(columns(PORT), np.array([0, 2]), none, none, load_background())] == [
        0,
        0,
        0,
    ]
