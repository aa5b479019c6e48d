"""The paragraphs of a corpus that belong to other stories; of articles that haven't changed, those found before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.contamination.background import load_background
from copydesk.contamination.copies import best_matches, find_pairs
from copydesk.contamination.embeddings import background_with
from copydesk.contamination.known import (
    earlier_pairs,
    find_settled,
    hold_known,
    known_table,
    recall_strangers,
    theme_sums,
    unchanged,
)
from copydesk.contamination.papers import Corpus, block_keys, block_starts
from copydesk.contamination.paragraphs import Stranger, describe_strangers
from copydesk.contamination.reasons import Elsewhere
from copydesk.contamination.theme import speakers, theme_of
from copydesk.contamination.verdicts import Verdicts, judge_corpus
from copydesk.machine.collector import trim_between
from copydesk.machine.work import ALONE, Work
from copydesk.settings import Settings
from copydesk.spread import Spread, as_table


@dataclass(frozen=True, slots=True)
class Found:
    """The paragraphs that look foreign by the row of their article; what is known now, for the next time; and how many
    articles had to be judged.
    """

    strangers: dict[int, tuple[Stranger, ...]]
    known: pa.Table
    judged: int


def find_strangers(
    articles: pa.Table | Spread,
    columns: pa.Table | Spread,
    gone: NDArray[np.bool_],
    stories: NDArray[np.int64],
    settings: Settings,
    known: pa.Table | None = None,
    work: Work = ALONE,
) -> Found:
    """The paragraphs that look foreign, given the `columns` that `paragraph_columns` made of the articles.

    `gone` masks the blocks of all rows, one after the other, that are removed already (the title entries are blocks
    too). `stories` has the story number of each row: copies share one.
    `articles` has `article_id`, in order, and `title` of each row, and `content`, without which nothing is known.
    `known` (schema `KNOWN`) was found before with the same code and settings; the result doesn't depend on it.
    """
    corpus = Corpus(columns, block_starts(columns), gone)
    before = hold_known(articles, corpus.starts, known)
    earlier = earlier_pairs(before, corpus.starts, stories) if before else None
    keys = block_keys(columns, corpus.starts, gone, work)
    pairs, crowded = find_pairs(columns, corpus.starts, stories, keys, load_background(), earlier, work)
    del keys, earlier
    copies = best_matches(pairs, corpus.starts)
    trim_between(len(articles))  # what was sorted for it goes
    same = unchanged(corpus, before) if before else np.zeros(len(articles), np.bool_)
    background = background_with(settings.contamination.embeddings)
    sums = theme_sums(corpus, stories, background, before, same, work)
    theme = theme_of(speakers(corpus.starts, stories).size, sums, background)
    settled = find_settled(corpus, copies, theme.digest, before, same) if before else same
    rows = np.flatnonzero(~settled & (np.diff(corpus.starts) > 0))
    verdicts = judge_corpus(corpus, copies, theme, settings, rows if settled.any() else None, work)
    strangers = recall_strangers(before, settled) if before else {}
    described = describe_strangers(verdicts, _origins(articles, verdicts), work)
    for row, stranger in zip(verdicts.rows.tolist(), described, strict=True):
        strangers.setdefault(row, []).append(stranger)
    found = {row: tuple(strangers[row]) for row in sorted(strangers)}
    known = known_table(articles, corpus, theme.digest, sums, stories, crowded, pairs, copies, found)
    return Found(found, known, rows.size)


def _origins(articles: pa.Table | Spread, verdicts: Verdicts) -> dict[int, Elsewhere]:
    """Id and title of the articles in which paragraphs stand, too, by row."""
    rows = np.unique(verdicts.match_rows[verdicts.match_rows >= 0])
    named = as_table(articles.select(["article_id", "title"]).take(pa.array(rows))).to_pylist()
    return {row: (str(n["article_id"]), n["title"]) for row, n in zip(rows.tolist(), named, strict=True)}
