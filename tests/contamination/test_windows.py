"""Tests of where the words of blocks stand in their article."""

from __future__ import annotations

import numpy as np
from tests.contamination.port_papers import papers

from copydesk.contamination.windows import far_words, place_blocks


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
