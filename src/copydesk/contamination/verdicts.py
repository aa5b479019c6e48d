"""From log-odds to verdicts: which paragraphs of which articles belong to other stories, and which of these go."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.contamination.copies import Copies
from copydesk.contamination.embeddings import background_with
from copydesk.contamination.figures import COPIED_SHARE
from copydesk.contamination.kinship import headlines_above, told_twice
from copydesk.contamination.model import Models, load_models
from copydesk.contamination.papers import Corpus, Papers
from copydesk.contamination.runs import PIECE
from copydesk.contamination.scoring import Scored, scorer
from copydesk.contamination.second_look import AGAIN
from copydesk.contamination.signals import Figures
from copydesk.contamination.theme import Theme
from copydesk.machine.forks import map_in_forks
from copydesk.machine.work import ALONE, Work
from copydesk.settings import Settings
from copydesk.spread import as_table, flat_lists

MAX_REMOVED_SHARE = 0.34
"""An article that would lose more of its judged paragraphs than this (and more than one) is loose by nature: its
paragraphs are flagged. Foreign runs have one to three paragraphs."""
MIN_LEAD = 2.0
"""Log-odds by which the strangest paragraph must stand out in such an article."""
TITLE_SCORE = 6.0
"""Log-odds of a line that is the title of another story, word for word: of a hundred here none was genuine."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The paragraphs that look foreign, ordered by article and place; all arrays of shape (paragraphs,).

    `rows` is the article's row in the columns and `positions` the block's position in it; `scores` are log-odds;
    `removed` are sure, the others are flags. `titles` are lines that are no more than another story's title.
    `headlines` is the position of the headline that goes with a removed paragraph, -1 for none. `match_rows` and
    `match_positions` say where its copy stands, -1 for none. `figures` are the columns of the first model by name, and
    what the second look added to the log-odds, and how many paragraphs the strangest run has that holds each.
    """

    rows: NDArray[np.int64]
    positions: NDArray[np.int64]
    scores: Figures
    removed: NDArray[np.bool_]
    titles: NDArray[np.bool_]
    headlines: NDArray[np.int64]
    match_rows: NDArray[np.int64]
    match_positions: NDArray[np.int64]
    figures: dict[str, Figures]


def judge_corpus(
    corpus: Corpus,
    copies: Copies,
    theme: Theme,
    settings: Settings,
    rows: NDArray[np.int64] | None = None,
    work: Work = ALONE,
) -> Verdicts:
    """The verdicts on the articles of these rows (in order; None for all), given copies and theme of the corpus. The
    columns are worked through in batches, on which the result doesn't depend.
    """
    models = load_models()
    background = background_with(settings.contamination.embeddings)
    chosen = np.arange(corpus.starts.size - 1) if rows is None else rows
    score = scorer(corpus, copies if rows is None else _copies_of(corpus, copies, rows), theme, background, work)

    def judge(batch: NDArray[np.int64]) -> Verdicts:
        return _join([_judge_batch(corpus, papers, score(papers), models, settings) for papers in corpus.read(batch)])

    judged = map_in_forks(judge, corpus.batches(chosen), work)
    found = _join([some for some in judged if some.rows.size])
    # Once for all: what says where blocks stand lies all over the corpus.
    return replace(found, match_positions=_positions(corpus, found.match_rows, found.match_positions))


def _copies_of(corpus: Corpus, copies: Copies, rows: NDArray[np.int64]) -> Copies:
    asked = np.zeros(corpus.starts.size - 1, np.bool_)
    asked[rows] = True
    mask = asked[corpus.row_of(copies.blocks)]
    return Copies(copies.blocks[mask], copies.matches[mask], copies.shares[mask], copies.titles[mask])


def _judge_batch(corpus: Corpus, papers: Papers, scored: Scored, models: Models, settings: Settings) -> Verdicts:
    """The verdicts on the paragraphs of a batch that are flagged, and on the titles of other stories; in the place of
    `match_positions` how many blocks behind the first one of its article each match is.
    """
    removing = settings.contamination.remove_paragraphs
    which = np.flatnonzero(scored.scores > models.flag)
    none = np.zeros(scored.titles.size)
    gone = _removed(corpus, papers, scored, models) if removing else np.zeros(scored.scores.size, np.bool_)
    blocks = np.concatenate([scored.blocks[which], scored.titles])
    match = np.concatenate([scored.match[which], scored.title_match])
    removed = np.concatenate([gone[which], np.full(none.size, removing)])
    order = np.argsort(blocks, kind="stable")
    blocks, match, removed = blocks[order], match[order], removed[order]
    titles = np.isin(blocks, scored.titles)
    match_rows = np.where(match >= 0, corpus.row_of(np.maximum(match, 0)), -1)
    headlines, strangers = np.full(blocks.size, -1), removed & ~titles
    headlines[strangers] = headlines_above(papers, blocks[strangers], scored.titles)
    return Verdicts(
        rows=papers.rows[papers.owner[blocks]],
        positions=papers.positions[blocks],
        scores=np.concatenate([scored.scores[which], none + TITLE_SCORE])[order],
        removed=removed,
        titles=titles,
        headlines=headlines,
        match_rows=match_rows,
        match_positions=np.where(match >= 0, match - corpus.starts[match_rows], -1),
        figures={
            n: np.concatenate([scored.columns[n][which], none])[order] for n in (*models.single.columns, AGAIN, PIECE)
        },
    )


def _removed(corpus: Corpus, papers: Papers, scored: Scored, models: Models) -> NDArray[np.bool_]:
    """Which of the scored paragraphs of a batch are sure enough to go."""
    owner, limits = papers.owner[scored.blocks], models.limits(scored.columns["rest"])
    removed = _certain_of(scored.scores, owner, papers.lengths[scored.blocks], limits)
    removed[_akin(corpus, papers, scored, np.flatnonzero(removed), limits)] = False
    return removed


def _akin(
    corpus: Corpus, papers: Papers, scored: Scored, which: NDArray[np.int64], limits: Figures
) -> NDArray[np.int64]:
    """Which of these paragraphs stand in an article that tells the same event."""
    which = which[scored.columns["copied"][which] > COPIED_SHARE]
    ours, theirs = papers.blocks[scored.blocks[which]], scored.match[which]
    return which[told_twice(corpus, ours, theirs, scored.scores[which] - limits[which])]


def _positions(corpus: Corpus, rows: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The positions of the blocks that are so many behind the first one of their articles; -1 for a row of -1."""
    out = np.full(rows.size, -1)
    some = np.flatnonzero(rows >= 0)
    if some.size:
        there = as_table(corpus.columns.select(["positions"]).take(pa.array(rows[some])))
        positions, starts = flat_lists(there["positions"].combine_chunks())
        out[some] = positions[starts[:-1] + places[some]]
    return out


def _certain_of(
    scores: Figures, owner: NDArray[np.int64], lengths: NDArray[np.int64], limits: Figures
) -> NDArray[np.bool_]:
    """Which paragraphs may go, of articles one after the other.

    Where more than a third of an article's are strangers to the rest, they may be strangers to each other: two
    paragraphs of which each is foreign to the other.
    """
    gone: NDArray[np.bool_] = scores > limits
    count = np.bincount(owner[gone])
    loose = np.flatnonzero((count > 1) & (count / np.maximum(np.bincount(owner)[: count.size], 1) > MAX_REMOVED_SHARE))
    firsts, ends = (np.searchsorted(owner, loose, side=side) for side in ("left", "right"))
    for first, end in zip(firsts.tolist(), ends.tolist(), strict=True):
        gone[first:end] = _strangest(scores[first:end], lengths[first:end])
    return gone


def _strangest(scores: Figures, lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The strangest paragraph of an article, if it stands out and most of the text stays; else none."""
    order = np.argsort(-scores, kind="stable")
    stands_out = scores[order[0]] - scores[order[1]] >= MIN_LEAD
    alone = np.zeros(scores.size, np.bool_)
    alone[order[0]] = stands_out and lengths[order[0]] < MAX_REMOVED_SHARE * lengths.sum()
    return alone


def _join(parts: list[Verdicts]) -> Verdicts:
    if not parts:
        none = np.zeros(0, np.int64)
        names = (*load_models().single.columns, AGAIN, PIECE)
        empty = {name: np.zeros(0) for name in names}
        return Verdicts(none, none, np.zeros(0), none > 0, none > 0, none, none, none, empty)
    flat = {
        f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Verdicts) if f.name != "figures"
    }
    figures = {name: np.concatenate([p.figures[name] for p in parts]) for name in parts[0].figures}
    # They come as their articles lie, each with its own in order.
    order = np.argsort(flat["rows"], kind="stable")
    return Verdicts(
        **{name: values[order] for name, values in flat.items()},
        figures={name: values[order] for name, values in figures.items()},
    )
