"""Counts over stories, kept from one comparison to the next."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from copydesk.duplicates import candidates, counting, plain
from copydesk.duplicates.columns import read_columns, sketch_columns
from copydesk.duplicates.counting import COUNTED, Counts, Numbers, open_counts

WORDS = "the mayor of Marlow spoke to fishermen about a ferry that sank in winter storms off Stroma and nobody drowned"


def text(draw: random.Random, number: int) -> str:
    """Write a text of few words, so that runs recur."""
    return f"{number} {number} " + " ".join(draw.choice(WORDS.split()[:7]) for _ in range(40))


def count(texts: Sequence[str], stories: Sequence[int], known: object, size: int) -> tuple[Counts, object, list[int]]:
    """Count the stories of texts in a table of this size; also what is known now, and how many texts were read anew."""
    columns = read_columns(sketch_columns(texts))
    read: list[int] = []

    def all_of(rows: Numbers, names: Numbers, counts: Counts) -> None:
        read.append(len(rows))
        plain.count_slots(*columns.slots.take(rows), np.arange(len(rows)), names, counts)

    book, counts = open_counts(known), np.zeros(size, np.uint8)  # type: ignore[arg-type]  # a table
    book.pair(columns, np.arange(len(texts)), np.array(stories, np.int64))
    order = np.argsort(stories, kind="stable")
    book.count(columns, order, np.array(stories, np.int64)[order], counts, all_of)
    return counts, book.table(), read


@pytest.mark.parametrize("size", [64, 1 << 16])
def test_any_night_counts_what_is_counted_anew(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts come and go, stories grow, come together and fall apart; pairs that share fingerprints, and counts of runs
    up to where counting ends, are those of counting everything.
    """
    monkeypatch.setattr(counting, "FEW_CHANGED", 1)
    monkeypatch.setattr(candidates, "LONGEST_RUN", 5)
    draw = random.Random(size)  # noqa: S311
    pool = [text(draw, number) for number in range(120)]
    stories = {number: number for number in range(100)}
    known: object = None
    anew = []
    for night in range(12):
        texts, names = [pool[number] for number in stories], list(stories.values())
        counts, known, read = count(texts, names, known, size)
        full, wanted, _ = count(texts, names, None, size)
        for name in ("texts", "stories", "pairs", "common"):
            assert known[name] == wanted[name]  # type: ignore[index]
        assert np.array_equal(np.minimum(counts, 40), np.minimum(full, 40))
        assert size == 64 or np.array_equal(counts, full)
        anew.append(len(read))
        for number in draw.sample(sorted(stories), 6):
            stories[number] = draw.choice(sorted(stories.values()))
        if night % 4 == 3:
            del stories[draw.choice(sorted(stories))]
        stories |= {100 + night: 100 + night}
    assert anew[0] == 1
    assert anew[4] == anew[8] == 1
    assert sum(anew) < 8 or size == 64


def test_a_table_of_another_size_is_counted_anew() -> None:
    """Slots fall elsewhere in a larger table."""
    texts = [WORDS, WORDS[::-1], WORDS.upper() + " twice"]
    _, known, _ = count(texts, [0, 1, 2], None, 64)
    larger, _, read = count(texts, [0, 1, 2], known, 128)
    assert read == [3]
    assert np.array_equal(larger, count(texts, [0, 1, 2], None, 128)[0])


def test_nothing_is_counted_of_stories_that_are_as_they_were() -> None:
    """The same texts in another order, their stories under other names: no text is read."""
    texts = [f"{WORDS} {number}" for number in range(4)]
    first, known, _ = count(texts, [0, 1, 1, 2], None, 1 << 10)
    again, _, read = count(texts[::-1], [5, 3, 3, 0], known, 1 << 10)
    assert read == []
    assert np.array_equal(first, again)


def test_no_texts_count_nothing() -> None:
    """An empty corpus: counts stay zeros, and what is known is an empty list."""
    counts, known, _ = count([], [], None, 64)
    assert not counts.any()
    assert known.schema == COUNTED  # type: ignore[attr-defined]
    assert not count([], [], known, 64)[0].any()
    assert count([WORDS], [0], known, 64)[0].any()
    assert not count([], [], count([WORDS], [0], known, 64)[1], 64)[0].any()
