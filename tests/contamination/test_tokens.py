"""Tests of paragraphs as word hashes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from copydesk.contamination.hashing import word_hash
from copydesk.contamination.tokens import tokenise


def test_nothing_has_no_words() -> None:
    """No paragraphs, and empty ones, give empty arrays."""
    assert tokenise([]).starts.tolist() == [0]
    assert tokenise(["", " ", "—"]).starts.tolist() == [0, 0, 0, 0]


def test_case_and_plural_make_no_difference() -> None:
    """A word is the same in capitals and in the plural, also beyond ASCII."""
    assert word_hash("SHIPS") == word_hash("ship")
    assert word_hash("Études") == word_hash("étude")
    assert word_hash("gas") != word_hash("ga")
    assert word_hash("press") != word_hash("pres")


def test_names_are_capitals_inside_a_sentence() -> None:
    """The first word of a sentence or a quotation is no name for its capital."""
    tokens = tokenise(["They met Ruth Abbott. She said: “Come to Lind.”"])
    words = {word_hash(w): w for w in ["they", "met", "ruth", "abbott", "she", "said", "come", "to", "lind"]}
    assert [words[int(h)] for h, name in zip(tokens.words, tokens.names, strict=True) if name] == [
        "ruth",
        "abbott",
        "lind",
    ]


def test_spaces_of_each_paragraph_are_counted() -> None:
    """Plain spaces alone, wherever they stand; none in an empty paragraph, and none without paragraphs."""
    paragraphs = [" The ships  left.", "", "Ice\u00a0and\tsnow\nfell", "A “ship” waits "]
    assert tokenise(paragraphs).spaces.tolist() == [text.count(" ") for text in paragraphs]
    assert tokenise([]).spaces.tolist() == []


def test_quotes_and_dashes_part_words() -> None:
    """Typographic marks are no letters."""
    assert tokenise(["“ice”—snow"]).words.tolist() == tokenise(["ice snow"]).words.tolist()


@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_text_can_be_read(paragraphs: list[str]) -> None:
    """No text breaks the scan, and each paragraph gives the same words alone."""
    tokens = tokenise(paragraphs)
    assert tokens.starts.size == len(paragraphs) + 1
    for i, paragraph in enumerate(paragraphs):
        own = tokens.words[tokens.starts[i] : tokens.starts[i + 1]]
        assert np.array_equal(own, tokenise([paragraph]).words)


@given(
    st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd"], exclude_characters="ªµº"), min_size=2, max_size=40)
)
def test_one_word_has_the_same_hash_both_ways(word: str) -> None:
    """The hash of a single word is the one that the whole corpus is read with."""
    words = tokenise([word]).words
    if words.size == 1:
        assert int(words[0]) == word_hash(word)
