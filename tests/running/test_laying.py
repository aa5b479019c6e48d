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
from copydesk.state import VERDICTS, StoredShelf
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


def said(**facts: bytes) -> pa.Table:
    """Verdicts by article, of which only the facts differ."""
    rows = [
        {"article_id": name, "content": b"c" * 16, "record": 0, "facts": fact, "removals": fact, "no_article": "stub"}
        for name, fact in facts.items()
    ]
    return pa.Table.from_pylist(rows, VERDICTS)


def test_what_an_earlier_run_said_is_found_by_article() -> None:
    """An article that says otherwise or is new has changed; one that is gone has vanished; the order doesn't matter."""
    now = said(a=b"1", b=b"2", d=b"")
    before = laying.lay_beside(now["article_id"], said(c=b"3", b=b"9", a=b"1"))
    assert before is not None
    assert laying.changed_rows(now, before).tolist() == [1, 2]
    assert laying.vanished(before).to_pylist() == ["c"]


def test_without_earlier_verdicts_everything_has_changed() -> None:
    """Whether there are none or none is in them; the first takes nothing over."""
    now = said(a=b"1")
    assert laying.lay_beside(now["article_id"], None) is None
    nothing = laying.lay_beside(now["article_id"], said())
    for before in (None, nothing):
        assert laying.changed_rows(now, before).tolist() == [0]
    assert nothing is not None
    assert laying.vanished(nothing).to_pylist() == []


def test_why_nothing_is_left_is_remembered_by_what_was_removed() -> None:
    """For the same text and removals; not for other removals, for another text, or where nothing is known."""
    now = said(a=b"1", b=b"2", c=b"3")
    rows = said(a=b"1", b=b"2").to_pylist()
    rows[1]["content"] = b"x" * 16
    before = laying.lay_beside(now["article_id"], pa.Table.from_pylist(rows, VERDICTS))
    remembered = laying.remember(as_spread(now), before)
    asked = ((0, b"1"), (0, b"2"), (1, b"2"), (2, b"3"))
    assert [remembered(*one) for one in asked] == ["stub", None, None, None]
    assert laying.remember(as_spread(now), None)(0, b"1") is None
