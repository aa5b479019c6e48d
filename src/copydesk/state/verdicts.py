"""What the corpus said about each article when a snapshot was published, so that the next night knows what has changed.

    state/verdicts/<run>.arrow      one file for each snapshot, written before it is swapped in

A file belongs to the snapshot of its name and to the code and settings that made both. Where there is none for the
published snapshot, every article counts as changed: a killed run, a rollback or an upgrade costs time, never rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa

from copydesk.state.columns import CONTENT_BYTES
from copydesk.writing.durable import sync_file

VERDICTS = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("content", pa.binary(CONTENT_BYTES), nullable=False),
        pa.field("record", pa.int32(), nullable=False),
        pa.field("facts", pa.binary(), nullable=False),
        pa.field("removals", pa.binary(), nullable=False),
        pa.field("no_article", pa.string(), nullable=False),
    ]
)
"""An article as it was examined, its position in its file, a digest of its verdict (empty if nothing follows from the
corpus), a digest of what is taken out of it, and why nothing that is an article is left then."""


def write_verdicts(folder: Path, run_id: str, fingerprint: str, verdicts: pa.Table) -> None:
    """Nothing: the verdicts (schema `VERDICTS`) of this run are on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{run_id}.part"
    schema = VERDICTS.with_metadata({"fingerprint": fingerprint})
    with pa.OSFile(str(temporary), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        writer.write_table(verdicts.cast(schema))
    digest = _digest(temporary)
    sync_file(temporary)
    temporary.replace(folder / f"{run_id}~{digest}.arrow")


def read_verdicts(folder: Path, run_id: str, fingerprint: str) -> pa.Table | None:
    """The verdicts of the run that published a snapshot; None if they are lost, damaged, or of another fingerprint."""
    for path in folder.glob(f"{run_id}~*.arrow"):
        if _digest(path) == path.stem.rpartition("~")[2]:
            table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
            if (table.schema.metadata or {}).get(b"fingerprint") == fingerprint.encode():
                return table
    return None


def forget_verdicts(folder: Path, run_ids: Collection[str]) -> None:
    """Nothing: the verdicts of all runs but these are removed."""
    for path in folder.glob("*"):
        if path.stem.rpartition("~")[0] not in run_ids:
            path.unlink()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:24]
