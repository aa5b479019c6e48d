"""Progress on a terminal: one bar per stage."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from copydesk.report.progress import show_done


class Bars:
    """Progress as one bar per stage, with the rate and the time left."""

    def __init__(self, stream: TextIO) -> None:
        self._bars = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description:<18}"),
            BarColumn(24),
            _Done(),
            _Rate(),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            TextColumn("{task.fields[note]}", style="dim"),
            console=Console(file=stream),
        )
        self._task: TaskID | None = None
        self._bars.start()

    def start(self, stage: str, total: int | None, unit: str = "") -> None:
        """Begin a new bar below the others."""
        self._finish()
        self._task = self._bars.add_task(stage, total=total, unit=unit, note="")

    def advance(self, count: int = 1, note: str = "") -> None:
        """Move the newest bar."""
        if self._task is not None:
            note = note or self._bars.tasks[self._task].fields["note"]
            self._bars.update(self._task, advance=count, note=note)

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


class _Done(ProgressColumn):
    """How much is done, of how much."""

    def render(self, task: Task) -> Text:
        total = None if task.total is None or task.finished else int(task.total)
        return Text(show_done(int(task.completed), total, task.fields["unit"]), style="progress.download")


class _Rate(ProgressColumn):
    """How much a second, measured over the last half minute: what was known already and cost nothing soon counts no
    more.
    """

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        if not speed:
            return Text("")
        shown = show_done(int(speed), None, task.fields["unit"]) if speed >= 10 else f"{speed:.1f}"
        return Text(f"{shown}/s", style="progress.data.speed")
