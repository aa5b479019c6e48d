"""Judged paragraphs with their figures and what they are: samples, by folds of outlets."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copydesk.article import Article, Block, Metadata, Source
from copydesk.contamination.background import Background
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.copies import find_copies
from copydesk.contamination.figures import judged_paragraphs
from copydesk.contamination.papers import Corpus, Papers, batches, block_keys, block_starts
from copydesk.contamination.scoring import figures_of, first_columns
from copydesk.contamination.theme import learn_theme
from foreign.background import learn_background
from foreign.texts import as_genuine, brief_of, label_of, make_cases, read_base, read_others, sentences_of, theme_cases

FOLDS = 4
SEEDS = (11, 12, 13, 14, 15, 16, 17, 18, 19)
"""Draws of strangers. With nine for three, whole pipelines on unseen outlets lost a tenth less at the same recall."""
BRIEF_SEEDS = (5, 6, 7)


@dataclass(frozen=True)
class Sample:
    """Judged paragraphs of one made corpus: columns of the first model, likeness to the paragraphs
    behind, labels, and what the scores are reported by.
    """

    columns: dict[str, NDArray]
    behind: NDArray
    owner: NDArray
    label: NDArray
    donor_in: NDArray
    where: NDArray
    texts: list[str]
    lost_short: NDArray
    """Labels of paragraphs that are too short to be judged: genuine ones count as kept, foreign ones as missed."""


def columns_of(
    cases: list[dict], background: Background, *, alone: bool
) -> tuple[list[Papers], list[dict], list[NDArray]]:
    """The articles of these cases as arrays, batch by batch, with the columns of the first model and the likeness to
    the paragraphs behind.
    """
    articles = [
        Article(
            str(i),
            Source("", i, None),
            tuple(Block(p["text"]) for p in case["paragraphs"]),
            Metadata(title=case["title"]),
        )
        for i, case in enumerate(cases)
    ]
    table = paragraph_columns(articles, background)
    starts = block_starts(table)
    corpus = Corpus(table, starts, np.zeros(starts[-1], bool))
    stories = np.zeros(len(cases), np.int64) if alone else np.arange(len(cases))
    keys = block_keys(table, starts, corpus.gone)
    copies = find_copies(table, starts, stories, keys, background)
    theirs = figures_of(corpus, copies.matches, background)
    theme = learn_theme(corpus, stories, background)
    papers = list(batches(table, starts, corpus.gone))
    made = [first_columns(some, copies, theirs, theme, background) for some in papers]
    return papers, [columns for columns, *_ in made], [behind for *_, behind in made]


def sample(cases: list[dict], background: Background, *, alone: bool = False) -> Sample:
    """The judged paragraphs of these cases; `alone`: each article as if it were the whole corpus."""
    papers, columns, behind = columns_of(cases, background, alone=alone)
    title = [{"text": "", "label": "unsure"}]
    flat = [p for case in cases for p in case["paragraphs"] + title]
    long = np.concatenate([judged_paragraphs(some) for some in papers])
    owner = np.concatenate([some.rows[some.owner] for some in papers])
    judged = np.flatnonzero(long)
    kind = np.array([label_of(p) for p in flat])
    return Sample(
        {name: np.concatenate([some[name] for some in columns])[judged] for name in columns[0]},
        np.concatenate(behind)[judged],
        owner[judged],
        kind[judged],
        np.array([bool(p.get("donor_in_corpus")) for p in flat])[judged],
        np.array([p.get("where") or "" for p in flat])[judged],
        [flat[i]["text"] for i in judged],
        kind[~long & (kind >= 0)],
    )


def join(samples: list[Sample]) -> Sample:
    """Samples as one, for reporting only."""
    return Sample(
        {},
        np.zeros(0),
        np.concatenate([s.owner for s in samples]),
        np.concatenate([s.label for s in samples]),
        np.concatenate([s.donor_in for s in samples]),
        np.concatenate([s.where for s in samples]),
        [t for s in samples for t in s.texts],
        np.concatenate([s.lost_short for s in samples]),
    )


@dataclass(frozen=True)
class Fold:
    """The articles of some outlets, articles of other collections as cases, and a background that has seen neither."""

    own: list[dict]
    unseen: list[dict]
    background: Background


def folds_of(shared: Path) -> Iterator[Fold]:
    """The folds of outlets."""
    base, others = read_base(shared), read_others(shared)
    outlets = sorted({row["outlet"] for row in base})
    random.Random(5).shuffle(outlets)
    for fold in range(FOLDS):
        held = outlets[fold::FOLDS]
        own = [row for row in base if row["outlet"] in held]
        rest = [[p for p in row["paragraphs"] if len(p.split()) >= 8] for row in base if row["outlet"] not in held]
        seen = [article for i, article in enumerate(others) if i % FOLDS != fold]
        unseen = as_genuine([article for i, article in enumerate(others) if i % FOLDS == fold])
        yield Fold(own, unseen, learn_background(rest + seen))


def make_fold(shared: Path, fold: Fold) -> dict[str, list[Sample]]:
    """Samples by kind of corpus: whole articles, one sentence a paragraph, one subject, no company, briefs, and
    articles of other collections.
    """
    background = fold.background
    sentences, briefs = ([form(row) for row in fold.own] for form in (sentences_of, brief_of))
    whole = [make_cases(shared, fold.own, seed, 300) for seed in SEEDS]
    short = [make_cases(shared, sentences, seed, 300) for seed in SEEDS[::3] + SEEDS[1::3]]
    brief = [make_cases(shared, briefs, seed, 300) for seed in BRIEF_SEEDS]
    return {
        "corpus": [sample(cases, background) for cases in whole],
        "sentences": [sample(cases, background) for cases in short],
        "untouched": [sample(fold.unseen, background, alone=a) for a in (False, True)],
        "themes": [sample(cases, background) for cases in theme_cases(whole)],
        "alone": [sample(cases, background, alone=True) for cases in (*whole[::3], *short[::2])],
        "briefs": [sample(cases, background, alone=a) for cases in brief for a in (False, True)],
    }
