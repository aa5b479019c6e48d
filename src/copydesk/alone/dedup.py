"""The duplicates of texts that are clean already: files of rows in, their copies and the rows that stay out.

OUT/kept/...          the files again, without the rows that are copies; every other row as it was
OUT/duplicates/...    the table `duplicates`, with the ids given

With an index the rows are compared with those of earlier calls too, and kept there for later ones. `duplicates` then
has all copies that the index knows: what was a survivor may be a copy now.

The files are read twice, some thousand rows at a time. In between the texts lie in a temporary file that is mapped
into memory; what was read of it is let go of after each step.
"""

from __future__ import annotations

import datetime as dt
import mmap
import tempfile
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from copydesk.alone.rows import Batch, find_files, read_batches, write_kept
from copydesk.duplicates import find_links
from copydesk.duplicates.buffers import LetGo, keep_all
from copydesk.duplicates.index import add_articles, open_index, rebuild_index
from copydesk.duplicates.index.rows import KNOWN, PLACE
from copydesk.errors import UsageError
from copydesk.settings import Settings
from copydesk.writing.tables import build_table

INDEX_ROWS = 16_384
"""Rows that are handed to an index at once."""
TOLD = ["title", "outlet", "url", "published_on", "source_path", "source_record"]
"""What is written down of a copy besides its link."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DedupSummary:
    """How many rows were read, and how many of them are copies."""

    rows: int
    copies: int


def dedup_files(
    source: Path,
    out: Path,
    text_column: str,
    id_column: str,
    settings: Settings,
    say: Say = lambda _: None,
    *,
    index: Path | None = None,
    rebuild: bool = False,
) -> DedupSummary:
    """The counts, after `out` was written. The order of files and rows stays; ids come out as text.

    `say` is told how far it is. With an `index` rows are added to it, after it was made again if `rebuild` says so.

    Raises UsageError for a path, format or column that isn't there, ids that don't name each row once, an `out` that
    isn't empty, and an index that can't be used.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"--out {out} isn't empty; name a new folder")
    paths = find_files(source)
    with tempfile.TemporaryDirectory(prefix="copydesk-dedup-") as scratch:
        articles, sizes, ends = _gather(paths, Path(scratch) / "texts", text_column, id_column, say)
        texts, let_go = _map(Path(scratch) / "texts", ends)
        articles = _place(articles.append_column("text", texts), paths, sizes)
        say("comparing")
        if index:
            links, copies, survivors = _link_index(index, articles, settings, say, rebuild=rebuild)
        else:
            links = find_links(articles, settings, let_go=let_go)
            copies, survivors = (_choose(articles, links[name]) for name in ("article_id", "canonical_id"))
        ids = articles["article_id"]
    kept = pc.invert(pc.is_in(ids, value_set=links["article_id"])).to_pylist()
    start = 0
    for path, size in zip(paths, sizes, strict=True):
        write_kept(path, kept[start : start + size], out / "kept" / path.name)
        start += size
        say(f"{path.name}: written")
    _write_duplicates(links, copies, survivors, out / "duplicates")
    return DedupSummary(len(kept), len(kept) - sum(kept))


def _place(articles: pa.Table, paths: Sequence[Path], sizes: Sequence[int]) -> pa.Table:
    """The articles with where each came from (schema `PLACE`)."""
    names = [path.name for path, size in zip(paths, sizes, strict=True) for _ in range(size)]
    records = [row for size in sizes for row in range(size)]
    for field, values in zip(PLACE, (names, records), strict=True):
        articles = articles.append_column(field, pa.array(values, field.type))
    return articles


def _choose(articles: pa.Table, ids: pa.ChunkedArray) -> pa.Table:
    """The rows of these ids, in their order, as far as they are written down."""
    return articles.select(TOLD).take(pc.index_in(ids, value_set=articles["article_id"].combine_chunks()))


def _link_index(
    index: Path, articles: pa.Table, settings: Settings, say: Say, *, rebuild: bool
) -> tuple[pa.Table, pa.Table, pa.Table]:
    """All links of the index with these articles in it, and the rows of the copies and of their survivors."""
    if rebuild:
        say(f"{index}: made again, {len(rebuild_index(index, settings.duplicates)):,} articles")
    parts = (articles.slice(low, INDEX_ROWS) for low in range(0, len(articles), INDEX_ROWS))
    add_articles(index, parts, settings.duplicates)
    opened = open_index(index, settings.duplicates)
    say(f"{index}: {len(opened):,} articles")
    order = pc.sort_indices(opened.articles.column("article_id").take(opened.numbered["copy"]))
    numbered = opened.numbered.take(order)
    sides = (opened.articles.take(TOLD, numbered[name].to_numpy()) for name in ("copy", "survivor"))
    return opened.links(), *sides


def _gather(
    paths: Sequence[Path], spilled: Path, text_column: str, id_column: str, say: Say
) -> tuple[pa.Table, list[int], array[int]]:
    """What is known of each row of all files; the rows of each file; and where each text ends in the file `spilled`,
    the first one after a 0.
    """
    known, sizes, ends = [], [], array("q", [0])
    with spilled.open("wb") as out:
        for path in paths:
            size = 0
            for batch in read_batches(path):
                if not len(batch.rows) and not batch.rows.column_names:
                    continue
                _check_columns(batch, (text_column, id_column))
                _spill(batch.rows[text_column], out, ends)
                known.append(_known(batch.rows, id_column))
                size += len(batch.rows)
            sizes.append(size)
            say(f"{path.name}: {size:,} rows")
    if not known:
        raise UsageError(f"{paths[0].parent}: there are no rows")
    table = pa.concat_tables(known).combine_chunks()
    _check_ids(table["article_id"], id_column)
    return table, sizes, ends


def _check_columns(batch: Batch, names: Sequence[str]) -> None:
    for name in names:
        if name not in batch.rows.column_names:
            raise UsageError(f"no column {name!r}; there are {', '.join(batch.rows.column_names)}")


def _check_ids(ids: pa.ChunkedArray, name: str) -> None:
    if ids.null_count or len(pc.unique(ids)) != len(ids):
        raise UsageError(f"column {name!r} doesn't name each row once; name another with --id-column")


def _spill(texts: pa.ChunkedArray, out: BinaryIO, ends: array[int]) -> None:
    for text in texts.cast(pa.large_string()).to_pylist():
        data = (text or "").encode("utf-8", "surrogatepass")
        out.write(data)
        ends.append(ends[-1] + len(data))


def _map(spilled: Path, ends: array[int]) -> tuple[pa.Array, LetGo]:
    """The texts of a file, mapped into memory, and what drops from memory what was read of them."""
    if not ends[-1]:
        return pa.array([""] * (len(ends) - 1), pa.large_string()), keep_all
    with spilled.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    texts = pa.LargeStringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), pa.py_buffer(mapped))
    return texts, lambda: mapped.madvise(mmap.MADV_DONTNEED)


def _known(rows: pa.Table, id_column: str) -> pa.Table:
    columns = {field.name: _column(rows, field.name, field.type, id_column) for field in KNOWN}
    return pa.table({"article_id": rows[id_column].cast(pa.string()), **columns})


def _column(rows: pa.Table, name: str, kind: pa.DataType, id_column: str) -> pa.Array | pa.ChunkedArray:
    if name not in rows.column_names or name == id_column:
        return pa.nulls(len(rows), kind)
    if rows[name].type == kind:
        return rows[name]
    return pa.array([_read_value(value, kind) for value in rows[name].to_pylist()], kind)


def _read_value(value: Any, kind: pa.DataType) -> Any:
    """A value in the type of its column; None where it isn't one.

    >>> _read_value("2024-09-01T10:00:00Z", pa.date32()), _read_value("last week", pa.date32())
    (datetime.date(2024, 9, 1), None)
    """
    if value is None or pa.types.is_string(kind):
        return None if value is None else str(value)
    if pa.types.is_list(kind):
        return [str(item) for item in value] if isinstance(value, list) else [str(value)]
    try:
        moment = value if isinstance(value, dt.date) else dt.datetime.fromisoformat(str(value))
    except ValueError:
        return None
    if pa.types.is_date(kind):
        return moment.date() if isinstance(moment, dt.datetime) else moment
    return moment if isinstance(moment, dt.datetime) and moment.tzinfo else None


def _write_duplicates(links: pa.Table, copies: pa.Table, survivors: pa.Table, folder: Path) -> None:
    columns: dict[str, Sequence[Any]] = {
        "canonical_source_path": survivors["source_path"].to_pylist(),
        **{name: copies[name].to_pylist() for name in TOLD},
        **{name: links[name].to_pylist() for name in links.column_names},
    }
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(build_table("duplicates", columns), folder / "part-0.parquet", compression="zstd")
