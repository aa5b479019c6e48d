"""Machine code reads and counts what arrays read and count."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.boilerplate.lines import shares_compiled, shares_plainly
from copydesk.contamination import columns, tokens
from copydesk.contamination.background import load_background
from copydesk.contamination.block_keys import keys_compiled, keys_plainly
from copydesk.contamination.tokens import PARTING, tokenise

LETTERS = 'aAsSiuéÉßŠ.!?:"“‘’ \n\u2009\u3000\u3004漢語😀𝒳©£ÀÞß×÷ÿ0195-\u00a0'
WORDS = ["the", "The", "harbour", "Lindhaven", "ships", "ship", "Abbott", "of", "ice", "zzyq", "said.", "“Come", "a"]
PARAGRAPHS = st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join) | st.text(LETTERS, max_size=14)
NEWS = [
    "The harbour of Lindhaven froze overnight, said Ruth Abbott. “Ships wait,” she said: Lindhaven waits.",
    "Lindhaven Lindhaven lindhaven's ice",
    "",
    "The pilots of Lindhaven hadn't seen such ice since 1963, the harbour master said on Monday.",
]


def buffer(paragraphs: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Give paragraphs as one buffer, and where they begin."""
    encoded = [paragraph.encode() for paragraph in paragraphs]
    raw = np.frombuffer(PARTING + PARTING.join(encoded) + PARTING + b"\0\0", dtype=np.uint8)
    return raw, np.cumsum([0, *(len(paragraph) + 1 for paragraph in encoded)])


def same(one: tuple[np.ndarray, ...], other: tuple[np.ndarray, ...]) -> bool:
    """Say whether two lists of words are the same."""
    return all(map(np.array_equal, one, other))


@settings(max_examples=60, deadline=None)
@given(st.lists(PARAGRAPHS, max_size=5))
def test_words_are_the_same(paragraphs: list[str]):
    """Words, names and bounds of any paragraphs, in any script, and of none."""
    raw, bounds = buffer(paragraphs)
    assert same(tokens._read_compiled(raw, bounds), tokens._read(raw, bounds))


def test_words_of_news_are_found():
    """A paragraph has its words, and the names among them."""
    _, names, starts = tokens._read_compiled(*buffer(NEWS))
    assert np.diff(starts).tolist() == [15, 4, 0, 16]
    assert names.sum() == 6


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(PARAGRAPHS, max_size=4), max_size=4))
def test_columns_are_the_same(articles: list[list[str]]):
    """What is counted of articles of any paragraphs, of articles without any, and of no articles."""
    articles = [*articles, NEWS]
    read = tokenise([paragraph for article in articles for paragraph in article])
    sizes = np.array([len(article) for article in articles], np.int64)
    background = load_background()
    one, other = columns._count(read, sizes, background), columns._count_compiled(read, sizes, background)
    for name in columns._Counted.__slots__:
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    owner = np.repeat(one.firsts[:-1], np.diff(one.bounds[np.concatenate([[0], np.cumsum(sizes)])]))
    given_words = one.words[owner + one.tokens], one.bounds, np.full(one.bounds.size - 1, 4), background
    assert np.array_equal(keys_plainly(*given_words), keys_compiled(*given_words))
    assert keys_compiled(*given_words).any()
    assert np.array_equal(shares_plainly(read, sizes), shares_compiled(read, sizes))
