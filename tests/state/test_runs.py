"""The log of runs."""

import datetime as dt
from pathlib import Path

import pytest

from copydesk.errors import RunError
from copydesk.state import Run, list_runs, log_run

START = dt.datetime(2026, 1, 15, 2, tzinfo=dt.UTC)


def test_runs_are_listed_newest_first(tmp_path: Path) -> None:
    """A finished run replaces what was known of it when it began."""
    done = Run("r1", START, START + dt.timedelta(minutes=3), "published", {"clean": 20, "duplicate": 3}, "all well")
    log_run(tmp_path, Run("r1", START))
    log_run(tmp_path, done)
    log_run(tmp_path, Run("r2", START + dt.timedelta(days=1)))
    assert list_runs(tmp_path, alive="r2") == (Run("r2", START + dt.timedelta(days=1)), done)


def test_a_run_that_never_ended_was_killed(tmp_path: Path) -> None:
    """Unless it is the one that holds the lock."""
    log_run(tmp_path, Run("r1", START))
    assert [run.status for run in list_runs(tmp_path)] == ["killed"]
    assert [run.status for run in list_runs(tmp_path, alive="r1")] == ["running"]


def test_without_a_log_there_are_no_runs(tmp_path: Path) -> None:
    """An empty state folder has no runs, and looking makes no file."""
    assert list_runs(tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_log_is_put_aside(tmp_path: Path) -> None:
    """The next run begins a new one; the old bytes stay for who wants to look."""
    (tmp_path / "runs.sqlite").write_bytes(b"no database" * 500)
    log_run(tmp_path, Run("r1", START))
    assert len(list_runs(tmp_path)) == 1
    assert (tmp_path / "damaged-runs.sqlite").exists()


def test_a_log_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """And it is left where it is: a full or read-only disk says nothing about the log."""
    (tmp_path / "runs.sqlite").mkdir()
    with pytest.raises(RunError, match="then run again"):
        log_run(tmp_path, Run("r1", START))
    assert (tmp_path / "runs.sqlite").is_dir()
