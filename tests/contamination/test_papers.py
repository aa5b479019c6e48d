"""Articles are read batch by batch as they lie, each with its own words, wherever it lies."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from copydesk.article import Article, Block, Source
from copydesk.contamination import paragraph_columns
from copydesk.contamination.papers import Corpus, block_starts
from copydesk.spread import Spread, spread

WORDS = ["ferry", "harbour", "council", "budget", "winter", "school", "bridge", "theatre", "market", "library"]


def told(count: int) -> pa.Table:
    """The columns of so many articles; the n-th has n + 1 paragraphs."""
    articles = []
    for n in range(count):
        blocks = tuple(Block(f"The {WORDS[n]} of ward {i} opens on Monday at nine.") for i in range(n + 1))
        articles.append(Article(f"a{n}", Source("", n, None), blocks))
    return paragraph_columns(articles)


def laid(table: pa.Table, places: list[int], rows: list[int]) -> Spread:
    """The articles in two pieces of storage: where each lies, and in which row there."""
    order = np.lexsort((rows, places))
    pieces = [table.take(pa.array(order[np.array(places)[order] == piece])) for piece in (0, 1)]
    return spread(table.schema, pieces, np.array(places), np.array(rows))


@pytest.mark.parametrize(
    ("places", "rows"),
    [
        ([0, 0, 0, 0], [0, 1, 2, 3]),  # as they are numbered
        ([0, 0, 0, 0], [3, 1, 0, 2]),  # few, in one piece, in another order
        ([1, 0, 1, 0], [1, 1, 0, 0]),  # strewn over two
    ],
)
def test_each_article_is_read_with_its_own_blocks(places: list[int], rows: list[int]) -> None:
    """In whatever order articles lie, and however few lie together."""
    table = told(4)
    columns = laid(table, places, rows)
    corpus = Corpus(columns, block_starts(columns), np.zeros(14, np.bool_))
    sizes = {
        row: size
        for papers in corpus.lying(np.arange(4))
        for row, size in zip(papers.rows.tolist(), np.diff(papers.starts).tolist(), strict=True)
    }
    assert sizes == {n: n + 2 for n in range(4)}  # the title is a block, too


def test_no_articles() -> None:
    """Nothing to read gives no batches."""
    columns = told(0)
    assert not list(Corpus(columns, block_starts(columns), np.zeros(0, np.bool_)).lying(np.arange(0)))


def test_batches_of_few_articles_are_enough_for_several_processes() -> None:
    """Some hundred articles come in more batches than there are processes, and no batch outgrows a core's cache."""
    columns = told(1)

    def sizes(count: int) -> list[int]:
        rows = columns.take(pa.array(np.zeros(count, np.int64)))
        return [
            len(batch)
            for batch in Corpus(rows, block_starts(rows), np.zeros(2 * count, np.bool_)).batches(np.arange(count))
        ]

    assert sizes(0) == []
    assert sizes(64) == [64]
    assert sizes(900) == [*[64] * 14, 4]
    assert set(sizes(16 * 256)) == {256}
