"""What a run is asked to do, what its steps hand over, and what it comes to."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa

from copydesk.article import Outcome
from copydesk.machine.metering import StageCost, encode_costs, read_costs
from copydesk.running.gates import Gate
from copydesk.settings import Settings
from copydesk.state import (
    Run,
    log_run,
)
from copydesk.stores import Remote
from copydesk.workers import PROCESSES
from copydesk.writing import (
    Place,
    locate,
)

OUTLETS = "outlets"
"""What is laid aside beside the tables for the gates: the outlet of each record, also of those that were dropped."""

OVERRIDES = "overrides"
"""What is laid aside for the report: the entries of people and what became of them; its metadata has their digest."""

SAID, GONE = "verdicts", "gone"
"""Laid aside, too: the verdicts for the next night, and the ids of the articles whose rows go or change."""

OUTLINES = "outlines"
"""And the outlines of the articles that were laid: what gates and the report look at in the place of their rows."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run is asked to do. `started` is the only clock the run knows."""

    raw: Path | Remote
    clean: Path
    settings: Settings
    workers: int
    started: dt.datetime
    rebuild: bool = False
    retry: bool = False
    dry_run: bool = False
    accept: bool = False
    engine: str = PROCESSES
    scheduler: str | None = None

    @property
    def run_id(self) -> str:
        """The name of the run: its start to the microsecond, so that names sort as runs did."""
        return self.started.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S.%fZ")

    @property
    def place(self) -> Place:
        """Where the corpus, its snapshots and its state lie."""
        return locate(self.clean)

    @property
    def work(self) -> Path:
        """The folder for what one step hands to the next; gone when the run is over."""
        return self.place.state / "work" / self.run_id


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run came to."""

    run_id: str
    clean: str
    files: int
    records: int
    reused: int
    decisions: int
    outcomes: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    dry_run: bool
    gates: tuple[Gate, ...] = ()
    overrides: tuple[tuple[str, int], ...] = ()
    """The effects that the entries of people had, and how many had each; empty without entries."""
    costs: tuple[StageCost, ...] = ()
    judged: int = 0
    """How many articles' paragraphs were judged: all of them the first time, then those that the night can change."""
    stands: str = ""
    """The run whose corpus this one found to be as it should be still; empty where something was new."""

    def count(self, outcome: Outcome) -> int:
        """How many records had this outcome."""
        return dict(self.outcomes).get(outcome.value, 0)

    def as_json(self) -> str:
        """The summary as one JSON object."""
        counts = {name: dict(getattr(self, name)) for name in ("outcomes", "kinds", "overrides")}
        return json.dumps(asdict(self) | counts)


@dataclass(frozen=True, slots=True)
class Examined:
    """What a run has read: the list of its records, how many files there are, how many records were known already."""

    listing: Path
    files: int
    reused: int


@dataclass(frozen=True, slots=True)
class Laid:
    """The rows of a run, laid aside as Arrow files until they are published: those that changed since the snapshot of
    the run `parent`, or all of them where there is no parent. `judged` is how many articles' paragraphs were judged.
    """

    folder: Path
    examined: Examined
    parent: str | None = None
    judged: int = 0


def lay_aside(path: Path, table: pa.Table) -> None:
    """Nothing: the table is in an Arrow file, for the next step."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_laid(laid: Laid, name: str) -> pa.Table:
    """A table that was laid aside, whole or in parts, mapped into memory."""
    parts = sorted((laid.folder / f"{name}.parts").glob("*.arrow")) or [laid.folder / f"{name}.arrow"]
    return pa.concat_tables([pa.ipc.open_file(pa.memory_map(str(part))).read_all() for part in parts])


def verdicts_folder(request: RunRequest) -> Path:
    """Where the verdicts of published runs lie."""
    return request.place.state / "verdicts"


def outlines_folder(request: RunRequest) -> Path:
    """Where the outlines of the articles of published runs lie."""
    return request.place.state / "outlines"


def log_end(
    request: RunRequest,
    status: str,
    summary: RunSummary | None = None,
    note: str = "",
    measures: Mapping[str, int] | None = None,
) -> None:
    """Nothing: the run log has how the run ended, with its counts where they are known, and what its stages took."""
    counts = {"records": summary.records, **dict(summary.outcomes), **(measures or {})} if summary else {}
    counts |= encode_costs(read_costs(request.work))
    finished = dt.datetime.now(dt.UTC)
    log_run(request.place.state, Run(request.run_id, request.started, finished, status, counts, note))
