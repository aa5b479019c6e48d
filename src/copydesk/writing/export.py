"""A published corpus → Delta tables, for those who want it in their lakehouse.

One Delta table per table, one commit per snapshot: readers of the Delta table see a run whole or not at all, and its
history is that of the corpus. The commit remembers the snapshot, so exporting twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copydesk.errors import RunError, UsageError
from copydesk.writing.corpus import open_corpus
from copydesk.writing.history import Snapshot, current_snapshot
from copydesk.writing.schema import TABLES, load_contract

APPLICATION = "copydesk"
"""Under this name a Delta table remembers which snapshot it holds, for longer than its history lasts."""

RUN = "copydesk_run"
"""What the commit calls the run, for people who look at the history."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A Delta table, its version now, and whether this export wrote it."""

    table: str
    version: int
    written: bool


def export_delta(clean: Path | str, target: str) -> tuple[Exported, ...]:
    """What was written into the Delta tables below `target`, a local folder or an address that deltalake opens.

    Rows are streamed: memory doesn't grow with the corpus. A table that holds this snapshot already is left alone; one
    that an export that failed left behind is written. Raises UsageError if nothing is published, deltalake isn't
    installed or something else lies there, RunError if it can't be written.
    """
    snapshot = current_snapshot(clean)
    if snapshot is None:
        raise UsageError(f"nothing is published at {clean}; run `copydesk clean` first, or name another --clean")
    return tuple(_export_table(table, snapshot, f"{target.rstrip('/')}/{table}") for table in TABLES)


def _export_table(table: str, snapshot: Snapshot, place: str) -> Exported:
    try:
        import deltalake
        from deltalake.exceptions import DeltaError
    except ImportError as error:
        raise UsageError(f"--delta: {error}; install it with `pip install 'copydesk[delta]'`") from error
    partition = load_contract(table).partition
    stamp = int(snapshot.manifest.created.timestamp() * 1_000_000)
    try:
        if _held(deltalake, place) == stamp:
            return Exported(table, deltalake.DeltaTable(place).version(), written=False)
        deltalake.write_deltalake(
            place,
            getattr(open_corpus(snapshot.path), table).scanner().to_reader(),
            mode="overwrite",
            schema_mode="overwrite",
            partition_by=[partition.name] if partition else None,
            commit_properties=deltalake.CommitProperties(
                custom_metadata={RUN: snapshot.run_id},
                app_transactions=[deltalake.Transaction(APPLICATION, stamp)],
            ),
        )
        return Exported(table, deltalake.DeltaTable(place).version(), written=True)
    except (DeltaError, OSError) as error:
        raise RunError(f"--delta {place}: {error}; the table is as it was, see to it and export again") from error


def _held(deltalake: Any, place: str) -> int | None:
    """The stamp of the snapshot that a Delta table holds, None if there is none or it was not ours."""
    if not deltalake.DeltaTable.is_deltatable(place):
        return None
    stamp: int | None = deltalake.DeltaTable(place).transaction_version(APPLICATION)
    return stamp
