"""Tests of the columns that the models see."""

from __future__ import annotations

import numpy as np
import pytest

from copydesk.article import Article, Block, Source
from copydesk.contamination.background import load_background
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.papers import Corpus, block_starts
from copydesk.contamination.scoring import copies_in, figures_of, first_columns
from copydesk.contamination.theme import no_theme

BERTH = "The port of Lindhaven froze over on Sunday night, and no ship has left its berth there since then."
CREWS = "Crews who had waited for a berth since Friday lit fires on the pier while the ice grew around them."
HEADLINE, ANOTHER = "Beekeepers lose sixty hives to flood", "Judge stops vouchers for private schools"


def headline_above(*blocks: Block) -> list[float]:
    """For each block that is kept, whether the line above it counts as a headline of it."""
    background = load_background()
    table = paragraph_columns([Article("one", Source("one.txt", 0, None), blocks)])
    starts = block_starts(table)
    corpus = Corpus(table, starts, np.zeros(starts[-1], np.bool_))
    copies = copies_in(corpus, np.arange(1))
    theirs = figures_of(corpus, copies.matches, background)
    (papers,) = corpus.lying(np.arange(1))
    columns, *_ = first_columns(papers, copies, theirs, no_theme(background), background)
    found: list[float] = columns["headline"][:-1].tolist()
    return found


def test_a_headline_directly_above_counts() -> None:
    """The line above reads like a headline, and a paragraph stands above that; or nothing does."""
    assert headline_above(Block(BERTH), Block(HEADLINE), Block(CREWS)) == [0, 0, 1]
    assert headline_above(Block(HEADLINE), Block(CREWS), Block(BERTH)) == [0, 1, 0]


def test_the_end_of_a_list_is_no_headline() -> None:
    """What follows several such lines is the article's own next paragraph, not the first one's story."""
    assert headline_above(Block(BERTH), Block(ANOTHER), Block(HEADLINE), Block(CREWS))[-1] == 0


@pytest.mark.parametrize(("label", "counts"), [("furniture", 0), ("body", 1)])
def test_a_line_below_one_that_is_gone_is_the_end_of_a_list(label: str, counts: int) -> None:
    """The rules take lists of other stories but for lines that no rule knows; below a paragraph nothing changes."""
    above = Block(CREWS, label=label)
    assert headline_above(Block(BERTH), above, Block(HEADLINE), Block(CREWS))[-1] == counts


def test_a_paragraph_above_is_no_headline() -> None:
    """A line that ends as a sentence does is none, and the article's title never is."""
    assert headline_above(Block(BERTH), Block(CREWS), Block(BERTH)) == [0, 0, 0]
