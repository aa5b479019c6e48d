"""Which pairs are looked at."""

from __future__ import annotations

import numpy as np
import pytest

from copydesk.duplicates import candidates
from copydesk.duplicates.candidates import LONGEST_RUN, pack, pair_by_key, pair_by_prints, unpack
from copydesk.duplicates.lists import hold_lists


def _keys(*values: int) -> np.ndarray:
    """Keys that differ in their high bits, as hashes do."""
    return _spread(np.array(values, dtype=np.uint64))


def _spread(keys: np.ndarray) -> np.ndarray:
    return keys.astype(np.uint64) << np.uint64(40)


def _pairs(packed: np.ndarray) -> list[tuple[int, int]]:
    left, right = unpack(packed)
    return sorted(zip(left.tolist(), right.tolist(), strict=True))


def test_texts_with_a_common_key_are_paired_once_per_key() -> None:
    """Two common keys give two entries, a key of one text gives none, and a text isn't paired with itself."""
    keys, texts = _keys(5, 5, 8, 8, 9, 5), np.array([0, 2, 2, 0, 1, 0])
    assert _pairs(pair_by_key(keys, texts, dense=False)) == [(0, 2), (0, 2)]


def test_no_keys_no_pairs() -> None:
    """Nothing in, nothing out."""
    assert len(pair_by_key(_keys(), np.zeros(0, dtype=np.int64), dense=True)) == 0
    none = np.zeros(0, dtype=np.int64)
    assert len(pair_by_prints(hold_lists(_keys(), np.zeros(1, dtype=np.int64)), none, none)) == 0


def test_long_runs_hang_together_or_say_nothing() -> None:
    """A key of more texts than the limit gives a few pairs per text, by which all are reached, or none at all."""
    texts = np.arange(LONGEST_RUN + 10)
    keys = np.full(len(texts), 7 << 40, dtype=np.uint64)
    assert len(pair_by_key(keys, texts, dense=False)) == 0
    pairs = _pairs(pair_by_key(keys, texts, dense=True))
    assert {right for left, right in pairs if left == 0} == set(range(1, len(texts)))
    assert len(pairs) < 5 * len(texts)


def test_a_run_at_the_limit_gives_all_pairs() -> None:
    """At the limit all pairs are there."""
    texts = np.arange(LONGEST_RUN)
    found = pair_by_key(np.full(len(texts), 7, dtype=np.uint64), texts, dense=False)
    assert len(np.unique(found)) == LONGEST_RUN * (LONGEST_RUN - 1) // 2


def test_long_texts_must_share_two_fingerprints_short_ones_one() -> None:
    """One common print of twenty is chance; one of five isn't."""
    long = _spread(np.concatenate([np.arange(20), np.arange(19, 39)]))
    assert len(pair_by_prints(hold_lists(long, np.array([0, 20, 40])), np.arange(2), np.arange(2))) == 0
    short = _spread(np.concatenate([np.arange(5), np.arange(4, 9)]))
    assert _pairs(pair_by_prints(hold_lists(short, np.array([0, 5, 10])), np.arange(2), np.arange(2))) == [(0, 1)]


def test_a_story_of_many_copies_counts_as_one_text() -> None:
    """Forty copies of one story don't drown the fingerprint that an excerpt shares with them."""
    prints = _spread(np.concatenate([np.tile(np.arange(10), 40), np.arange(3)]))
    starts, texts = np.append(np.arange(0, 401, 10), 403), np.arange(41)
    stories = np.append(np.zeros(40, dtype=np.int64), 40)
    assert _pairs(pair_by_prints(hold_lists(prints, starts), texts, stories)) == [(0, 40)]
    assert len(pair_by_prints(hold_lists(prints, starts), texts, np.arange(41))) == 0


def test_parts_give_what_the_whole_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken in parts, fingerprints give the same pairs."""
    r = np.random.default_rng(1)
    prints = r.integers(0, 3000, 6000).astype(np.uint64) * np.uint64(2**52 - 59)
    starts, texts = np.arange(0, 6001, 20), np.where(np.arange(300) % 50, np.arange(300), -1)
    stories = np.minimum(np.arange(300), r.integers(0, 300, 300))
    whole = pair_by_prints(hold_lists(prints, starts), texts, stories)
    monkeypatch.setattr(candidates, "PART_PRINTS", 100)
    monkeypatch.setattr(candidates, "PART_ROWS", 64)
    assert len(whole) > 0
    assert np.array_equal(pair_by_prints(hold_lists(prints, starts), texts, stories), whole)


def test_pairs_are_packed_smaller_first() -> None:
    """Whichever comes first, the pair is the same."""
    assert np.array_equal(pack(np.array([9]), np.array([2])), pack(np.array([2]), np.array([9])))
