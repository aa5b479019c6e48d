"""Tests of what is kept of an article for judging."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from copydesk.article import Article, Block, BlockKind, Metadata, Outcome, Source
from copydesk.contamination import COLUMNS, paragraph_columns
from copydesk.contamination.columns import HEADLINE, JUDGED, PLENTY

LINE = "The port of Lindhaven froze overnight, and the harbour master said no ship would leave before Thursday."
paper = Article(
    "a",
    Source("a.txt", 0, None),
    (Block("Lindhaven under ice", label="title", field="title"), Block(LINE), Block("Ice on the berths of Lindhaven")),
    Metadata(title="Lindhaven under ice"),
)


def test_no_articles_give_no_rows() -> None:
    """The table has its columns and no rows."""
    assert paragraph_columns([]).schema.equals(COLUMNS)
    assert paragraph_columns([]).num_rows == 0


def test_blocks_are_the_kept_ones_and_the_title() -> None:
    """Positions are those among all blocks; the title comes last, as -1."""
    (row,) = paragraph_columns([paper]).to_pylist()
    assert row["positions"] == [1, 2, -1]
    assert row["marks"] == [JUDGED, HEADLINE, 0]
    assert row["distinct"][1] > 0
    assert len(row["tokens"]) == sum(row["distinct"])


def test_only_clean_articles_with_text_have_blocks() -> None:
    """The rows of others are empty lists, so that rows and articles stay side by side."""
    other = replace(paper, outcome=Outcome.NO_ARTICLE)
    empty = Article("e", Source("e.txt", 0, None))
    table = paragraph_columns([other, paper, empty])
    assert [len(row["positions"]) for row in table.to_pylist()] == [0, 3, 0]


def test_rows_do_not_depend_on_company() -> None:
    """An article has the same row alone as among others."""
    alone = paragraph_columns([paper])
    among = paragraph_columns([replace(paper, blocks=paper.blocks[:2]), paper, paper]).slice(1, 1)
    assert among.to_pylist() == alone.to_pylist()


def test_tables_and_code_have_no_words() -> None:
    """Words of cells speak neither for nor against a paragraph."""
    cell = replace(paper, blocks=(Block(LINE), Block(LINE, BlockKind.TABLE_CELL)))
    (row,) = paragraph_columns([cell]).to_pylist()
    assert row["distinct"][1] == 0
    assert row["marks"][1] & JUDGED == 0


def test_word_lists_are_left_out() -> None:
    """A page with more distinct words than a token can number has an empty row; its neighbours keep theirs."""
    words = Article("w", Source("w.txt", 0, None), (Block(" ".join(f"zq{i:x}w" for i in range(66_000))), Block(LINE)))
    lengths = pa.chunked_array(paragraph_columns([paper, words, paper])["lengths"]).to_pylist()
    assert [len(x) for x in lengths] == [3, 0, 3]


def test_copies_of_a_paragraph_share_their_keys() -> None:
    """The keys of a paragraph are those of its copy, and none of another's."""
    other = replace(
        paper,
        blocks=(
            Block("Judge Moreau ruled on Thursday that vouchers for private schools in Ohio break the law."),
            *paper.blocks[1:],
        ),
    )
    one, two = (row["keys"] for row in paragraph_columns([paper, other]).to_pylist())
    assert one[:3] == two[3:6] != [0, 0, 0]
    assert not set(two[:3]) & set(one[:3])


def test_plenty_is_marked() -> None:
    """A paragraph of forty words marks an article that no removal beside it can undo; a cell of a table never does."""
    long = " ".join([LINE, LINE, LINE])
    blocks = (Block(LINE), Block(long), Block(long, BlockKind.TABLE_CELL))
    (row,) = paragraph_columns([replace(paper, blocks=blocks)]).to_pylist()
    assert [mark & PLENTY for mark in row["marks"]] == [0, PLENTY, 0, 0]
