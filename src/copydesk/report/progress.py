"""How far a run is: a bar on a terminal, plain lines elsewhere, nothing where nobody looks.

Progress is a pair of calls, so that the stages need know nothing of terminals: `start` names a stage and
how many things it has before it (None where nobody can say), `advance` counts them off.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

LINE_SECONDS = 10.0
"""Seconds between two plain lines of one stage: often enough to see life, seldom enough for a log."""


class StageProgress(Protocol):
    """Someone who is told how far a run is."""

    def start(self, stage: str, total: int | None) -> None:
        """Take note that a stage begins, with `total` things to do (None: unknown)."""

    def advance(self, count: int = 1) -> None:
        """Take note that `count` more things of the stage are done."""

    def close(self) -> None:
        """Take note that the last stage is over."""


class Silent:
    """Progress that nobody is told of."""

    def start(self, stage: str, total: int | None) -> None:
        """Say nothing."""

    def advance(self, count: int = 1) -> None:
        """Say nothing."""

    def close(self) -> None:
        """Say nothing."""


class Lines:
    """Progress as plain lines: for logs, pipes and files."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._stage = ""
        self._total: int | None = None
        self._done = 0
        self._said_at = 0.0

    def start(self, stage: str, total: int | None) -> None:
        """Write a line for the stage before, if it got anywhere, and remember the new one."""
        self.close()
        self._stage, self._total, self._done = stage, total, 0
        self._said_at = time.monotonic()

    def advance(self, count: int = 1) -> None:
        """Count, and write a line if the last one is long ago."""
        self._done += count
        if time.monotonic() - self._said_at >= LINE_SECONDS:
            self._say()

    def close(self) -> None:
        """Write the closing line of the stage."""
        if self._stage:
            self._say()
        self._stage = ""

    def _say(self) -> None:
        self._said_at = time.monotonic()
        of = f" of {self._total:,}" if self._total is not None else ""
        print(f"{self._stage}: {self._done:,}{of}", file=self._stream, flush=True)


class Bars:
    """Progress as one bar per stage, with the rate and the time left."""

    def __init__(self, stream: TextIO) -> None:
        self._bars = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description:<24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            console=Console(file=stream),
        )
        self._task: TaskID | None = None
        self._bars.start()

    def start(self, stage: str, total: int | None) -> None:
        """Begin a new bar below the others."""
        self._finish()
        self._task = self._bars.add_task(stage, total=total)

    def advance(self, count: int = 1) -> None:
        """Move the newest bar."""
        if self._task is not None:
            self._bars.advance(self._task, count)

    def close(self) -> None:
        """Fill the newest bar and leave the terminal alone."""
        self._finish()
        self._bars.stop()

    def _finish(self) -> None:
        if self._task is not None:
            done = self._bars.tasks[self._task].completed
            self._bars.update(self._task, total=done)
            self._bars.stop_task(self._task)
        self._task = None


@contextmanager
def show_progress(*, quiet: bool = False, stream: TextIO | None = None) -> Iterator[StageProgress]:
    """Progress fit for the stream (standard error): bars, lines, or none; closed whatever happens."""
    stream = sys.stderr if stream is None else stream
    progress: StageProgress = Silent() if quiet else Bars(stream) if stream.isatty() else Lines(stream)
    try:
        yield progress
    finally:
        progress.close()
