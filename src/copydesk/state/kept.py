"""Tables that can be made again: Arrow files that are named by what they hold, mapped into memory to be read.

A file's name ends with a digest of its bytes. One that was damaged, or only half written when the power went, is found
out and counts as missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import pyarrow as pa

from copydesk.writing.durable import sync_file

MARK = "~"
"""Between a file's stem and its digest; in no stem."""
DIGEST_CHARS = 24


def find_table(folder: Path, stem: str) -> pa.Table | None:
    """The table that was kept under this name, None if there is none that is whole."""
    for path in sorted(folder.glob(f"{stem}{MARK}*.arrow")):
        if _digest(path) == path.stem.rpartition(MARK)[2]:
            return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        path.unlink()
    return None


def keep_table(folder: Path, stem: str, schema: pa.Schema, tables: Iterable[pa.Table]) -> pa.Table:
    """The table made of these parts, after it was written to the disk under this name, in the place of older ones."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{stem}.part"
    with pa.OSFile(str(temporary), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for table in tables:
            writer.write_table(table)
    sync_file(temporary)
    path = folder / f"{stem}{MARK}{_digest(temporary)}.arrow"
    temporary.replace(path)
    forget_tables(folder, lambda name: name == stem, but=(path.name,))
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def forget_tables(folder: Path, chosen: Callable[[str], bool], but: Collection[str] = ()) -> None:
    """Nothing: the tables under the names that are chosen are removed, and what a killed run has left."""
    for path in folder.glob("*"):
        stem, _, _ = path.stem.rpartition(MARK)
        if path.name not in but and (chosen(stem) or path.suffix == ".part"):
            path.unlink()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:DIGEST_CHARS]
