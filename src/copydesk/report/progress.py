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

LINE_SECONDS = 10.0
"""Seconds between two plain lines of one stage: often enough to see life, seldom enough for a log."""

BYTES = "bytes"
"""The unit of a stage that is counted in bytes; others count things."""


class StageProgress(Protocol):
    """Someone who is told how far a run is."""

    def start(self, stage: str, total: int | None, unit: str = "") -> None:
        """Take note that a stage begins, with `total` things (or `BYTES`) to do (None: unknown)."""

    def advance(self, count: int = 1, note: str = "") -> None:
        """Take note that `count` more things of the stage are done; `note` says what they came to so far."""

    def close(self) -> None:
        """Take note that the last stage is over."""


class Silent:
    """Progress that nobody is told of."""

    def start(self, stage: str, total: int | None, unit: str = "") -> None:
        """Say nothing."""

    def advance(self, count: int = 1, note: str = "") -> None:
        """Say nothing."""

    def close(self) -> None:
        """Say nothing."""


NOBODY = Silent()


class Steps:
    """Stages that do all their work at once: each shows life while it lasts, and its count when it is over."""

    def __init__(self, progress: StageProgress) -> None:
        self._progress = progress
        self._count: int | None = None

    def __call__(self, step: str, count: int) -> None:
        """End the step before, and begin this one, which is about `count` things."""
        self.end()
        self._progress.start(step, None)
        self._count = count

    def end(self) -> None:
        """End the last step, if there was one."""
        if self._count is not None:
            self._progress.advance(self._count)
        self._count = None


class Lines:
    """Progress as plain lines: for logs, pipes and files."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._stage = self._unit = self._note = ""
        self._total: int | None = None
        self._done = 0
        self._said: int | None = None
        self._said_at = 0.0

    def start(self, stage: str, total: int | None, unit: str = "") -> None:
        """Write a line for the stage before, if it got anywhere, and remember the new one."""
        self.close()
        self._stage, self._total, self._unit, self._note, self._done = stage, total, unit, "", 0
        self._said = None
        self._said_at = time.monotonic()

    def advance(self, count: int = 1, note: str = "") -> None:
        """Count, and write a line if the last one is long ago."""
        self._done += count
        self._note = note or self._note
        if time.monotonic() - self._said_at >= LINE_SECONDS:
            self._say()

    def close(self) -> None:
        """Write the closing line of the stage."""
        if self._stage and self._said != self._done:
            self._say()
        self._stage = ""

    def _say(self) -> None:
        self._said, self._said_at = self._done, time.monotonic()
        note = f" ({self._note})" if self._note else ""
        print(f"{self._stage}: {show_done(self._done, self._total, self._unit)}{note}", file=self._stream, flush=True)


def show_done(done: int, total: int | None, unit: str) -> str:
    """How much is done in words.

    >>> show_done(1_500, 3_000, ""), show_done(2_500_000, 10_000_000, BYTES), show_done(7, None, "")
    ('1,500 of 3,000', '2.5 of 10.0 MB', '7')
    """
    if unit == BYTES:
        return f"{done / 1e6:.1f}{'' if total is None else f' of {total / 1e6:.1f}'} MB"
    return f"{done:,}{'' if total is None else f' of {total:,}'}"


@contextmanager
def show_progress(*, quiet: bool = False, stream: TextIO | None = None) -> Iterator[StageProgress]:
    """Progress fit for the stream (standard error): bars, lines, or none; closed whatever happens."""
    stream = sys.stderr if stream is None else stream
    progress: StageProgress = Silent() if quiet else _bars(stream) if stream.isatty() else Lines(stream)
    try:
        yield progress
    finally:
        progress.close()


def _bars(stream: TextIO) -> StageProgress:
    # What draws them takes as long to load as all else of the report: a run whose log nobody watches does without.
    from copydesk.report.bars import Bars

    return Bars(stream)
