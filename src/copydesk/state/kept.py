"""Tables that can be made again: Arrow files that are named by what they hold, mapped into memory to be read.

A file's name ends with a digest of its bytes. One that was damaged, or only half written when the power went, is found
out and counts as missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import count
from pathlib import Path

import pyarrow as pa

from copydesk.state.checked import still_whole
from copydesk.state.ending import Ending
from copydesk.writing.durable import file_sha256, sync_file

MARK = "~"
"""Between a file's stem and its digest; in no stem."""
DIGEST_CHARS = 24
_NUMBERS = count()
"""Of tables that are being written: only the process that holds the corpus writes any."""


def find_table(folder: Path, stem: str, notes: Path | None = None) -> pa.Table | None:
    """The table that was kept under this name, None if there is none that is whole; with `notes` on which files are
    (`still_whole`), these are believed.
    """
    for path in sorted(folder.glob(f"{stem}{MARK}*.arrow")):
        if still_whole(notes, path, _is_whole) if notes else _is_whole(path):
            return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        path.unlink()
    return None


def find_current(folder: Path, stem: str, fingerprint: str) -> pa.Table | None:
    """The table that was kept under this name with this `fingerprint` in its schema's metadata; None if it is lost,
    damaged, or of another one.
    """
    table = find_table(folder, stem)
    known = table is not None and (table.schema.metadata or {}).get(b"fingerprint") == fingerprint.encode()
    return table if known else None


def keep_table(folder: Path, stem: str, schema: pa.Schema, tables: Iterable[pa.Table]) -> pa.Table:
    """The table made of these parts, after it was written to the disk under this name, in the place of older ones."""
    with TableWriter(folder, schema) as writer:
        for table in tables:
            writer.write(table)
        path = writer.keep(stem)
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


class TableWriter(Ending):
    """A table that is written part by part and gets its name at the end; what isn't kept is removed."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.rows = 0
        self._folder = folder
        self._temporary = folder / f".{next(_NUMBERS)}.part"
        self._sink = pa.OSFile(str(self._temporary), "wb")
        self._writer = pa.ipc.new_file(self._sink, schema)

    def write(self, table: pa.Table) -> None:
        """Nothing: these rows have been written behind the others."""
        self._writer.write_table(table)
        self.rows += len(table)

    def keep(self, stem: str) -> Path:
        """The file of the table, which is on the disk under this name, in the place of older ones."""
        self._close()
        sync_file(self._temporary)
        path = self._folder / f"{stem}{MARK}{_digest(self._temporary)}.arrow"
        self._temporary.replace(path)
        forget_tables(self._folder, lambda name: name == stem, but=(path.name,))
        return path

    def close(self) -> None:
        """Nothing: what wasn't kept is gone."""
        self._close()
        self._temporary.unlink(missing_ok=True)

    def _close(self) -> None:
        if not self._sink.closed:
            self._writer.close()
            self._sink.close()


def forget_tables(folder: Path, chosen: Callable[[str], bool], but: Collection[str] = ()) -> None:
    """Nothing: the tables under the names that are chosen are removed, and what a killed run has left."""
    for path in folder.glob("*"):
        stem, _, _ = path.stem.rpartition(MARK)
        if path.name not in but and (chosen(stem) or path.suffix == ".part"):
            path.unlink()


def _is_whole(path: Path) -> bool:
    return _digest(path) == path.stem.rpartition(MARK)[2]


def _digest(path: Path) -> str:
    return file_sha256(path)[:DIGEST_CHARS]
