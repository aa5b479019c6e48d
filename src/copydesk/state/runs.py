"""The log of runs: when each began and ended, how, and with what counts. For `copydesk status` and the gates."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from copydesk.state.failures import is_damaged, one_line

RUNS = "runs.sqlite"

TABLE = """
CREATE TABLE IF NOT EXISTS runs (
    run_id TEXT PRIMARY KEY, started TEXT NOT NULL, finished TEXT, status TEXT NOT NULL,
    counts TEXT NOT NULL, note TEXT NOT NULL
) WITHOUT ROWID
"""

RUNNING = "running"
KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `status` is `running`, `published`, `held`, `failed`, `killed` or whatever the caller says."""

    run_id: str
    started: dt.datetime
    finished: dt.datetime | None = None
    status: str = RUNNING
    counts: Mapping[str, int] = field(default_factory=dict)
    note: str = ""


def log_run(state: Path, run: Run) -> None:
    """Nothing: the run is written down, in the place of what was known of it."""
    with one_line(state):
        state.mkdir(parents=True, exist_ok=True)
    values = (
        run.run_id,
        run.started.isoformat(),
        run.finished.isoformat() if run.finished else None,
        run.status,
        json.dumps(dict(run.counts), sort_keys=True),
        run.note,
    )
    with one_line(state), _opened(state) as log:
        log.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?)", values)


def list_runs(state: Path, *, alive: str | None = None) -> tuple[Run, ...]:
    """All runs, the newest first. One that never ended was killed, unless it is the one that is `alive`.

    `alive` is the run id of who holds the lock (`read_owner`). Empty without a log.
    """
    if not (state / RUNS).exists():
        return ()
    with _opened(state) as log:
        rows = log.execute("SELECT * FROM runs ORDER BY started DESC, run_id DESC").fetchall()
    return tuple(_run(row, alive) for row in rows)


def _run(row: tuple[str, str, str | None, str, str, str], alive: str | None) -> Run:
    run_id, started, finished, status, counts, note = row
    if status == RUNNING and run_id != alive:
        status = KILLED
    ended = dt.datetime.fromisoformat(finished) if finished else None
    return Run(run_id, dt.datetime.fromisoformat(started), ended, status, json.loads(counts), note)


@contextmanager
def _opened(state: Path) -> Iterator[sqlite3.Connection]:
    """The log, in one transaction. A damaged one is put aside: it is for people, nothing rests on it."""
    path = state / RUNS
    try:
        log = _connect(path)
    except sqlite3.DatabaseError as error:
        if not is_damaged(error):
            raise
        for part in state.glob(f"{RUNS}*"):
            part.rename(part.with_name(f"damaged-{part.name}"))
        log = _connect(path)
    try:
        with log:
            yield log
    finally:
        log.close()


def _connect(path: Path) -> sqlite3.Connection:
    log = sqlite3.connect(path, timeout=30)
    try:
        # No WAL: with it, not even a reader gets by without writing, and the log of a read-only corpus is read, too.
        log.execute(TABLE)
    except sqlite3.DatabaseError:
        log.close()
        raise
    return log
