"""Texts made to hurt: the answer is right, in bounded time and memory."""

from __future__ import annotations

import pytest

from copydesk.duplicates.hashing import hash_sequence, hash_word
from copydesk.duplicates.pairs import find_pairs


def _linked(texts: list[str], *, compile_code: bool = True) -> set[tuple[int, int]]:
    table = find_pairs(texts, compile_code=compile_code)
    return set(zip(table["left"].to_pylist(), table["right"].to_pylist(), strict=True))


def _thue_morse(one: str, other: str, bits: int) -> str:
    """Two words in the order for which every polynomial modulo 2^64 has the same value with the words exchanged."""
    return " ".join(other if place.bit_count() % 2 else one for place in range(1 << bits))


@pytest.mark.parametrize("compile_code", [False, True])
def test_crafted_exact_keys_make_no_copies(*, compile_code: bool) -> None:
    """Two texts of 4,096 words that differ in every word have the same exact key, and aren't taken for copies."""
    texts = [_thue_morse("mayor", "ferry", 12), _thue_morse("ferry", "mayor", 12)]
    keys = {hash_sequence([hash_word(word) for word in text.split()]) for text in texts}
    assert len(keys) == 1
    table = find_pairs([*texts, texts[0].upper()], compile_code=compile_code)
    exact = [row for row in table.to_pylist() if row["covered_left"] == row["covered_right"] == row["jaccard"] == 1.0]
    assert (0, 2) in {(row["left"], row["right"]) for row in exact}


def test_one_long_line_is_compared(pool: str) -> None:
    """A line of two megabytes is a text like any other, and finds its copy."""
    line = " ".join(f"word{number % 4001} {number}" for number in range(120_000))
    assert _linked([line, pool, line + " more", pool.upper()]) == {(0, 2), (1, 3)}


def test_many_texts_of_one_word_and_of_one_repeated_word() -> None:
    """Equal ones are copies, the others aren't, however many share their only key."""
    words = ["fire", "flood", "storm"]
    texts = [words[number % 3] for number in range(3000)]
    assert find_pairs(texts).num_rows == 3 * (999)
    repeated = ["never " * (50 + number) for number in range(300)]
    assert find_pairs(repeated).num_rows >= 0


def test_control_characters_alone_are_no_text() -> None:
    """A thousand texts without a word have no copies."""
    assert _linked(["\x00\x01\x1b" * (number % 7) for number in range(1000)]) == set()


def test_stories_of_one_long_run_of_keys_stay_cheap(story) -> None:  # type: ignore[no-untyped-def]
    """A thousand copies, each with a line of its own, hang together without half a million measurements."""
    base = story(1, 120)
    texts = [base + " " + story(10 + number, 6) for number in range(1000)]
    table = find_pairs(texts)
    assert {0, 999} <= {*table["left"].to_pylist(), *table["right"].to_pylist()}
    assert table.num_rows < 200_000
