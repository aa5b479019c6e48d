"""The duplicates of texts that are clean already: files of rows in, their copies and the rows that stay out.

OUT/kept/...          the files again, without the rows that are copies; every other row as it was
OUT/duplicates/...    the table `duplicates`, with the ids given

The files are read twice, some thousand rows at a time. In between the texts lie in a temporary file that is mapped
into memory, so that the system can let go of what isn't needed just then.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.duplicates import find_links
from copydesk.duplicates.dedup import check_ids
from copydesk.errors import UsageError
from copydesk.rows import Batch, find_files, read_batches, write_kept
from copydesk.settings import Settings
from copydesk.writing.tables import build_table

KNOWN = pa.schema(
    [
        ("title", pa.string()),
        ("outlet", pa.string()),
        ("url", pa.string()),
        ("url_key", pa.string()),
        ("published_on", pa.date32()),
        ("published_at", pa.timestamp("us", "UTC")),
        ("modified_at", pa.timestamp("us", "UTC")),
        ("authors", pa.list_(pa.string())),
        ("section", pa.string()),
        ("language", pa.string()),
    ]
)
"""Columns that help to choose the survivor, where rows have them by these names; what isn't of the type is unknown."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DedupSummary:
    """How many rows were read, and how many of them are copies."""

    rows: int
    copies: int


def dedup_files(
    source: Path, out: Path, text_column: str, id_column: str, settings: Settings, say: Say = lambda _: None
) -> DedupSummary:
    """The counts, after `out` was written. The order of files and rows stays; ids come out as text.

    `say` is told how far it is. Raises UsageError for a path, format or column that isn't there, ids that don't name
    each row once, and an `out` that isn't empty.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"--out {out} isn't empty; name a new folder")
    paths = find_files(source)
    with tempfile.TemporaryDirectory(prefix="copydesk-dedup-") as scratch:
        articles, sizes = _gather(paths, Path(scratch) / "texts", text_column, id_column, say)
        say("comparing")
        links = find_links(articles, settings)
        articles = articles.drop_columns(["text"])
    removed = set(links["article_id"].to_pylist())
    kept = [identity not in removed for identity in articles["article_id"].to_pylist()]
    start = 0
    for path, size in zip(paths, sizes, strict=True):
        write_kept(path, kept[start : start + size], out / "kept" / path.name)
        start += size
        say(f"{path.name}: written")
    places = [(path.name, row) for path, size in zip(paths, sizes, strict=True) for row in range(size)]
    _write_duplicates(places, articles, links.to_pylist(), out / "duplicates")
    return DedupSummary(len(articles), len(removed))


def _gather(
    paths: Sequence[Path], spilled: Path, text_column: str, id_column: str, say: Say
) -> tuple[pa.Table, list[int]]:
    """What is compared, one row per row of all files, its texts mapped from `spilled`; and the rows of each file."""
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
    check_ids(table["article_id"], id_column)
    return table.append_column("text", _map(spilled, ends)), sizes


def _check_columns(batch: Batch, names: Sequence[str]) -> None:
    for name in names:
        if name not in batch.rows.column_names:
            raise UsageError(f"no column {name!r}; there are {', '.join(batch.rows.column_names)}")


def _spill(texts: pa.ChunkedArray, out: BinaryIO, ends: array[int]) -> None:
    for text in texts.cast(pa.large_string()).to_pylist():
        data = (text or "").encode("utf-8", "surrogatepass")
        out.write(data)
        ends.append(ends[-1] + len(data))


def _map(spilled: Path, ends: array[int]) -> pa.Array:
    data = pa.memory_map(str(spilled)).read_buffer() if ends[-1] else pa.py_buffer(b"")
    return pa.LargeStringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), data)


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


def _write_duplicates(
    places: Sequence[tuple[str, int]], articles: pa.Table, links: Sequence[dict[str, Any]], folder: Path
) -> None:
    at = {identity: number for number, identity in enumerate(articles["article_id"].to_pylist())}
    copies = [at[link["article_id"]] for link in links]
    known = articles.select(["title", "outlet", "url"]).take(pa.array(copies, pa.int64()))
    columns: dict[str, Sequence[Any]] = {
        "source_path": [places[copy][0] for copy in copies],
        "source_record": [places[copy][1] for copy in copies],
        "canonical_source_path": [places[at[link["canonical_id"]]][0] for link in links],
        "published_on": [None] * len(links),
        **{name: known[name].to_pylist() for name in known.column_names},
        **{name: [link[name] for link in links] for name in ("article_id", "canonical_id", "kind")},
        **{name: [link[name] for link in links] for name in ("jaccard", "containment")},
    }
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(build_table("duplicates", columns), folder / "part-0.parquet", compression="zstd")
