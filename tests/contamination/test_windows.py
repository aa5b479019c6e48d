"""Tests of where the words of blocks stand in their article."""

from __future__ import annotations

import numpy as np

from copydesk.article import Article, Block, Metadata, Source
from copydesk.contamination import paragraph_columns
from copydesk.contamination.papers import Papers, batches, block_starts
from copydesk.contamination.windows import far_words, place_blocks

PORT = "The port of Lindhaven froze, and the port waits."
LINES = (
    PORT,
    "No ship left the port.",
    "Ships wait.",
    "The ice is thick.",
    "A ferry waits in Lindhaven.",
    "Snow fell.",
)


def papers(*sizes: int) -> Papers:
    """Articles of so many lines, each with a title."""
    blocks = [tuple(Block(LINES[n % len(LINES)]) for n in range(size)) for size in sizes]
    title = Metadata(title="Lindhaven port froze")
    table = paragraph_columns([Article(str(n), Source("a", n, None), own, title) for n, own in enumerate(blocks)])
    starts = block_starts(table)
    return next(batches(table, starts, np.zeros(starts[-1], np.bool_)))


def test_a_word_is_near_in_the_window_and_far_beyond() -> None:
    """Of a title's words all but those of the last two lines are far; of a line's those two lines away aren't."""
    some = papers(9)
    place = place_blocks(some)
    words = far_words(some, place, np.ones(some.words.size))
    for n, (token, block) in enumerate(zip(some.tokens, words.block, strict=True)):
        holders = np.unique(words.block[some.tokens == token])
        far = (holders < place.low[block]) | (holders >= place.high[block]) & (holders != block)
        assert (words.everywhere[n], words.away[n]) == (holders.size, far.sum())
    assert place.low.tolist() == [0, 0, 0, 1, 2, 3, 4, 5, 6, 7]
    assert place.high.tolist() == [3, 4, 5, 6, 7, 8, 9, 9, 9, 9]
    assert words.often[words.away == 0].max() == 0
