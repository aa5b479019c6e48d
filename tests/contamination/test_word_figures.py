"""Tests of what the words of blocks say."""

from __future__ import annotations

import numpy as np
from tests.contamination import port_papers

from copydesk.article import Article, Block, Source
from copydesk.contamination import paragraph_columns
from copydesk.contamination import word_figures as module
from copydesk.contamination.background import load_background
from copydesk.contamination.papers import Papers, batches, block_starts
from copydesk.contamination.windows import place_blocks
from copydesk.contamination.word_figures import word_figures

LINES = (*port_papers.LINES, "Mayor Abbott of Tarrow ate cod.")


def papers(*sizes: int) -> Papers:
    """Articles of so many lines; the seventh shares no word with another one."""
    return port_papers.papers(*sizes, lines=LINES)


def test_words_that_stand_far_away_are_no_neighbours() -> None:
    """A line that comes again seven lines on is covered there; one whose words nobody else has isn't."""
    some = papers(9)
    figures = word_figures(some, place_blocks(some), load_background())
    assert figures["cover_far"][0] == figures["cover"][0] == 1
    assert (figures["cover"][5], figures["cover_title"][5], figures["strength_far"][5]) == (0, 0, 0)
    np.testing.assert_allclose(figures["cover_near"] + figures["cover_far"], figures["cover"])
    assert figures["likelihood"][0] > figures["likelihood"][5]


def test_compiled_or_not_the_figures_are_the_same_to_the_bit() -> None:
    """What a corpus is judged by must not depend on its size; titles, short articles and long ones among them."""
    some, background = papers(1, 7, 2, 12, 30, 4, 9), load_background()
    far = np.arange(1, some.lengths.size + 1)
    arrays, compiled = (
        way(some, place_blocks(some), background, far) for way in (module._figures, module._figures_compiled)
    )
    assert [own.tobytes() for own in arrays] == [own.tobytes() for own in compiled]
    assert (arrays[0] > 0).any(axis=1).all()


def test_of_no_words_nothing_is_said() -> None:
    """A block without words has figures, and they are finite."""
    table = paragraph_columns([Article("a", Source("a", 0, None), (Block("1"), Block("2")))])
    starts = block_starts(table)
    some = next(batches(table, starts, np.zeros(starts[-1], np.bool_)))
    figures = word_figures(some, place_blocks(some), load_background())
    assert all(not figure.any() for figure in figures.values())
