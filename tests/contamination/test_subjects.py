"""Tests of the direction of a theme and of other subjects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from copydesk.article import Article, Block, Metadata, Source
from copydesk.contamination.background import load_background
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.document_words import Documents, document_vectors
from copydesk.contamination.papers import Corpus, block_starts
from copydesk.contamination.subjects import apart, middle_of, other_subjects, theme_direction

SCHOOL = "Teachers and students of the district return to the classroom, and the school board pays for new books."
MATCH = "The striker scored twice in the second half, and the goalkeeper saved a penalty late in the match."
STORM = "The hurricane flooded the coast, and rain and wind left thousands of homes without power until the morning."


def vectors_of(*texts: str) -> np.ndarray:
    """The vectors of articles of one paragraph each."""
    articles = [Article(str(n), Source("", n, None), (Block(text),), Metadata()) for n, text in enumerate(texts)]
    table = paragraph_columns(articles)
    starts = block_starts(table)
    corpus = Corpus(table, starts, np.zeros(starts[-1], np.bool_))
    places = np.arange(len(texts))
    return document_vectors(Documents(corpus, places).words(places), load_background())


def test_offsets_are_counted_from_the_middle_in_spreads() -> None:
    """The middle is nothing, the figures are cut at both ends, and equal ones all lie in the middle."""
    figures = np.array([1.0, 2.0, 3.0, 4.0, -90.0, 90.0])
    off = middle_of(figures).offsets(figures)
    assert off[1] < 0 < off[2]
    assert (off.min(), off.max()) == (-8.0, 3.0)
    assert middle_of(np.full(4, 0.3)).offsets(np.full(4, 0.3)).tolist() == [0.0] * 4


def test_strangers_do_not_turn_the_direction() -> None:
    """Two strangers that speak as loud as the others at first are hardly heard: the direction stays where it was."""
    background = load_background()
    vectors = vectors_of(*[SCHOOL] * 10, MATCH, STORM)
    direction, border = theme_direction(vectors, np.ones(12), background)
    near = apart(vectors, background) @ direction
    assert near[:10].min() > 0.99
    assert near[10:].max() < 0.5 < border


def test_articles_of_the_theme_are_no_other_subject() -> None:
    """An article on the theme is near to none of the others, though the background has one like it; a stranger is."""
    company = vectors_of(SCHOOL + " Pupils learn to read.", MATCH + " The fans sang.", STORM)
    background = replace(load_background(), company=company)
    vectors = vectors_of(*[SCHOOL] * 6, *[f"{SCHOOL} {SCHOOL} {STORM}"] * 4, MATCH)
    others = other_subjects(vectors, np.arange(10), background).nearest(vectors)
    assert others[:6].max() < 0.1
    assert others[10] > 0.3


def test_an_article_is_not_its_own_other_subject() -> None:
    """An article that the background holds itself isn't held against its own copy there."""
    company = vectors_of(MATCH, STORM)
    background = replace(load_background(), company=company)
    vectors = vectors_of(*[SCHOOL] * 10, MATCH)
    assert other_subjects(vectors, np.arange(10), background).nearest(vectors)[10] < 0


def test_a_background_without_articles_has_no_other_subjects() -> None:
    """Without articles in the background there is nothing to be nearer to."""
    background = replace(load_background(), company=np.zeros((0, 128), np.float32))
    vectors = vectors_of(*[SCHOOL] * 10)
    assert other_subjects(vectors, np.arange(5), background).nearest(vectors).tolist() == [0.0] * 10


def test_articles_outside_the_company_have_others_too() -> None:
    """The figure of an article doesn't depend on what it is looked at with."""
    vectors = vectors_of(*[SCHOOL] * 10, MATCH, STORM)
    others = other_subjects(vectors[:10], np.arange(5), load_background())
    assert np.allclose(others.nearest(vectors)[10:], others.nearest(vectors[10:]), atol=1e-6)
    assert others.nearest(vectors[10:]).min() > 0
