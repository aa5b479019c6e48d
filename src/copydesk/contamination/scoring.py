"""How strange each paragraph of a corpus is to its article: log-odds by the models, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background, load_background
from copydesk.contamination.copies import Copies, find_copies
from copydesk.contamination.figures import Elsewhere, among_columns, find_elsewhere, judged_paragraphs, single_columns
from copydesk.contamination.model import Models, load_models
from copydesk.contamination.papers import Corpus, Papers, block_keys, ranges
from copydesk.contamination.runs import PIECE, likeness_behind, runs_in_doubt, strangest_runs
from copydesk.contamination.second_look import AGAIN, look_again
from copydesk.contamination.signals import Figures, fit_figures, own_figures
from copydesk.contamination.theme import Theme, learn_theme
from copydesk.contamination.vectors import block_vectors
from copydesk.machine.forks import map_in_forks
from copydesk.machine.work import ALONE, Work

THEIRS = ("cover_far", "similar", "likelihood")
"""Figures of a copy that are held against the paragraph's own."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The judged paragraphs of a batch: blocks of the batch, log-odds, the columns, and the match of each or -1; and
    the lines that are titles of other stories, with their matches.
    """

    blocks: NDArray[np.int64]
    scores: Figures
    columns: dict[str, Figures]
    match: NDArray[np.int64]
    titles: NDArray[np.int64]
    title_match: NDArray[np.int64]


def score_corpus(corpus: Corpus, stories: NDArray[np.int64], background: Background) -> Iterator[tuple[Papers, Scored]]:
    """The log-odds of every paragraph that may be judged, batch by batch."""
    score = scorer(corpus, copies_in(corpus, stories), learn_theme(corpus, stories, background), background)
    return ((papers, score(papers)) for papers in corpus.lying(np.arange(corpus.starts.size - 1)))


def scorer(
    corpus: Corpus, copies: Copies, theme: Theme, background: Background, work: Work = ALONE
) -> Callable[[Papers], Scored]:
    """What scores a batch of the corpus; it may be called by several threads or forks at once."""
    models = load_models()
    theirs = figures_of(corpus, copies.matches, background, work)

    def score(papers: Papers) -> Scored:
        columns, elsewhere, behind = first_columns(papers, copies, theirs, theme, background)
        return score_papers(papers, columns, elsewhere, behind, models)

    return score


def copies_in(corpus: Corpus, stories: NDArray[np.int64]) -> Copies:
    """Where else the blocks of a corpus stand."""
    keys = block_keys(corpus.columns, corpus.starts, corpus.gone)
    return find_copies(corpus.columns, corpus.starts, stories, keys, load_background())


def score_papers(
    papers: Papers, columns: dict[str, Figures], elsewhere: Elsewhere, behind: Figures, models: Models
) -> Scored:
    """The log-odds of the paragraphs of a batch that may be judged, by what `first_columns` says of all its blocks."""
    titles = np.flatnonzero(elsewhere.title & papers.headlines)
    blocks = np.flatnonzero(judged_paragraphs(papers) & ~(elsewhere.title & papers.headlines))
    columns = {name: figures[blocks] for name, figures in columns.items()}
    matches = elsewhere.match[blocks], titles, elsewhere.match[titles]
    if blocks.size == 0:
        return Scored(blocks, np.zeros(0), columns | {AGAIN: np.zeros(0), PIECE: np.zeros(0)}, *matches)
    single = models.single.weigh(columns)
    owner = papers.owner[blocks]
    among = among_columns(single, owner)
    before = models.among.weigh(among)
    runs = runs_in_doubt(owner, columns["rest"], single, before, behind[blocks])
    strangest, pieces = strangest_runs(runs, models.run, blocks.size)
    scores = look_again(before, columns, among, strangest, models.again)
    seen = {AGAIN: scores - before, PIECE: pieces.astype(np.float64)}
    return Scored(blocks, scores, columns | seen, *matches)


def first_columns(
    papers: Papers, copies: Copies, theirs: dict[str, Figures], theme: Theme, background: Background
) -> tuple[dict[str, Figures], Elsewhere, Figures]:
    """The columns of the first model for all blocks of a batch, where else these stand, and `likeness_behind`."""
    elsewhere, vectors = find_elsewhere(papers, copies, theirs), block_vectors(papers, background)
    columns = single_columns(papers, own_figures(papers, vectors, background, theme), elsewhere)
    return columns, elsewhere, likeness_behind(papers, vectors)


def figures_of(
    corpus: Corpus, blocks: NDArray[np.int64], background: Background, work: Work = ALONE
) -> dict[str, Figures]:
    """The figures of THEIRS for some blocks of the corpus."""
    out = {name: np.zeros(blocks.size) for name in THEIRS}
    order = np.argsort(blocks, kind="stable")
    ordered = blocks[order]

    def fit(batch: NDArray[np.int64]) -> list[tuple[NDArray[np.int64], dict[str, Figures]]]:
        found = []
        for papers in corpus.read(batch):
            own = fit_figures(papers, background)
            first, last = (np.searchsorted(ordered, papers.blocks, side=side) for side in ("left", "right"))
            asked = np.flatnonzero(last > first)
            figures = {name: np.repeat(own[name][asked], (last - first)[asked]) for name in THEIRS}
            found.append((order[ranges(first[asked], last[asked])], figures))
        return found

    fitted = map_in_forks(fit, corpus.batches(np.unique(corpus.row_of(blocks))), work)
    for some, figures in chain.from_iterable(fitted):
        for name in THEIRS:
            out[name][some] = figures[name]
    return out
