"""The outlines of the articles of each snapshot, so that the next night counts without reading its rows.

    state/outlines/<run>~<digest>.arrow      one file for each snapshot, written before it is swapped in

A file belongs to the snapshot of its name and to the code and settings that made both, as its verdicts do.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa

from copydesk.running.outline import OUTLINE
from copydesk.state.kept import find_current, forget_tables, keep_table


def write_outlines(folder: Path, run_id: str, fingerprint: str, outlines: pa.Table) -> None:
    """Nothing: the outlines (schema `OUTLINE`) of this run are on the disk."""
    schema = OUTLINE.with_metadata({"fingerprint": fingerprint})
    keep_table(folder, run_id, schema, [outlines.replace_schema_metadata(None).cast(schema)])


def read_outlines(folder: Path, run_id: str, fingerprint: str) -> pa.Table | None:
    """The outlines of the run that published a snapshot; None if they are lost, damaged, or of another fingerprint."""
    table = find_current(folder, run_id, fingerprint)
    return table.replace_schema_metadata(None) if table is not None else None


def forget_outlines(folder: Path, run_ids: Collection[str]) -> None:
    """Nothing: the outlines of all runs but these are removed."""
    forget_tables(folder, lambda stem: stem not in run_ids)
