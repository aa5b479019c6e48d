"""Paragraphs of other stories: judged over the whole corpus, after copies are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.article import Action, Article, Block, BlockKind, Decision, Evidence, Outcome, decide
from copydesk.contamination.background import load_background
from copydesk.contamination.corpus import Corpus, build_corpus
from copydesk.contamination.model import (
    Figures,
    among_columns,
    judged_paragraphs,
    load_models,
    single_columns,
    stack,
)
from copydesk.contamination.reasons import explain_paragraph
from copydesk.contamination.signals import other_figures, own_figures
from copydesk.settings import Settings

STAGE = "contamination"
RULE = "foreign/1"
MIN_WORDS = 12
"""Shorter paragraphs are never judged: they have too few words to tell, and speakers and subheads are among them."""
MAX_REMOVED_SHARE = 0.34
"""An article that would lose more of its judged paragraphs than this (and more than one) is loose by nature: its
paragraphs are flagged. Foreign runs have one to three paragraphs."""
SPOKEN = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE})


@dataclass(frozen=True, slots=True)
class Judgement:
    """All judged paragraphs of a corpus: row of the corpus, article, log-odds, and the figures behind them."""

    rows: NDArray[np.int64]
    owner: NDArray[np.int64]
    scores: Figures
    match: NDArray[np.int64]
    columns: dict[str, Figures]


def story_numbers(articles: Sequence[Article], links: pa.Table) -> NDArray[np.int64]:
    """The story of each article: copies have the number of the survivor they link to, directly or not.

    Links to articles that aren't there are left out.
    """
    position = {article.article_id: i for i, article in enumerate(articles)}
    parent = list(range(len(articles)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    pairs = zip(links.column("article_id").to_pylist(), links.column("canonical_id").to_pylist(), strict=True)
    for copy, survivor in pairs:
        if copy in position and survivor in position:
            a, b = root(position[copy]), root(position[survivor])
            parent[max(a, b)] = min(a, b)
    return np.array([root(i) for i in range(len(articles))], np.int64)


def judge_corpus(paragraphs: Sequence[Sequence[str]], titles: Sequence[str], stories: NDArray[np.int64]) -> Judgement:
    """The judgement of every paragraph of at least MIN_WORDS words in articles of at least two paragraphs."""
    background, models = load_background(), load_models()
    corpus = build_corpus(paragraphs, titles, stories, background)
    own, _ = own_figures(corpus, background)
    other, match = other_figures(corpus, own)
    columns = single_columns(corpus, own, other, match)
    rows = _judged_rows(corpus, paragraphs)
    owner = corpus.owner[rows]
    columns = {name: figures[rows] for name, figures in columns.items()}
    if rows.size == 0:
        return Judgement(rows, owner, np.zeros(0), match[rows], columns)
    single = models.single.score(stack(columns, models.single.columns))
    scores = models.among.score(stack(among_columns(single, owner), models.among.columns))
    return Judgement(rows, owner, scores, match[rows], columns)


def _judged_rows(corpus: Corpus, paragraphs: Sequence[Sequence[str]]) -> NDArray[np.int64]:
    long = np.array([p.count(" ") + 1 >= MIN_WORDS for article in paragraphs for p in (*article, "")], np.bool_)
    several = np.repeat(np.diff(corpus.articles) > 2, np.diff(corpus.articles))
    return np.flatnonzero(judged_paragraphs(corpus, 8) & long & several)


def judge_paragraphs(articles: Sequence[Article], links: pa.Table, settings: Settings) -> tuple[Article, ...]:
    """The articles without the paragraphs that belong to other stories, in the same order.

    A paragraph goes only where the models are sure (the threshold lost 0.1 % of genuine paragraphs in training); less
    sure ones, and all of them where `remove_paragraphs` is off, are flagged in the evidence. Only clean articles are
    looked at. `links` has the columns article_id and canonical_id.
    """
    clean = [i for i, article in enumerate(articles) if article.outcome is Outcome.CLEAN and article.text]
    if not clean:
        return tuple(articles)
    chosen = [articles[i] for i in clean]
    kept = [[n for n, block in enumerate(a.blocks) if block.kept] for a in chosen]
    paragraphs = [[a.blocks[n].text if a.blocks[n].kind in SPOKEN else "" for n in rows] for a, rows in zip(chosen, kept, strict=True)]
    judgement = judge_corpus(paragraphs, [a.metadata.title or "" for a in chosen], story_numbers(chosen, links))
    starts = np.cumsum([0, *(len(rows) + 1 for rows in kept)])
    judged = list(articles)
    for story in np.unique(judgement.owner):
        found = np.flatnonzero(judgement.owner == story)
        positions = [kept[story][judgement.rows[k] - starts[story]] for k in found]
        judged[clean[story]] = _judge_article(chosen[story], positions, found, judgement, settings, _names(chosen, starts))
    return tuple(judged)


def _names(chosen: Sequence[Article], starts: NDArray[np.int64]) -> tuple[Sequence[Article], NDArray[np.int64]]:
    return chosen, starts


def _judge_article(
    article: Article,
    positions: Sequence[int],
    found: NDArray[np.int64],
    judgement: Judgement,
    settings: Settings,
    corpus: tuple[Sequence[Article], NDArray[np.int64]],
) -> Article:
    models = load_models()
    scores = judgement.scores[found]
    if not (scores > models.flag).any():
        return article
    gone = scores > models.remove
    may_remove = settings.contamination.remove_paragraphs and (gone.sum() <= 1 or gone.mean() <= MAX_REMOVED_SHARE)
    decisions, evidence = [], []
    for position, row, score in zip(positions, found, scores, strict=True):
        if score <= models.flag:
            continue
        block = article.blocks[position]
        sure = float(np.round(1 / (1 + np.exp(-score)), 4))
        removed = may_remove and score > models.remove
        reasons = explain_paragraph(judgement.columns, int(row), _elsewhere(judgement, int(row), corpus))
        evidence.append(Evidence("off_topic" if removed else "flag:paragraph", reasons, RULE, block.text, sure))
        if removed:
            decisions += _removals(article, position, sure)
    article = replace(article, evidence=article.evidence + tuple(evidence))
    return decide(article, *decisions)


def _removals(article: Article, position: int, sure: float) -> list[Decision]:
    """The removal of a paragraph, and of the headline right above it if there is one of its own."""
    block = article.blocks[position]
    removals = [Decision(STAGE, Action.REMOVED, "off_topic", RULE, position, block.text, None, sure)]
    return removals


def _elsewhere(judgement: Judgement, row: int, corpus: tuple[Sequence[Article], NDArray[np.int64]]) -> Article | None:
    chosen, starts = corpus
    match = int(judgement.match[row])
    if match < 0 or judgement.columns["copied"][row] < 0.5:
        return None
    return chosen[int(np.searchsorted(starts, match, side="right")) - 1]


__all__ = ["Block", "judge_corpus", "judge_paragraphs", "story_numbers"]
