"""Tests of passages near a theme and of other subjects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from copydesk.article import Article, Block, Metadata, Source
from copydesk.contamination.background import Background, load_background
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.document_figures import corpus_words, document_vectors
from copydesk.contamination.papers import Corpus, block_starts
from copydesk.contamination.passages import apart, offsets, other_subjects, passages_near, theme_direction

SCHOOL = "Teachers and students of the district return to the classroom, and the school board pays for new books."
MATCH = "The striker scored twice in the second half, and the goalkeeper saved a penalty late in the match."
STORM = "The hurricane flooded the coast, and rain and wind left thousands of homes without power until the morning."


def article(name: str, *lines: str, title: str = "") -> Article:
    """An article of these paragraphs."""
    return Article(name, Source(f"{name}.txt", 0, None), tuple(map(Block, lines)), Metadata(title=title))


def corpus_of(*articles: Article) -> Corpus:
    """The articles as columns, nothing gone."""
    table = paragraph_columns(articles)
    starts = block_starts(table)
    return Corpus(table, starts, np.zeros(starts[-1], np.bool_))


def vectors_of(*articles: Article) -> np.ndarray:
    """The vectors of the articles."""
    return document_vectors(corpus_words(corpus_of(*articles), np.arange(len(articles))), load_background())


schools = tuple(article(f"school{n}", SCHOOL, SCHOOL) for n in range(10))
strangers = (article("match", MATCH, MATCH), article("storm", STORM, STORM))


@pytest.fixture(scope="module")
def school_direction() -> np.ndarray:
    """Where the articles on schools point."""
    return theme_direction(vectors_of(*schools), np.ones(10), load_background())


def test_offsets_are_counted_from_the_middle_in_spreads() -> None:
    """The middle is nothing, the figures are cut at both ends, and equal ones all lie in the middle."""
    off = offsets(np.array([1.0, 2.0, 3.0, 4.0, -90.0, 90.0]))
    assert off[1] < 0 < off[2]
    assert (off.min(), off.max()) == (-8.0, 3.0)
    assert offsets(np.full(4, 0.3)).tolist() == [0.0] * 4


def test_strangers_do_not_turn_the_direction() -> None:
    """Two strangers that speak as loud as the others at first are hardly heard: the direction stays where it was."""
    background = load_background()
    vectors = vectors_of(*schools, *strangers)
    direction = theme_direction(vectors, np.ones(12), background)
    near = apart(vectors, background) @ direction
    assert near[:10].min() > 0.99
    assert near[10:].max() < 0.5


def test_one_passage_on_the_theme_is_enough(school_direction: np.ndarray) -> None:
    """An article with three paragraphs on the theme among many others comes near; one without any does not."""
    mixed = article("mixed", *[MATCH] * 4, *[SCHOOL] * 3, *[STORM] * 4)
    near = passages_near(corpus_of(schools[0], mixed, strangers[0]), np.arange(3), school_direction, load_background())
    assert near[1] == pytest.approx(near[0])
    assert near[2] < near[0] / 2


def test_a_title_speaks_where_no_paragraph_does(school_direction: np.ndarray) -> None:
    """Lines that are too short to judge leave the word to the title; an article without words is at zero."""
    short = article("short", "Read on.", title="Teachers and students return to the classroom")
    near = passages_near(corpus_of(short, article("empty")), np.arange(2), school_direction, load_background())
    assert near[0] > 0.3
    assert near[1] == 0


def test_removed_passages_do_not_speak(school_direction: np.ndarray) -> None:
    """Paragraphs that are gone bring no article near the theme."""
    corpus = corpus_of(article("mixed", SCHOOL, MATCH))
    gone = np.array([True, False, False])
    background = load_background()
    near = [passages_near(replace(corpus, gone=g), np.arange(1), school_direction, background) for g in (gone, ~gone)]
    assert near[0][0] < near[1][0]


def test_other_subjects_leave_out_the_theme_and_the_article_itself() -> None:
    """The theme's own articles in the background are no other subject, nor is the article that is being looked at."""
    shipped = load_background()
    company = vectors_of(schools[0], *strangers)
    background: Background = replace(shipped, company=company)
    vectors = vectors_of(*schools[:4], article("cup", MATCH, STORM))
    direction = theme_direction(vectors[:4], np.ones(4), background)
    near = (apart(vectors, background) @ direction).astype(np.float64)
    others = other_subjects(vectors, direction, near[:4], background)
    assert others[4] > others[0]
    itself = other_subjects(company[1:2], direction, near[:4], background)
    assert itself[0] < 0


def test_a_background_without_articles_has_no_other_subjects() -> None:
    """Without articles in the background there is nothing to be nearer to."""
    background = replace(load_background(), company=np.zeros((0, 128), np.float32))
    vectors = vectors_of(*schools)
    direction = theme_direction(vectors, np.ones(10), background)
    assert other_subjects(vectors, direction, np.ones(10), background).tolist() == [0.0] * 10
