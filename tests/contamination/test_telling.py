"""Tests of the words that speak for what a corpus is about."""

from __future__ import annotations

import numpy as np

from copydesk.contamination.background import load_background
from copydesk.contamination.columns import UNKNOWN
from copydesk.contamination.document_words import Words
from copydesk.contamination.telling import EXACT, MAX_ODDS, TELLING_WORDS, learn_telling

BACKGROUND = load_background()
RARE = int(np.flatnonzero(BACKGROUND.articles < 20)[0])
NAME, OTHER = UNKNOWN + 7, UNKNOWN + (1 << 20)


def words(*articles: dict[int, int]) -> Words:
    """Articles by the counts of their words' ids."""
    flat = [(word, count) for article in articles for word, count in sorted(article.items())]
    starts = np.concatenate([[0], np.cumsum([len(article) for article in articles])]).astype(np.int64)
    ids, counts = np.array([w for w, _ in flat], np.uint32), np.array([n for _, n in flat], np.int32)
    return Words(starts, ids, counts, np.zeros(ids.size, np.bool_), np.ones(len(articles)))


def test_words_of_the_company_speak_and_others_do_not() -> None:
    """A rare word and a name in all of the company say all that a word can, in one that doesn't belong to it."""
    company = words(*[{RARE: 1, NAME: 1}] * 4)
    telling = learn_telling(company, BACKGROUND, 10)
    plain, stressed = telling.figures(words({RARE: 1, NAME: 2}, {OTHER: 9}), np.zeros(2, np.bool_))
    assert 0 < plain[0] <= 2 * MAX_ODDS / TELLING_WORDS
    assert stressed[0] > plain[0]
    assert plain[1] == stressed[1] == 0


def test_an_article_of_the_company_does_not_speak_for_itself() -> None:
    """A word that stands in one article of the company alone says something to others, and nothing there."""
    telling = learn_telling(words({NAME: 1}, {RARE: 1}, {RARE: 1}), BACKGROUND, 10)
    plain, _ = telling.figures(words({NAME: 1}, {NAME: 1}), np.array([True, False]))
    assert plain[0] == 0 < plain[1]


def test_only_the_most_telling_words_count() -> None:
    """Of thirty words that say the same ten count, and their sum is exact."""
    names = {UNKNOWN + n * 1000: 1 for n in range(30)}
    telling = learn_telling(words(*[names] * 3), BACKGROUND, 10)
    (plain,), _ = telling.figures(words(names), np.array([False]))
    (one,), _ = telling.figures(words({UNKNOWN: 1}), np.array([False]))
    assert plain == one * TELLING_WORDS
    assert (plain * TELLING_WORDS * EXACT) % 1 == 0


def test_no_articles_say_nothing() -> None:
    """An empty company and no articles: no figures."""
    telling = learn_telling(words(), BACKGROUND, 0)
    plain, stressed = telling.figures(words(), np.zeros(0, np.bool_))
    assert (plain.size, stressed.size) == (0, 0)
