"""Hashes of words and runs of words."""

from __future__ import annotations

import numpy as np

from copydesk.duplicates.hashing import NAME, NUMBER, finish, finish_all, hash_sequence, hash_word, read_words, shingles


def test_a_words_hash_is_fnv_finished() -> None:
    """The published value of FNV-1a for "a", through MurmurHash3's finalizer."""
    assert hash_word("a") == finish(0xAF63DC4C8601EC8C)


def test_names_numbers_and_words_are_told_apart() -> None:
    """Capitals begin names, digits make numbers, words in capitals say nothing."""
    assert read_words("McCall saw 3 UFOs, NATO said A B")[1].tolist() == [NAME, 0, NUMBER, NAME, 0, 0, 0, 0]


def test_arrays_and_numbers_are_mixed_alike() -> None:
    """The array version of the finalizer is the same function."""
    values = [0, 1, 2**63, 2**64 - 1, 123456789]
    assert finish_all(np.array(values, dtype=np.uint64)).tolist() == [finish(v) for v in values]


def test_texts_shorter_than_a_shingle_have_none() -> None:
    """At one word less than the shingle there is none, at its length one, at one more two."""
    hashes = read_words("one two three four five six")[0]
    assert [len(shingles(hashes[:n], 5)) for n in (0, 4, 5, 6)] == [0, 0, 1, 2]


def test_order_of_words_matters() -> None:
    """The same words in another order are another text."""
    one, other = read_words("dog bites man")[0], read_words("man bites dog")[0]
    assert hash_sequence(one) != hash_sequence(other)
    assert sorted(one) == sorted(other)
