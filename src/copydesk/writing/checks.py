"""Whether a snapshot keeps what it promises: files against the manifest, tables against schemas and each other."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from copydesk.errors import ContractError
from copydesk.writing.contents import COLUMNS
from copydesk.writing.durable import file_sha256
from copydesk.writing.ledger import check_ledger, check_references, count_outcomes
from copydesk.writing.manifest import FileEntry, Manifest, read_manifest
from copydesk.writing.parquet import read_parquet
from copydesk.writing.partitions import publication_months
from copydesk.writing.schema import TABLES, load_contract, load_schema, schema_versions

READ_ERRORS = (OSError, pa.ArrowInvalid, pa.ArrowNotImplementedError)

CLOSED_SETS = {
    "kind": ("exact", "near", "excerpt", "revision", "syndicated"),
    "action": ("removed", "moved", "repaired"),
    "published_precision": ("instant", "minute", "day", "month", "year"),
}
"""Columns whose values are named in the contract."""

MONTH = ("published_on", "published_precision")
"""Columns that tell the folder of a row."""

SHARES = ("jaccard", "containment", "score")
"""Columns that hold numbers from 0 to 1."""

REFERENCE_COLUMNS = {
    "articles": ["article_id", "also_published"],
    "duplicates": ["article_id", "canonical_id"],
    "decisions": ["article_id"],
    "ledger": ["source_path", "source_record", "outcome", "reason", "article_id"],
}


Read = Mapping[str, pa.Table]
"""Rows of files by their paths."""


@cache
def looked_at(table: str) -> tuple[str, ...]:
    """The columns that are read of a file that was just written, once, to check it and to count what the snapshot
    holds: no texts.
    """
    contract = load_contract(table)
    wanted = {*CLOSED_SETS, *SHARES, *MONTH, *contract.sort, *REFERENCE_COLUMNS[table], *COLUMNS[table]}
    return tuple(column.name for column in contract.columns if column.name in wanted)


def check_snapshot(folder: Path) -> tuple[str, ...]:
    """Problems of a snapshot, one line each; empty if it is whole."""
    try:
        manifest = read_manifest(folder)
    except ContractError as error:
        return (str(error),)
    problems = [*_check_files(folder, manifest, contents=True), *_check_versions(manifest)]
    if problems:
        return tuple(problems)  # What is built on broken files would be reported over and over.
    for table in TABLES:
        for entry in manifest.of_table(table):
            problems += _check_rows(folder, table, entry)
    if problems:
        return tuple(problems)
    return _check_tables({table: _read_columns(folder, manifest, table) for table in TABLES}, manifest)


def read_back(folder: Path, entries: Iterable[FileEntry], known: frozenset[str] = frozenset()) -> Read:
    """What is `looked_at` of files that have just been written. Those in `known` are of an earlier snapshot, and have
    been compared with what should be in them.

    Raises ContractError if one isn't as it should be, OSError or pa.ArrowInvalid if one that is known can't be read.
    """
    found = {}
    for entry in entries:
        table = entry.path.partition("/")[0]
        if entry.path in known:
            found[entry.path] = read_parquet(folder / entry.path, [*looked_at(table)])
        else:
            found[entry.path] = _read_rows(folder, table, entry, [*looked_at(table)])
    return found


def join_tables(read: Read) -> dict[str, pa.Table]:
    """The rows of all files, table by table."""
    return {
        table: pa.concat_tables([rows for path, rows in read.items() if path.startswith(f"{table}/")])
        for table in TABLES
    }


def check_new(folder: Path, manifest: Manifest, read: Read, known: frozenset[str]) -> tuple[str, ...]:
    """Problems of a snapshot whose files were written, hashed and typed in this very run, one line each.

    What costs as much as reading everything (digests, texts) is left out, and the ledger, of which `check_sums` has
    told. The rows of the files in `known` aren't looked at for themselves, only how they fit the others.
    """
    problems = [*_check_files(folder, manifest, contents=False), *_check_versions(manifest)]
    for path, rows in read.items():
        if path not in known:
            values = check_values(path.partition("/")[0], rows, Path(path).parent.name)
            problems += [f"{path}: {problem}" for problem in values]
    return (*problems, *check_references(**join_tables(read)))


def _check_versions(manifest: Manifest) -> Iterator[str]:
    expected = schema_versions()
    if manifest.schema_versions != expected:
        yield f"manifest.json: schema versions {manifest.schema_versions}, this copydesk has {expected}; publish again"


def _check_files(folder: Path, manifest: Manifest, contents: bool) -> Iterator[str]:
    listed = {entry.path for entry in manifest.files}
    for table in TABLES:
        if not manifest.of_table(table):
            yield f"{table}: the manifest lists no file"
        for path in sorted((folder / table).rglob("*")):
            if not path.is_dir() and path.relative_to(folder).as_posix() not in listed:
                yield f"{path.relative_to(folder).as_posix()}: not in the manifest"
    for entry in manifest.files:
        yield from _check_file(folder / entry.path, entry, contents)


def _check_file(path: Path, entry: FileEntry, contents: bool) -> Iterator[str]:
    try:
        if path.stat().st_size != entry.size_bytes:
            yield f"{entry.path}: {path.stat().st_size} bytes, the manifest says {entry.size_bytes}"
        elif contents and file_sha256(path) != entry.sha256:
            yield f"{entry.path}: the bytes are not those that were published (SHA-256 differs)"
    except OSError as error:
        yield f"{entry.path}: {error.strerror}"


def _check_rows(folder: Path, table: str, entry: FileEntry) -> Iterator[str]:
    """Problems of one file's rows."""
    try:
        rows = _read_rows(folder, table, entry)
    except ContractError as error:
        yield str(error)
        return
    for problem in check_values(table, rows, Path(entry.path).parent.name):
        yield f"{entry.path}: {problem}"


def _read_rows(folder: Path, table: str, entry: FileEntry, columns: list[str] | None = None) -> pa.Table:
    """The rows of a file, or some columns of them. Raises ContractError if it isn't one of its table."""
    try:
        with pq.ParquetFile(folder / entry.path) as file:
            if not file.schema_arrow.equals(load_schema(table), check_metadata=True):
                raise ContractError(f"{entry.path}: the columns are not those of schemas/{table}.toml")
            if file.metadata.num_rows != entry.rows:
                raise ContractError(f"{entry.path}: {file.metadata.num_rows} rows, the manifest says {entry.rows}")
            return file.read(columns, use_threads=False)
    except READ_ERRORS as error:
        raise ContractError(f"{entry.path}: can't be read as Parquet: {error}") from error


def check_values(table: str, rows: pa.Table, folder: str = "") -> Iterator[str]:
    """Problems of rows against what their schema says of values: nulls, order, closed sets, month, text.

    `rows` may lack columns; these are not looked at. `folder` is the partition they lie in, such as `month=2026-01`.
    """
    for field in load_schema(table):
        if field.name in rows.column_names and not field.nullable and rows[field.name].null_count:
            yield f"{field.name}: {rows[field.name].null_count} nulls, where the schema rules them out"
    yield from _check_order(table, rows)
    for name in rows.column_names:
        if name in CLOSED_SETS:
            odd = pc.invert(pc.is_in(rows[name].drop_null(), value_set=pa.array(CLOSED_SETS[name])))
            if pc.any(odd).as_py():
                yield f"{name}: {rows[name].drop_null().filter(odd)[0]} is none of {', '.join(CLOSED_SETS[name])}"
        if (
            name in SHARES
            and pc.any(pc.invert(pc.and_(pc.greater_equal(rows[name], 0), pc.less_equal(rows[name], 1)))).as_py()
        ):
            yield f"{name}: values outside 0 to 1"
    if load_contract(table).partition and set(MONTH) <= set(rows.column_names):
        yield from _check_month(rows, folder)
    if "text" in rows.column_names:
        yield from _check_texts(rows)


def _check_order(table: str, rows: pa.Table) -> Iterator[str]:
    keys = list(load_contract(table).sort)
    if not set(keys) <= set(rows.column_names):
        return
    order = pc.sort_indices(rows.select(keys), sort_keys=[(key, "ascending") for key in keys]).to_numpy()
    if not np.array_equal(order, np.arange(len(rows))):
        yield f"rows are not sorted by {', '.join(keys)}"


def _check_month(rows: pa.Table, folder: str) -> Iterator[str]:
    # Each month once: to name that of each row took longer than all other checks.
    months = np.unique(publication_months(rows)).tolist()
    names = ("unknown" if month < 0 else f"{month // 12:04d}-{month % 12 + 1:02d}" for month in months)
    odd = sorted(name for name in names if folder != f"month={name}")
    if odd:
        yield f"rows published in {', '.join(odd[:3])} lie in {folder}"


def _check_texts(rows: pa.Table) -> Iterator[str]:
    """The promise about `text`: NFC, no control characters but line ends, paragraphs one blank line apart."""
    for name, article_id in zip(rows["text"].to_pylist(), rows["article_id"].to_pylist(), strict=True):
        fault = _text_fault(name)
        if fault:
            yield f"text of {article_id}: {fault}"


def _text_fault(text: str) -> str | None:
    if not unicodedata.is_normalized("NFC", text):
        return "not in normal form C"
    if not text.replace("\n", "").isprintable():
        odd = next((c for c in text if c != "\n" and unicodedata.category(c) == "Cc"), None)
        if odd is not None:
            return f"holds the control character U+{ord(odd):04X}"
    if "\n\n\n" in text or text != text.strip("\n"):
        return "paragraphs are not one blank line apart"
    return None


def _check_tables(tables: Mapping[str, pa.Table], manifest: Manifest) -> tuple[str, ...]:
    """Problems between the tables, from the columns that refer to each other."""
    problems = [*check_ledger(tables["ledger"]), *check_references(**tables)]
    counted = count_outcomes(tables["ledger"])
    if counted != manifest.outcomes:
        problems.append(f"manifest.json: outcomes {manifest.outcomes}, the ledger has {counted}")
    return tuple(problems)


def _read_columns(folder: Path, manifest: Manifest, table: str) -> pa.Table:
    columns = REFERENCE_COLUMNS[table]
    files = [folder / entry.path for entry in manifest.of_table(table)]
    return pa.concat_tables([read_parquet(file, columns=columns) for file in files])
