"""Tests of the table that ships with the package."""

from __future__ import annotations

import numpy as np

from copydesk.contamination.background import articles_with, load_background
from copydesk.contamination.hashing import word_hash


def test_table_is_whole() -> None:
    """Words are sorted and unique; every array has a row per word; no figure is missing."""
    table = load_background()
    assert (np.diff(table.words.astype(np.int64)) > 0).all()
    assert table.articles.shape == table.names.shape == table.leads.shape == table.words.shape
    assert table.vectors.shape == (table.words.size, 128)
    assert np.isfinite(table.vectors).all()
    assert 0 < table.articles.max() <= table.size


def test_unknown_words_have_no_row() -> None:
    """A word that is not in the table has row -1 and no articles."""
    assert load_background().rows(np.array([word_hash("qzxwvk")], np.uint32)).tolist() == [-1]
    assert articles_with("qzxwvk") == articles_with("") == 0


def test_rare_words_weigh_more() -> None:
    """An unknown word weighs most, a common one next to nothing."""
    weigh = load_background().weight
    assert weigh(word_hash("said")) < weigh(word_hash("ferry")) < weigh(word_hash("qzxwvk"))


def test_related_words_lie_close() -> None:
    """Vectors know that a nurse is nearer to a hospital than to a football match."""
    table = load_background()

    def vector(word: str) -> np.ndarray:
        row = table.vectors[table.rows(np.array([word_hash(word)], np.uint32))[0]]
        return row / np.linalg.norm(row)

    assert vector("nurse") @ vector("hospital") > vector("nurse") @ vector("football") + 0.2
