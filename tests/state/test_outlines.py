"""Outlines that are kept for the next night."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from copydesk.running.outline import OUTLINE
from copydesk.state import forget_outlines, read_outlines, write_outlines

ROW = {
    "article_id": "a",
    "title": "Ferry",
    "outlet": None,
    "published_on": None,
    "source_encoding": "utf-8",
    "text_chars": 12,
    "provenance_digest": bytes(16),
    "others_digest": bytes(16),
    "filled": 1,
    "levels": 1,
}


def outlines() -> pa.Table:
    """The outline of one article."""
    return pa.Table.from_pylist([ROW], OUTLINE)


def test_outlines_come_back(tmp_path: Path):
    """What was written for a run is read for it, with the schema of outlines."""
    write_outlines(tmp_path, "run-1", "code", outlines())
    assert read_outlines(tmp_path, "run-1", "code").equals(outlines(), check_metadata=True)


def test_outlines_of_another_run_or_code_are_none(tmp_path: Path):
    """Other code may count otherwise; another run has other articles."""
    write_outlines(tmp_path, "run-1", "code", outlines())
    assert read_outlines(tmp_path, "run-1", "other code") is None
    assert read_outlines(tmp_path, "run-2", "code") is None


def test_damaged_outlines_are_none(tmp_path: Path):
    """A file that was changed is found out by its name."""
    write_outlines(tmp_path, "run-1", "code", outlines())
    [path] = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-8])
    assert read_outlines(tmp_path, "run-1", "code") is None


def test_outlines_of_runs_that_are_gone_are_removed(tmp_path: Path):
    """Those of the runs that stay are left alone."""
    for run in ("run-1", "run-2"):
        write_outlines(tmp_path, run, "code", outlines())
    forget_outlines(tmp_path, {"run-2"})
    assert read_outlines(tmp_path, "run-1", "code") is None
    assert read_outlines(tmp_path, "run-2", "code") is not None
