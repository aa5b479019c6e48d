"""Tests of the space of topics."""

from __future__ import annotations

import numpy as np

from copydesk.contamination.background import load_background
from copydesk.contamination.hashing import word_hash
from copydesk.contamination.topics import load_topics
from copydesk.contamination.vectors import unit_rows


def text_vector(*words: str) -> np.ndarray:
    """The unit vector of some words, shape (1, rank)."""
    background = load_background()
    rows = background.rows(np.array([word_hash(word) for word in words], np.uint32))
    return unit_rows(background.vectors[rows].sum(axis=0, keepdims=True))


def test_one_topic_lies_closer_than_two() -> None:
    """Two texts on schools without a word in common are near each other, one on hurricanes is not."""
    topics = load_topics()
    schools, teachers, storms = (
        topics.place(text_vector(*words))[0]
        for words in (("school", "students", "tuition"), ("teachers", "classroom"), ("hurricane", "flooding", "winds"))
    )
    assert schools @ teachers > 0.5 > 0.2 > schools @ storms


def test_what_is_known_of_no_word_lies_nowhere() -> None:
    """A text of unknown words has no place, and no texts have no places."""
    topics = load_topics()
    assert not topics.place(np.zeros((1, topics.mean.size), np.float32)).any()
    assert topics.place(np.zeros((0, topics.mean.size), np.float32)).shape == (0, topics.axes.shape[1])


def test_dimensions_of_an_embedding_model_are_left_out() -> None:
    """The place of a text is the same with a model's vectors beside the shipped ones."""
    topics = load_topics()
    shipped = text_vector("school", "students")
    both = np.concatenate([shipped, np.ones((1, 7), np.float32)], axis=1) / np.float32(np.sqrt(8))
    assert np.allclose(topics.place(both), topics.place(shipped), atol=1e-6)
