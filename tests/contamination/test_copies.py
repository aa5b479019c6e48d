# ruff: noqa: E501 - an example paragraph stands in one line, as it does in an article
"""Tests of where else a paragraph stands."""

from __future__ import annotations

import numpy as np

from copydesk.article import Article, Block, Source
from copydesk.contamination.background import load_background
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.copies import MAX_BLOCKS_OF_KEY, Copies, find_copies
from copydesk.contamination.papers import block_keys, block_starts

COMET = (
    "Astronomers at the Marrow observatory saw the comet Tarnfeld pass behind the planet, Ilse Brandt told reporters."
)
FLOOD = "The river Ebbing left its banks below Cawdry on Friday, and firefighters brought two hundred people to a gymnasium."
MINE = (
    "Copper from the mine at Dorrow has paid for the railway since the war, but the seam will be worked out by spring."
)


def copies_of(*articles: tuple[str, ...], stories: list[int] | None = None) -> Copies:
    """The copies among articles given as paragraphs."""
    table = paragraph_columns(
        [Article(str(i), Source(str(i), 0, None), tuple(map(Block, lines))) for i, lines in enumerate(articles)]
    )
    starts = block_starts(table)
    gone = np.zeros(starts[-1], np.bool_)
    numbers = np.arange(len(articles)) if stories is None else np.array(stories)
    return find_copies(table, starts, numbers, block_keys(table, starts, gone), load_background())


def test_a_copy_is_found_from_both_sides() -> None:
    """Each of the two names the other, with all of its weight."""
    found = copies_of((FLOOD, COMET), (COMET, MINE))
    assert found.blocks.tolist() == [1, 3]
    assert found.matches.tolist() == [3, 1]
    assert found.shares.tolist() == [1.0, 1.0]


def test_a_copy_with_more_around_it_is_found() -> None:
    """A paragraph that stands in a longer one is wholly there; the longer one only in part here."""
    found = copies_of((COMET,), (f"{COMET} The Marrow observatory was founded by Brandt's father.",))
    shares = dict(zip(found.blocks.tolist(), found.shares.tolist(), strict=True))
    assert shares[0] == 1.0
    assert shares.get(2, 0.6) < 1.0


def test_other_paragraphs_are_no_copies() -> None:
    """Paragraphs that share no rare words have no match; nor has an empty corpus."""
    assert copies_of((FLOOD,), (MINE,)).blocks.size == 0
    assert copies_of().blocks.size == 0


def test_copies_of_one_story_do_not_count() -> None:
    """What stands in a copy of the article itself stands in no other story."""
    assert copies_of((COMET,), (COMET,), stories=[4, 4]).blocks.size == 0


def test_formulas_are_no_copies() -> None:
    """A paragraph in very many stories belongs to none of them."""
    assert copies_of(*[(COMET,)] * (MAX_BLOCKS_OF_KEY + 1)).blocks.size == 0
