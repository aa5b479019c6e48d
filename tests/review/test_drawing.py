"""The random order of cases."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from copydesk.review.drawing import draw, take_turns


def ids(count: int) -> pa.Array:
    """Ids that differ in their last characters only: the worst there are."""
    return pa.array([f"{n:032x}" for n in range(count)], pa.string())


def test_draws_depend_on_seed_article_and_place():
    """Each of the three makes another number, and the same three the same."""
    one = draw(1, ids(3), np.array([-1, 0, 0]))
    assert len(set(one.tolist())) == 3
    assert draw(1, ids(3), np.array([-1, 0, 0])).tolist() == one.tolist()
    assert set(draw(2, ids(3), np.array([-1, 0, 0])).tolist()).isdisjoint(one.tolist())
    assert draw(1, ids(3), np.array([0, 0, 0]))[0] != one[0]


def test_draws_of_a_part_are_those_of_the_whole():
    """A case has its number whatever else is there."""
    whole = draw(7, ids(10), np.arange(10))
    assert draw(7, ids(10).slice(4, 3), np.arange(4, 7)).tolist() == whole[4:7].tolist()


def test_draws_fill_their_range_evenly():
    """Of 4,000 numbers each sixteenth of the range holds 250, within 5 standard deviations; neighbours don't agree."""
    draws = draw(3, ids(4_000), np.zeros(4_000, np.int64))
    counts = np.bincount((draws >> np.uint64(60)).astype(np.int64), minlength=16)
    assert np.abs(counts - 250).max() < 5 * 15.3
    assert abs(np.corrcoef(draws[1:].astype(float), draws[:-1].astype(float))[0, 1]) < 0.08


def test_no_cases_have_no_draws():
    """An empty corpus draws nothing, in no order."""
    assert draw(1, pa.array([], pa.string()), np.array([], np.int64)).tolist() == []
    assert take_turns(np.array([], np.int64), np.array([], np.uint64), 5).tolist() == []


def test_rules_take_turns():
    """One of each before a second of any, by their draws; no more than asked for."""
    rules, draws = np.array([0, 1, 0, 1, 2]), np.array([5, 4, 3, 2, 1], np.uint64)
    assert take_turns(rules, draws, 10).tolist() == [2, 3, 4, 0, 1]
    assert take_turns(rules, draws, 2).tolist() == [2, 3]
