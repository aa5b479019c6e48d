"""The judging columns of segments: kept, made again, and made elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from copydesk.article import Article, Block, Metadata, Refusal, Source
from copydesk.errors import RunError
from copydesk.settings import RunningSettings
from copydesk.state import columns as columns_module
from copydesk.state.columns import (
    KEPT_COLUMNS,
    ColumnsWriter,
    columns_of,
    decode_columns,
    encode_columns,
    kept_columns,
    open_columns,
    sweep_columns,
)
from copydesk.state.serial import decode_article, encode_article
from copydesk.workers import ProcessEngine

TEXTS = ("The ferry to Stroma sails again from Monday.", "Two days later it was laid up.", "Nobody was surprised.")


def encoded(count: int) -> list[bytes]:
    """So many articles, each a little longer than the one before, as they are kept."""
    articles = (
        Article(
            f"a{number:03}",
            Source(f"{number}.txt", 0, None),
            tuple(Block(text) for text in TEXTS * (number % 3 + 1)),
            Metadata(title=f"Ferry {number}", outlet="The Tarrow Courier", outlet_domain="tarrow.example"),
        )
        for number in range(count)
    )
    return [encode_article(article) for article in articles]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two articles, and only one of them made here."""
    monkeypatch.setattr(columns_module, "BATCH_ROWS", 2)
    monkeypatch.setattr(columns_module, "FEW_BATCHES", 1)


def test_no_articles_have_no_columns(tmp_path: Path) -> None:
    """An empty segment gives an empty table of the right columns."""
    table = open_columns(tmp_path, "s.parquet", "code", [])
    assert table.schema.equals(KEPT_COLUMNS)
    assert len(table) == 0


def test_columns_are_kept(tmp_path: Path) -> None:
    """What was made once is read again, without a look at the articles."""
    made = open_columns(tmp_path, "s.parquet", "code", encoded(3))
    assert open_columns(tmp_path, "s.parquet", "code", iter([b"never read"])).equals(made)


def test_other_code_makes_its_own_columns(tmp_path: Path) -> None:
    """Columns of other code don't count, and are swept away with those of segments that are gone."""
    open_columns(tmp_path, "s.parquet", "old", encoded(1))
    open_columns(tmp_path, "s.parquet", "new", encoded(1))
    open_columns(tmp_path, "gone.parquet", "new", encoded(1))
    sweep_columns(tmp_path, ["s.parquet"], "new")
    assert [path.name.partition("~")[0] for path in tmp_path.iterdir()] == ["s-new"]


@pytest.mark.usefixtures("small_batches")
def test_workers_make_the_same_columns(tmp_path: Path) -> None:
    """Columns of many articles are made in worker processes; the file has the same bytes as one that was made here."""
    rows = encoded(9)
    here = open_columns(tmp_path / "here", "s.parquet", "code", rows)
    work = partial(ProcessEngine(2, RunningSettings()).map, columns_of, size=len)
    there = open_columns(tmp_path / "there", "s.parquet", "code", rows, work)
    assert there.equals(here)
    assert [p.name for p in (tmp_path / "there").iterdir()] == [p.name for p in (tmp_path / "here").iterdir()]


@pytest.mark.usefixtures("small_batches")
def test_few_articles_are_no_work_for_others(tmp_path: Path) -> None:
    """A segment of one batch is taken apart here: to load what a worker needs takes longer."""

    def never(batches: Iterable[bytes]) -> Iterator[bytes | Refusal]:
        raise AssertionError(list(batches))

    assert len(open_columns(tmp_path, "s.parquet", "code", encoded(2), never)) == 2


@pytest.mark.usefixtures("small_batches")
def test_articles_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    """A damaged article is found by the worker, and is the same error as here."""
    rows = [*encoded(4), b"{}"]
    assert columns_of(_stream([b"{}"])) == Refusal(
        "unreadable", "ValueError: not enough values to unpack (expected 9, got 0)"
    )
    for work in (None, lambda batches: map(columns_of, batches)):
        with pytest.raises(ValueError, match="unpack"):
            open_columns(tmp_path, "s.parquet", "code", rows, work)


@pytest.mark.usefixtures("small_batches")
def test_a_worker_that_dies_ends_the_run(tmp_path: Path) -> None:
    """Articles were examined by then: what kills a worker now is no fault of one of them, and nothing may be lost."""
    with pytest.raises(RunError, match=r"crashed: signal 9.*nothing was published"):
        open_columns(tmp_path, "s.parquet", "code", encoded(4), lambda _: iter([Refusal("crashed", "signal 9")]))


@pytest.mark.usefixtures("small_batches")
def test_columns_of_another_kind_are_refused(tmp_path: Path) -> None:
    """A worker that was taken over can give no other columns, and none with offsets that lead elsewhere."""
    with pytest.raises(RunError, match="another kind"):
        open_columns(tmp_path, "s.parquet", "code", encoded(4), lambda _: iter([_stream([b""])]))


def made(rows: list[bytes]) -> pa.Table:
    """Give the columns of encoded articles."""
    return kept_columns([decode_article(data) for data in rows], rows)


def test_columns_that_come_in_groups_are_those_of_the_segment(tmp_path: Path) -> None:
    """Groups that add up to a segment are its columns: nothing has to be made of its articles."""
    rows = encoded(7)
    writer = ColumnsWriter(tmp_path)
    for group in (rows[:3], rows[3:4], rows[4:]):
        writer.add(made(group))
    writer.keep("s.parquet", "code", 7)
    assert open_columns(tmp_path, "s.parquet", "code", iter([b"never read"])).equals(made(rows))
    writer.add(made(rows[:2]))
    writer.keep("next.parquet", "code", 2)
    assert len(open_columns(tmp_path, "next.parquet", "code", iter([b"never read"]))) == 2


def test_columns_of_a_part_are_not_kept(tmp_path: Path) -> None:
    """Where columns of some rows are missing, those of all are made anew; no file is left behind."""
    rows = encoded(3)
    writer = ColumnsWriter(tmp_path)
    writer.add(made(rows[:2]))
    writer.keep("s.parquet", "code", 3)
    writer.keep("none.parquet", "code", 0)
    assert list(tmp_path.iterdir()) == []
    assert open_columns(tmp_path, "s.parquet", "code", rows).equals(made(rows))


def test_columns_travel_with_their_ids() -> None:
    """Columns come back as they were sent; those of other articles, and bytes that are no columns, are refused."""
    columns = made(encoded(2))
    assert decode_columns(encode_columns(columns), ["a000", "a001"]).equals(columns)
    assert len(decode_columns(encode_columns(made([])), [])) == 0
    with pytest.raises(RunError, match="other articles"):
        decode_columns(encode_columns(columns), ["a001", "a000"])
    with pytest.raises(RunError, match="can't be read"):
        decode_columns(b"\0" * 64, ["a000"])


def _stream(articles: list[bytes]) -> bytes:
    table = pa.table({"article": pa.array(articles, pa.large_binary())})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data
