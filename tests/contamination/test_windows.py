"""Tests of where the words of blocks stand in their article."""

from __future__ import annotations

import numpy as np

from copydesk.article import Article, Block, Metadata, Source
from copydesk.contamination import paragraph_columns
from copydesk.contamination import windows as module
from copydesk.contamination.kernels import compiled
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


def test_compiled_or_not_the_counts_are_the_same() -> None:
    """What a corpus is judged by must not depend on its size; titles, short articles and long ones among them."""
    some = papers(1, 6, 2, 12, 30, 4, 9)
    place, found = place_blocks(some), np.zeros((2, 3, some.tokens.size), np.int64)
    given = some.tokens, some.counts, some.bounds, place.low, place.high
    for way, count in enumerate((module._count_by_word, compiled(module._count_in_order))):
        count(*given, np.zeros((4, some.words.size), np.int64), *found[way])
    assert found[0].tobytes() == found[1].tobytes()
    assert (found[0][0] > 1).any()
    assert (found[0][2] >= found[0][1]).all()
