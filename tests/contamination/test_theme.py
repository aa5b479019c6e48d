# ruff: noqa: E501 - an example paragraph stands in one line, as it does in an article
"""Tests of the theme a corpus has of itself."""

from __future__ import annotations

import numpy as np

from copydesk.article import Article, Block, Metadata, Source
from copydesk.contamination.background import load_background
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.papers import Corpus, block_starts
from copydesk.contamination.theme import Theme, learn_theme

SUBJECTS = (
    "Teachers and pupils went back to their classrooms as the school board and the teachers' union agreed on tuition and tests.",
    "The striker scored twice and the goalkeeper saved a penalty as the champions won the final in front of their fans.",
    "Surgeons said the vaccine protects patients from the virus, and hospitals reported fewer infections and deaths.",
    "The central bank raised interest rates again as inflation rose, and stocks and bonds fell on Wall Street.",
    "Migrants crossed the border at night, where agents of the border patrol detained families seeking asylum.",
    "Astronomers saw a comet pass the planet, and the telescope sent its first pictures of a distant galaxy.",
)


def theme_of(lines: list[str], stories: list[int] | None = None) -> Theme:
    """The theme of a corpus with an article for each line."""
    articles = [
        Article(str(i), Source(str(i), 0, None), (Block(line), Block(line)), Metadata(title=""))
        for i, line in enumerate(lines)
    ]
    columns = paragraph_columns(articles)
    starts = block_starts(columns)
    numbers = np.arange(len(lines)) if stories is None else np.array(stories)
    return learn_theme(Corpus(columns, starts, np.zeros(starts[-1], np.bool_)), numbers, load_background())


def test_articles_on_one_subject_have_a_theme() -> None:
    """Two dozen articles on schools agree fully; a vector against the theme's is far off it."""
    theme = theme_of([SUBJECTS[0]] * 24)
    assert theme.strength == 1.0
    assert theme.off(-theme.direction[None, :])[0] > 0.5


def test_articles_on_everything_have_none() -> None:
    """Six subjects, four articles each: nothing is off the theme."""
    theme = theme_of(list(SUBJECTS) * 4)
    assert theme.strength < 0.7


def test_few_stories_have_no_theme() -> None:
    """Fewer than twenty stories, and twenty copies of one, agree by chance."""
    assert theme_of([SUBJECTS[0]] * 10).strength == 0.0
    assert theme_of([SUBJECTS[0]] * 24, [0] * 24).strength == 0.0
    assert theme_of([]).strength == 0.0
