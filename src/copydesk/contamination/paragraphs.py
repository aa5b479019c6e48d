"""Paragraphs of other stories: judged over the whole corpus, after copies are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.article import Action, Article, Block, BlockKind, Decision, Evidence, Outcome, decide
from copydesk.boilerplate.rules import headline_like
from copydesk.contamination.background import load_background
from copydesk.contamination.corpus import Corpus, build_corpus
from copydesk.contamination.model import (
    COPIED_SHARE,
    Figures,
    among_columns,
    judged_paragraphs,
    load_models,
    single_columns,
    stack,
)
from copydesk.contamination.reasons import explain_paragraph
from copydesk.contamination.signals import other_figures, own_figures
from copydesk.contamination.stories import story_numbers
from copydesk.contamination.tokens import tokenise
from copydesk.settings import Settings

STAGE = "contamination"
RULE = "foreign/1"
HEADLINE_RULE = "foreign-headline/1"
MIN_WORDS = 12
"""Shorter paragraphs are never judged: they have too few words to tell, and speakers and subheads are among them."""
MAX_REMOVED_SHARE = 0.34
"""An article that would lose more of its judged paragraphs than this (and more than one) is loose by nature: its
paragraphs are flagged. Foreign runs have one to three paragraphs."""
MIN_LEAD = 2.0
"""Log-odds by which the strangest paragraph must stand out in such an article."""
MAX_KINSHIP = 0.1
"""Words in common, by squared rarity, from which two articles tell the same event: a paragraph in both belongs to both.
Strangers on one topic reach 0.1 in one case of twenty; half of the wrong removals in short news stood above it."""
SPOKEN = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE})


@dataclass(frozen=True, slots=True)
class Judgement:
    """All judged paragraphs of a corpus: row of the corpus, article, log-odds, and the figures behind them."""

    rows: NDArray[np.int64]
    owner: NDArray[np.int64]
    scores: Figures
    match: NDArray[np.int64]
    columns: dict[str, Figures]


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
        return Judgement(rows, owner, np.zeros(0), match[rows], columns | {"kinship": np.zeros(0)})
    single = models.single.score(stack(columns, models.single.columns))
    scores = models.among.score(stack(among_columns(single, owner), models.among.columns))
    columns["kinship"] = _kinships(
        corpus, rows, match[rows], (scores > models.flag) & (columns["copied"] > COPIED_SHARE)
    )
    return Judgement(rows, owner, scores, match[rows], columns)


def _kinships(corpus: Corpus, rows: NDArray[np.int64], match: NDArray[np.int64], asked: NDArray[np.bool_]) -> Figures:
    """How much each paragraph's article has in common with the one that holds its copy (0 to 1), where asked; else 0.

    Both without the paragraph and its neighbours. Two outlets that tell the same event quote the same sentences.
    """
    out = np.zeros(rows.size)
    weight = corpus.idf.astype(np.float64) ** 2
    for k in np.flatnonzero(asked):
        ours, theirs = _words_beside(corpus, int(rows[k])), _words_beside(corpus, int(match[k]))
        scale = np.sqrt(weight[ours].sum() * weight[theirs].sum())
        out[k] = weight[np.intersect1d(ours, theirs)].sum() / max(float(scale), 1e-9)
    return out


def _words_beside(corpus: Corpus, row: int) -> NDArray[np.int64]:
    """The distinct words of a paragraph's article, but for it and two paragraphs to either side."""
    story = int(np.searchsorted(corpus.articles, row, side="right")) - 1
    first, title = corpus.articles[story], corpus.articles[story + 1] - 1
    parts = [np.arange(first, max(first, row - 2)), np.arange(min(title, row + 3), title + 1)]
    spans = [corpus.words[corpus.starts[i] : corpus.starts[i + 1]] for part in parts for i in part]
    beside: NDArray[np.int64] = np.unique(np.concatenate(spans))
    return beside


def _judged_rows(corpus: Corpus, paragraphs: Sequence[Sequence[str]]) -> NDArray[np.int64]:
    long = np.array([p.count(" ") + 1 >= MIN_WORDS for article in paragraphs for p in (*article, "")], np.bool_)
    several = np.repeat(np.diff(corpus.articles) > 2, np.diff(corpus.articles))
    return np.flatnonzero(judged_paragraphs(corpus) & long & several)


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
    paragraphs = [
        [a.blocks[n].text if a.blocks[n].kind in SPOKEN else "" for n in rows]
        for a, rows in zip(chosen, kept, strict=True)
    ]
    judgement = judge_corpus(paragraphs, [a.metadata.title or "" for a in chosen], story_numbers(chosen, links))
    starts = np.cumsum([0, *(len(rows) + 1 for rows in kept)])
    judged = list(articles)
    for story in np.unique(judgement.owner):
        found = np.flatnonzero(judgement.owner == story)
        positions = [kept[story][judgement.rows[k] - starts[story]] for k in found]
        judged[clean[story]] = _judge_article(chosen[story], positions, found, judgement, settings, (chosen, starts))
    return tuple(judged)


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
    gone = _certain(scores, np.exp(judgement.columns["length"][found]), models.limits(judgement.columns["rest"][found]))
    gone &= settings.contamination.remove_paragraphs & (judgement.columns["kinship"][found] <= MAX_KINSHIP)
    decisions, evidence = [], []
    for position, row, score, removed in zip(positions, found, scores, gone, strict=True):
        if score <= models.flag:
            continue
        block = article.blocks[position]
        sure = float(np.round(1 / (1 + np.exp(-score)), 4))
        reasons = explain_paragraph(judgement.columns, int(row), _elsewhere(judgement, int(row), corpus))
        evidence.append(Evidence("off_topic" if removed else "flag:paragraph", reasons, RULE, block.text, sure))
        if removed:
            decisions += _removals(article, position, sure)
    article = replace(article, evidence=article.evidence + tuple(evidence))
    return decide(article, *decisions)


def _certain(scores: Figures, lengths: Figures, limits: Figures) -> NDArray[np.bool_]:
    """Which paragraphs of an article may go.

    Where more than a third of them are strangers to the rest, they may be strangers to each other: two paragraphs of
    which each is foreign to the other. Then only the strangest goes, and only if it stands out and most of the
    text stays.
    """
    gone: NDArray[np.bool_] = scores > limits
    if gone.sum() <= 1 or gone.mean() <= MAX_REMOVED_SHARE:
        return gone
    order = np.argsort(-scores, kind="stable")
    stands_out = scores[order[0]] - scores[order[1]] >= MIN_LEAD
    alone = np.zeros(scores.size, np.bool_)
    alone[order[0]] = stands_out and lengths[order[0]] < MAX_REMOVED_SHARE * lengths.sum()
    return alone


def _removals(article: Article, position: int, sure: float) -> list[Decision]:
    """The removal of a paragraph, and of the headline that came with it."""
    block = article.blocks[position]
    removals = [Decision(STAGE, Action.REMOVED, "off_topic", RULE, position, block.text, None, sure)]
    above = position - 1
    if above >= 0 and article.blocks[above].kept and _is_headline_of(article, above, block):
        headline = article.blocks[above]
        removals.append(Decision(STAGE, Action.REMOVED, "off_topic", HEADLINE_RULE, above, headline.text, None, sure))
    return removals


def _is_headline_of(article: Article, position: int, foreign: Block) -> bool:
    """Whether a line is the headline of a foreign paragraph: in form, and its words are that story's."""
    line = article.blocks[position]
    if not headline_like(line.text):
        return False
    kept = " ".join(b.text for i, b in enumerate(article.blocks) if b.kept and i != position and b is not foreign)
    tokens = tokenise([line.text, foreign.text, f"{article.metadata.title or ''} {kept}"])
    line_words, theirs, ours = (set(tokens.words[tokens.starts[i] : tokens.starts[i + 1]].tolist()) for i in range(3))
    background = load_background()
    weight = {word: background.weight(word) for word in line_words}
    shared_there = sum(weight[w] for w in line_words & theirs)
    shared_here = sum(weight[w] for w in line_words & ours)
    return shared_there > 1.5 * shared_here and shared_there > 0.25 * sum(weight.values())


def _elsewhere(judgement: Judgement, row: int, corpus: tuple[Sequence[Article], NDArray[np.int64]]) -> Article | None:
    chosen, starts = corpus
    match = int(judgement.match[row])
    if match < 0 or judgement.columns["copied"][row] < 0.5:
        return None
    return chosen[int(np.searchsorted(starts, match, side="right")) - 1]
