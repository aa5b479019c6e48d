"""Tests of the second look at paragraphs in doubt."""

from __future__ import annotations

import numpy as np

from copydesk.contamination.model import SHORT_REST_WORDS, Model, load_models
from copydesk.contamination.reasons import AS_A_PIECE, FACTS, LOOKED_AGAIN, TELLING_GAIN, explain_paragraphs
from copydesk.contamination.runs import PIECE
from copydesk.contamination.second_look import AGAIN, DOUBTFUL_FROM, RUN, in_doubt, look_again, second_columns

MODEL = Model(("similar", "among rank", RUN), np.zeros(3), np.ones(3), np.array([-3.0, 2.0, 0.25]), 0.5)
LONG = float(np.log(800))
COLUMNS = {"similar": np.array([0.5, 1.0, 0.0]), "rest": np.full(3, LONG)}
RUNS = np.array([-12.0, 0.0, 4.0])
AMONG = {"rank": np.array([0.0, 0.5, 1.0]), "score": np.array([-8.0, -1.0, 2.0])}


def test_settled_paragraphs_keep_their_score_and_doubtful_ones_get_another() -> None:
    """Only what lies above the line of doubt is weighed again, by the columns of all models."""
    scores = np.array([-9.0, -1.0, 2.0])
    assert look_again(scores, COLUMNS, AMONG, RUNS, MODEL).tolist() == [-9.0, -1.5, 3.5]
    assert scores.tolist() == [-9.0, -1.0, 2.0]


def test_the_line_of_doubt_itself_is_settled() -> None:
    """A paragraph exactly on the line keeps its score; one just above it doesn't."""
    scores = np.array([DOUBTFUL_FROM, DOUBTFUL_FROM + 1e-9])
    assert in_doubt(scores, np.full(2, LONG)).tolist() == [False, True]


def test_paragraphs_of_short_articles_are_not_looked_at_again() -> None:
    """One word less than enough beside a paragraph, and it keeps its score; with enough it doesn't."""
    rest = np.log([SHORT_REST_WORDS - 1, SHORT_REST_WORDS])
    assert in_doubt(np.zeros(2), rest).tolist() == [False, True]


def test_nothing_in_doubt_and_nothing_at_all() -> None:
    """Where every paragraph is settled, and where there is none, the scores are the ones before."""
    assert look_again(np.full(3, -9.0), COLUMNS, AMONG, RUNS, MODEL).tolist() == [-9.0] * 3
    nothing = {name: np.zeros(0) for name in COLUMNS}, {name: np.zeros(0) for name in AMONG}
    assert look_again(np.zeros(0), *nothing, np.zeros(0), MODEL).size == 0


def test_a_column_of_each_model_has_a_name_of_its_own() -> None:
    """Both models count an article's paragraphs, each in its way: neither figure takes the other's place."""
    both = second_columns(np.array([True]), {"count": np.array([1.0])}, {"count": np.array([2.0])}, np.array([3.0]))
    told = {name: values.tolist() for name, values in both.items()}
    assert told == {"count": [1.0], "among count": [2.0], RUN: [3.0]}


def test_the_model_that_ships_has_all_columns_of_both() -> None:
    """The third model reads what the first two read, how strange a run is, and nothing else."""
    models = load_models()
    assert models.again.columns == (*models.single.columns, *(f"among {name}" for name in models.among.columns), RUN)


def test_others_beside_it_change_nothing() -> None:
    """A paragraph's log-odds after the second look don't depend on which others are looked at with it."""
    scores = np.array([-9.0, -1.0, 2.0])
    columns, among = ({name: values[2:] for name, values in given.items()} for given in (COLUMNS, AMONG))
    one = look_again(scores[2:], columns, among, RUNS[2:], MODEL)
    assert one[0] == look_again(scores, COLUMNS, AMONG, RUNS, MODEL)[2]


def test_a_second_look_that_spoke_against_a_paragraph_is_named_last() -> None:
    """It is one of the three facts where it made the odds much higher, and none where it hardly did."""
    single = load_models().single
    columns = dict(zip(single.columns, np.stack([single.mean + 5 * single.scale] * 2, axis=1), strict=True))
    columns |= {fact.quoted: np.full(2, 0.5) for fact in FACTS if fact.quoted} | {
        "copied": np.full(2, 0.5),
        AGAIN: np.array([TELLING_GAIN, TELLING_GAIN - 0.1]),
        PIECE: np.array([1.0, 2.0]),
    }
    told = explain_paragraphs(columns, np.arange(2), [("a1", "Ferry runs aground"), None])
    facts = [reasons.split("; ") for reasons in told]
    assert facts[0][0].endswith("“Ferry runs aground”, where it fits")
    assert facts[0][-1] == LOOKED_AGAIN
    assert len(facts[0]) == 3
    assert not {LOOKED_AGAIN, AS_A_PIECE.format(paragraphs=2)} & set(facts[1])
    columns |= {AGAIN: np.full(2, TELLING_GAIN)}
    assert explain_paragraphs(columns, np.arange(2), [None, None])[1].endswith(
        "as one piece of 2 paragraphs, it looked stranger still"
    )
    assert explain_paragraphs(columns, np.arange(0), []) == ()
