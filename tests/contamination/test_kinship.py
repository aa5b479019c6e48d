"""Tests of articles that tell one event."""

from __future__ import annotations

import numpy as np
import pytest

from copydesk.article import Article, Block, Metadata, Source
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.kinship import kinship, told_twice
from copydesk.contamination.papers import Corpus, block_starts

COPY = "The mayor of Lindhaven told reporters on Friday that the old lighthouse would be sold before the end of summer."
OURS = (
    "Fishermen landed herring on the quay while gulls circled above the crates.",
    "A bakery in the lane has sold rye bread and cardamom buns since the war.",
    "Divers found an anchor, two cannons and a ship's bell near the breakwater.",
    "Pupils painted the shelter beside the tram stop in yellow, violet and green.",
)
THEIRS = (
    "Voters rejected the budget by nineteen ballots after a recount in March.",
    "The orchestra rehearsed a symphony, and the conductor broke his baton twice.",
    "Engineers inspected the reservoir and measured cracks along the spillway.",
    "A veterinarian treated forty sheep for ticks on a farm behind the quarry.",
)


def corpus_of(shared: int) -> Corpus:
    """Two articles with a copied paragraph at the end of the first, and so many other words in common."""
    common = " ".join(" ".join(OURS).split()[:shared])
    lines = (*OURS, *OURS, COPY), (COPY, COPY, COPY, common, *THEIRS, *THEIRS)
    articles = [
        Article(str(n), Source(f"{n}.txt", 0, None), tuple(map(Block, own)), Metadata()) for n, own in enumerate(lines)
    ]
    table = paragraph_columns(articles)
    starts = block_starts(table)
    return Corpus(table, starts, np.zeros(starts[-1], np.bool_))


def told(corpus: Corpus, lead: float) -> bool:
    """Whether the copied paragraph is taken for one that belongs to both."""
    ours, theirs = np.array([8]), corpus.starts[1:2]
    return bool(told_twice(corpus, ours, theirs, np.array([lead]))[0])


def kin_of(corpus: Corpus) -> float:
    """The kinship of the two articles."""
    return kinship(corpus.papers(np.array([0, 1])), 8, int(corpus.starts[1]))


@pytest.mark.parametrize("lead", [0.5, 9.0])
def test_two_events_are_not_kin(lead: float) -> None:
    """Articles with hardly a word in common tell two events."""
    corpus = corpus_of(0)
    assert kin_of(corpus) < 0.12
    assert not told(corpus, lead)


def test_articles_of_one_topic_are_kin_unless_the_paragraph_stands_out() -> None:
    """Where some words are in common a paragraph stays that is a stranger by a little; one that is so by far goes."""
    corpus = corpus_of(6)
    assert 0.12 < kin_of(corpus) < 0.2
    assert told(corpus, 0.5)
    assert not told(corpus, 9.0)


@pytest.mark.parametrize("lead", [0.5, 9.0])
def test_one_event_is_kin_however_strange_the_paragraph(lead: float) -> None:
    """Where many words are in common, a paragraph in both articles belongs to both."""
    corpus = corpus_of(36)
    assert kin_of(corpus) > 0.2
    assert told(corpus, lead)


def test_no_paragraphs() -> None:
    """Nothing is told twice where nothing is asked."""
    none = np.zeros(0, np.int64)
    assert told_twice(corpus_of(0), none, none, np.zeros(0)).size == 0
