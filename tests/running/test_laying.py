"""Rows laid aside: every article once, whatever lies where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from copydesk.article import Article, Block, Metadata, Outcome, Source
from copydesk.duplicates import DuplicateLink
from copydesk.judging import Verdict
from copydesk.judging.by_row import Verdicts
from copydesk.running import laying
from copydesk.running.laying import lay_rows
from copydesk.running.outline import OUTLINE
from copydesk.running.request import OUTLINES
from copydesk.running.settling import Stamp
from copydesk.spread import as_spread
from copydesk.state import StoredShelf
from copydesk.writing import TABLES

STAMP = Stamp("run-1", dt.datetime(2026, 3, 5, 2, 0, tzinfo=dt.UTC))
ARTICLES = tuple(
    Article(f"{n:032x}", Source(f"{n}.txt", 0, "0" * 64), (Block(f"Text {n}."),), Metadata(title=f"Title {n}"))
    for n in range(12)
)
SEGMENTS = np.arange(12, dtype=np.int64) % 3
"""By id the articles lie in three segments in turn."""


def shelf(asked: list[str]) -> StoredShelf:
    """The articles on a shelf that writes down which segment is read."""

    def read(segment: str, rows: Sequence[int], _: object) -> Iterator[tuple[int, Article]]:
        asked.append(segment)
        return ((row, ARTICLES[row * 3 + int(segment)]) for row in rows)

    paths = [article.source.path for article in ARTICLES]
    columns = pa.table({"article_id": [article.article_id for article in ARTICLES], "path": paths})
    rows = np.arange(12, dtype=np.int64) // 3
    return StoredShelf(as_spread(columns), np.zeros(12, np.int32), ("0", "1", "2"), SEGMENTS, rows, read)


def laid(folder: Path, name: str) -> pa.Table:
    """A table that was laid aside."""
    return pa.concat_tables(pa.ipc.open_file(part).read_all() for part in sorted((folder / f"{name}.parts").iterdir()))


def test_all_rows_are_laid_and_each_segment_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts follow the segments, so none is opened for every part; the tables have all articles all the same."""
    monkeypatch.setattr(laying, "MOST_ROWS", 4)
    asked: list[str] = []
    lay_rows(shelf(asked), Verdicts(), np.arange(12), STAMP, tmp_path)
    assert asked == ["0", "1", "2"]
    for name in ("articles", "ledger", OUTLINES):
        found = laid(tmp_path, name)
        assert sorted(found["article_id"].to_pylist()) == [article.article_id for article in ARTICLES]
    assert laid(tmp_path, OUTLINES).schema.equals(OUTLINE)


def test_copy_names_the_file_of_a_survivor_that_is_not_laid(tmp_path: Path) -> None:
    """Of a survivor that hasn't changed, its id and file are known without loading it."""
    copy, survivor = ARTICLES[4].article_id, ARTICLES[7]
    link = DuplicateLink(copy, survivor.article_id, "exact", 1.0, 1.0)
    lay_rows(shelf([]), Verdicts(changed={4: Verdict(link=link)}), np.array([4]), STAMP, tmp_path)
    [row] = laid(tmp_path, "duplicates").to_pylist()
    assert (row["canonical_id"], row["canonical_source_path"]) == (survivor.article_id, "7.txt")
    assert laid(tmp_path, "ledger")["outcome"].to_pylist() == [Outcome.DUPLICATE]
    assert not len(laid(tmp_path, OUTLINES))


def test_nothing_to_lay(tmp_path: Path) -> None:
    """Without rows there are all tables, with columns and without rows."""
    lay_rows(shelf([]), Verdicts(), np.arange(0), STAMP, tmp_path)
    assert [len(laid(tmp_path, name)) for name in (*TABLES, OUTLINES)] == [0] * 5
