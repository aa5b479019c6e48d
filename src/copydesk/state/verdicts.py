"""What the corpus said about each article when a snapshot was published, so that the next night knows what has changed.

    state/verdicts/<run>~<digest>.arrow      one file for each snapshot, written before it is swapped in

A file belongs to the snapshot of its name and to the code and settings that made both. Where there is none for the
published snapshot, every article counts as changed: a killed run, a rollback or an upgrade costs time, never rows.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa

from copydesk.state.columns import CONTENT_BYTES
from copydesk.state.kept import find_current, forget_tables, keep_table

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


def write_verdicts(folder: Path, run_id: str, fingerprint: str, verdicts: pa.Table, listing: str = "") -> None:
    """Nothing: the verdicts (schema `VERDICTS`) of this run are on the disk, and the digest of the listing of records
    that they are about.
    """
    schema = VERDICTS.with_metadata({"fingerprint": fingerprint, "listing": listing})
    keep_table(folder, run_id, schema, [verdicts.replace_schema_metadata(None).cast(schema)])


def read_verdicts(folder: Path, run_id: str, fingerprint: str) -> pa.Table | None:
    """The verdicts of the run that published a snapshot; None if they are lost, damaged, or of another fingerprint."""
    return find_current(folder, run_id, fingerprint)


def forget_verdicts(folder: Path, run_ids: Collection[str]) -> None:
    """Nothing: the verdicts of all runs but these are removed."""
    forget_tables(folder, lambda stem: stem not in run_ids)
