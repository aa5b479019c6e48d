"""A record that kills its worker is one row of the ledger; nothing else of a run changes."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from tests.workers import deeds

from copydesk import examining
from copydesk.report.progress import Silent
from copydesk.run import RunRequest, clean_corpus
from copydesk.settings import RunningSettings, Settings

NIGHT = dt.datetime(2024, 3, 5, 2, 0, tzinfo=dt.UTC)
LIMITS = Settings(running=RunningSettings(record_seconds=2, worker_bytes=1 << 30))
DEADLY = {
    "a-segfault.txt": "crashed: the worker died with signal 11",
    "d-hang.txt": "deadline: not examined after 2 s",
    "z-memory.txt": "crashed: the worker needed more than 1,073,741,824 bytes of memory",
}


def clean(raw: Path, target: Path, workers: int = 1) -> dict[str, list[dict[str, object]]]:
    """Run once and give the rows of each table, without the columns that tell about runs."""
    clean_corpus(RunRequest(raw=raw, clean=target, settings=LIMITS, workers=workers, started=NIGHT), Silent())
    tables = {}
    for table in ("articles", "duplicates", "decisions", "ledger"):
        rows = ds.dataset(target / table, format="parquet", partitioning="hive").to_table().to_pylist()
        tables[table] = sorted(rows, key=repr)
    return tables


@pytest.mark.parametrize("workers", [1, 2])
def test_deadly_record_is_quarantined_and_its_neighbours_are_not(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
):
    """The tables are those of a run without the deadly records, and a row of the ledger for each of them."""
    expected = clean(raw, tmp_path / "expected")
    mine = shutil.copytree(raw, tmp_path / "raw")
    for name in DEADLY:
        word = Path(name).stem.partition("-")[2]
        (mine / name).write_text(f"A headline\n\nDEADLY {word} in a paragraph, the council said.\n", encoding="utf-8")
    monkeypatch.setattr(examining, "examine_encoded", deeds.examine_or_die)
    found = clean(mine, tmp_path / "clean", workers)
    quarantined = {row["source_path"]: row["reason"] for row in found["ledger"] if row["source_path"] in DEADLY}
    assert quarantined == DEADLY
    found["ledger"] = [row for row in found["ledger"] if row["source_path"] not in DEADLY]
    assert found == expected


def test_file_that_kills_its_reader_is_quarantined_from_there(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Records before the deadly place are records like any other; one row stands for the rest of the file."""
    expected = clean(raw, tmp_path / "expected")
    mine = shutil.copytree(raw, tmp_path / "raw")
    lines = [f'{{"title": "Tide {hour}", "text": "The tide turns at {hour}, the harbour says."}}' for hour in range(5)]
    (mine / "deadly.jsonl").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(examining, "_read_one", deeds.read_or_die)
    found = clean(mine, tmp_path / "clean")
    rows = [row for row in found["ledger"] if row["source_path"] == "deadly.jsonl"]
    assert sorted(row["source_record"] for row in rows) == [0, 1, 2]
    [rest] = [row for row in rows if row["outcome"] == "quarantined"]
    assert (rest["source_record"], rest["reason"]) == (2, "crashed: the worker died with signal 11")
    others = [row for row in found["ledger"] if row["source_path"] != "deadly.jsonl"]
    assert others == expected["ledger"]
