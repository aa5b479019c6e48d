"""Tests of runs of paragraphs weighed as one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from copydesk.article import Article, Block, Source
from copydesk.contamination.background import load_background
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.figures import NO_NEIGHBOUR, judged_paragraphs
from copydesk.contamination.model import Model, load_models
from copydesk.contamination.papers import Corpus, Papers, block_starts
from copydesk.contamination.runs import NO_RUN, STEPS, Runs, likeness_behind, runs_in_doubt, strangest_runs
from copydesk.contamination.vectors import block_vectors

HARBOUR = (
    "The harbour master of Lindhaven closed the port on Sunday after ice had damaged two ferries at the northern pier.",
    "Shipping companies asked the port authority to send an icebreaker before the ferries lose another week of trade.",
    "Crews on the stranded ferries were fed by volunteers, who carried soup across the frozen basin to the pier.",
    "The port authority said that the icebreaker would reach the harbour on Wednesday if the wind stays in the east.",
    "A closed port costs the shipping companies of Lindhaven about ninety thousand euros a day, the authority said.",
    "Fishermen, whose boats lie in the same frozen basin, have asked for help from the government in the capital.",
    "The last time the harbour froze over was in the winter of 1987, when ferries lay at the pier for three weeks.",
    "Passengers who had booked a ferry will get their money back, the shipping companies promised on Monday evening.",
    "Engineers were still looking at the damaged ferries on Monday and could not say when they would sail again.",
    "The wind turned to the north during the night, and the ice in the harbour basin grew by another four centimetres.",
    "The government in the capital said that it would pay for the icebreaker but not for the losses of the companies.",
    "At the northern pier the soup had run out by Tuesday, and the volunteers went from door to door for more of it.",
    "The harbour master said that nobody should walk on the ice of the basin, where two men had broken through.",
)
ORCHARDS = (
    "Beekeepers in the Marl valley lost sixty hives to a mite that orchard owners had brought in with young trees.",
    "The mite kills a hive of bees within months, and orchard owners without bees harvest half as many apples.",
)


def papers_of(*articles: tuple[str, ...]) -> tuple[Papers, NDArray[np.float32]]:
    """The articles as arrays, and the vectors of their blocks."""
    rows = [Article(str(n), Source(str(n), n, None), tuple(map(Block, texts))) for n, texts in enumerate(articles)]
    table = paragraph_columns(rows)
    starts = block_starts(table)
    (papers,) = Corpus(table, starts, np.zeros(starts[-1], np.bool_)).lying(np.arange(len(rows)))
    return papers, block_vectors(papers, load_background())


def test_paragraphs_are_held_against_the_next_ones_of_their_article() -> None:
    """The last ones have fewer behind them; titles, short lines and the next article's paragraphs are none of them."""
    papers, vectors = papers_of((*HARBOUR[:5], "Two men", *HARBOUR[5:]), HARBOUR)
    behind = likeness_behind(papers, vectors)
    judged = np.flatnonzero(judged_paragraphs(papers))
    assert judged.size == 2 * len(HARBOUR)
    beside = judged[4], judged[5]
    assert beside[1] - beside[0] == 2
    assert np.isclose(behind[beside[0], 0], vectors[beside[0]] @ vectors[beside[1]])
    last = judged[len(HARBOUR) - STEPS : len(HARBOUR)]
    assert (behind[last] != 0).sum(axis=1).tolist() == [3, 2, 1, 0]
    assert not behind[np.setdiff1d(np.arange(papers.lengths.size), judged)].any()


def test_an_article_is_the_same_beside_another() -> None:
    """What an article's paragraphs are held against doesn't depend on which others lie in the batch; of none comes
    nothing.
    """
    papers, vectors = papers_of(HARBOUR, (ORCHARDS[0], *HARBOUR))
    alone = papers_of(HARBOUR)
    size = len(HARBOUR) + 1
    assert (likeness_behind(papers, vectors)[:size] == likeness_behind(*alone)).all()
    short = papers_of(HARBOUR[:2])
    assert not likeness_behind(*short).any()


OWNER = np.array([0, 0, 0, 0, 1, 1])
LONG = np.full(6, np.log(800))
SINGLE = np.array([-7.0, 1.0, 2.0, -6.0, -8.0, -1.0])
BEHIND = np.zeros((6, STEPS))
BEHIND[1, 0], BEHIND[0, 2], BEHIND[0, 0], BEHIND[2, 0] = 0.9, 0.5, 0.1, 0.2


def test_every_run_that_holds_a_doubtful_paragraph_is_looked_at() -> None:
    """Up to three paragraphs of one article, in each way that takes in the one that is in doubt."""
    among = np.array([-9.0, -9.0, -9.0, -1.0, -9.0, -9.0])
    runs = runs_in_doubt(OWNER, LONG, SINGLE, among, BEHIND)
    assert list(zip(runs.first.tolist(), runs.last.tolist(), strict=True)) == [(3, 3), (2, 3), (1, 3)]


def test_a_piece_is_like_itself_and_the_text_on_its_sides_is_like_itself() -> None:
    """The two in the middle are alike, and what stands above and below them more alike than either seam."""
    runs = runs_in_doubt(OWNER, LONG, SINGLE, SINGLE, BEHIND)
    (piece,) = np.flatnonzero((runs.first == 1) & (runs.last == 2))
    found = {name: round(float(values[piece]), 3) for name, values in runs.columns.items()}
    assert found["alike"] == 0.9
    assert (found["like above"], found["like below"], found["bridge"]) == (0.1, 0.2, 0.5)
    assert found["bridge over seams"] == 0.35
    assert (found["single mean"], found["single sum"], found["before"], found["after"]) == (1.5, 3.0, -7.0, -6.0)
    assert (found["of 2"], found["of 3"], found["opens"], found["closes"]) == (1, 0, 0, 0)


def test_at_the_edge_of_an_article_there_is_no_bridge() -> None:
    """The first paragraph of the second article has nothing above it: the other article's last one is no neighbour."""
    runs = runs_in_doubt(OWNER, LONG, SINGLE, np.zeros(6), BEHIND)
    (edge,) = np.flatnonzero((runs.first == 4) & (runs.last == 4))
    found = {name: float(values[edge]) for name, values in runs.columns.items()}
    assert (found["opens"], found["closes"], found["like above"], found["bridge"]) == (1, 0, 0, 0)
    assert (found["before"], found["after"]) == (NO_NEIGHBOUR, -1.0)


def test_no_doubt_no_runs() -> None:
    """Where every paragraph is settled, or the article is short, or there is none, nothing is weighed."""
    model = Model(("alike",), np.zeros(1), np.ones(1), np.ones(1), 0.0)
    short, settled = (LONG - 2, np.zeros(6)), (LONG, np.full(6, -9.0))
    for rest, among in (short, settled):
        runs = runs_in_doubt(OWNER, rest, SINGLE, among, BEHIND)
        assert [found.tolist() for found in strangest_runs(runs, model, 6)] == [[NO_RUN] * 6, [0] * 6]
    nothing = runs_in_doubt(OWNER[:0], LONG[:0], SINGLE[:0], SINGLE[:0], BEHIND[:0])
    assert nothing.first.size == 0


def test_of_two_runs_as_strange_the_shorter_one_is_named() -> None:
    """A paragraph that looks as strange alone is no piece with its neighbour."""
    runs = Runs(np.array([0, 0]), np.array([0, 1]), {})
    highest, sizes = runs.strangest(np.array([1.0, 1.0]), 2)
    assert (highest.tolist(), sizes.tolist()) == ([1.0, 1.0], [1, 2])


def test_the_model_that_ships_has_the_columns_of_runs() -> None:
    """It reads what is made of runs and nothing else."""
    runs = runs_in_doubt(OWNER, LONG, SINGLE, SINGLE, BEHIND)
    assert load_models().run.columns == tuple(runs.columns)


def test_a_piece_of_another_story_stands_apart_from_the_text_on_its_sides() -> None:
    """Two paragraphs on beekeepers within an article on a port: alike, and unlike what stands above and below them."""
    papers, vectors = papers_of((*HARBOUR[:6], *ORCHARDS, *HARBOUR[6:]))
    judged = np.flatnonzero(judged_paragraphs(papers))
    nothing, long = np.zeros(judged.size), np.full(judged.size, np.log(800))
    behind = likeness_behind(papers, vectors)[judged]
    runs = runs_in_doubt(papers.owner[judged], long, nothing, nothing, behind)
    (piece,) = np.flatnonzero((runs.first == 6) & (runs.last == 7))
    found = {name: float(values[piece]) for name, values in runs.columns.items()}
    assert found["alike"] > max(found["like above"], found["like below"])
    assert found["bridge over seams"] > 0
