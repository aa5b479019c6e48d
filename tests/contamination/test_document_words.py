"""Tests of the words of whole articles."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from copydesk.article import Article, Block, Metadata, Source
from copydesk.contamination.background import load_background
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.document_words import Documents, document_vectors
from copydesk.contamination.papers import Corpus, block_starts
from copydesk.spread import Spread, spread

TEXTS = (
    (
        "Ferry stuck in the ice",
        "The ferry of Lindhaven froze in the harbour.",
        "No ferry left Lindhaven.",
    ),
    ("School reopens", "Teachers and pupils of Marrow went back to their classrooms."),
    ("", "The striker scored twice, and the goalkeeper saved a penalty."),
)


def table() -> pa.Table:
    """The columns of three articles."""
    return paragraph_columns(
        [
            Article(str(n), Source("", n, None), tuple(map(Block, lines)), Metadata(title=title))
            for n, (title, *lines) in enumerate(TEXTS)
        ]
    )


def documents(columns: pa.Table | Spread, gone: tuple[int, ...] = ()) -> Documents:
    """All articles of these columns, without some blocks."""
    starts = block_starts(columns)
    mask = np.zeros(starts[-1], np.bool_)
    mask[list(gone)] = True
    return Documents(Corpus(columns, starts, mask), np.arange(len(columns)))


def test_words_are_counted_over_an_article() -> None:
    """The ferry stands in the title and twice below it; of each word it is known whether the title has it."""
    words = documents(table()).words(np.arange(3))
    first = slice(words.starts[0], words.starts[1])
    assert words.counts[first].max() == 3
    assert words.in_titles().starts.tolist()[1:] == [3, 5, 5]
    assert words.in_titles().counts.tolist() == [1] * 5


def test_blocks_that_are_gone_do_not_count() -> None:
    """Without its second paragraph the article has that ferry twice; one without any blocks has no words."""
    columns = table()
    fewer = documents(columns, (1,)).words(np.array([0]))
    assert fewer.counts.max() == 2
    starts = block_starts(columns)
    none = documents(columns, tuple(range(starts[1], starts[2]))).words(np.arange(3))
    assert (none.starts[1], none.fluent[1]) == (none.starts[2], 0.0)
    assert not document_vectors(none, load_background())[1].any()


def test_batches_hold_what_is_asked_for_however_it_lies() -> None:
    """Word for word the same, whether articles lie in one piece or in several in another order."""
    whole = table()
    pieces = spread(whole.schema, [whole.slice(2), whole.slice(0, 2)], np.array([1, 1, 0]), np.array([0, 1, 0]))
    background = load_background()
    expected = document_vectors(documents(whole).words(np.arange(3)), background)
    found = np.zeros_like(expected)
    read = documents(pieces)
    for places, words in map(read.read, read.batches()):
        found[places] = document_vectors(words, background)
    assert found.tobytes() == expected.tobytes()


def test_no_articles_have_no_words() -> None:
    """Nothing to read gives no batch and no words."""
    empty = documents(table().slice(0, 0))
    assert empty.batches() == []
    assert len(empty.words(np.arange(0))) == 0
