"""Opening a published corpus: as Arrow datasets, or a table of it as it is needed by a run.

Arrow's datasets are loaded when somebody asks for them: they bring pandas with them where it is installed, and half a
second of every night went into that.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from copydesk.errors import UsageError
from copydesk.writing.history import Snapshot
from copydesk.writing.parquet import read_parquet
from copydesk.writing.pointer import POINTER, SNAPSHOTS, parse_pointer
from copydesk.writing.schema import TABLES, load_contract, load_schema

if TYPE_CHECKING:
    import pyarrow.dataset as ds
    import pyarrow.fs


class Corpus(NamedTuple):
    """The tables of one snapshot. They stay those of that snapshot while later runs publish others."""

    articles: ds.Dataset
    duplicates: ds.Dataset
    decisions: ds.Dataset
    ledger: ds.Dataset


def open_corpus(path: Path | str) -> Corpus:
    """The tables of the corpus at a local path or a URL that `pyarrow.fs` opens, with the types of their schemas.

    The link is resolved first, so all four tables are of one run, whatever is published meanwhile. `articles` has the
    column `month`, a string.

    Raises UsageError if there is no corpus.
    """
    filesystem, root = _resolve(path)
    try:
        return Corpus(*(_open_table(filesystem, root, table) for table in TABLES))
    except OSError as error:
        raise UsageError(
            f"{path} holds no corpus: {error}; run `copydesk clean` first, or name another folder"
        ) from error


def read_columns(snapshot: Snapshot, table: str, columns: Sequence[str]) -> pa.Table:
    """Some columns of a table of a snapshot, in no order.

    Raises OSError or pa.ArrowInvalid if a file can't be read.
    """
    parts = [read_parquet(snapshot.path / file.path, list(columns)) for file in snapshot.manifest.of_table(table)]
    return pa.concat_tables(parts)


def _resolve(path: Path | str) -> tuple[pyarrow.fs.FileSystem, str]:
    import pyarrow.fs

    if isinstance(path, str) and "://" in path:
        filesystem, root = pyarrow.fs.FileSystem.from_uri(path)
        if isinstance(filesystem, pyarrow.fs.LocalFileSystem):
            return filesystem, str(Path(root).resolve())
        return filesystem, _published(filesystem, root.rstrip("/"))
    return pyarrow.fs.LocalFileSystem(), str(Path(path).resolve())


def _published(filesystem: pyarrow.fs.FileSystem, root: str) -> str:
    """The snapshot that the pointer of a corpus on a store names; the folder itself where there is no pointer."""
    try:
        with filesystem.open_input_stream(f"{root}/{POINTER}") as stream:
            run_id = parse_pointer(stream.read(), root)
    except FileNotFoundError:
        return root
    except OSError as error:
        raise UsageError(f"{root} can't be read: {error}; see to the address and its permissions") from error
    return f"{root}/{SNAPSHOTS}/{run_id}"


def _open_table(filesystem: pyarrow.fs.FileSystem, root: str, table: str) -> ds.Dataset:
    import pyarrow.dataset as ds

    schema = load_schema(table)
    partition = load_contract(table).partition
    if partition is None:
        return ds.dataset(f"{root}/{table}", schema=schema, filesystem=filesystem, format="parquet")
    hive = ds.partitioning(pa.schema([(partition.name, pa.string())]), flavor="hive")
    whole = schema.append(pa.field(partition.name, pa.string()))
    return ds.dataset(f"{root}/{table}", schema=whole, filesystem=filesystem, format="parquet", partitioning=hive)
