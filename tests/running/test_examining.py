"""A record that kills its worker is one row of the ledger; nothing else of a run changes."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from tests.workers import deeds

from copydesk.alone import single
from copydesk.article import Form, RawRecord, Source
from copydesk.cli import main
from copydesk.reading import RawFile
from copydesk.report.progress import Silent
from copydesk.report.shares import Shares
from copydesk.run import RunRequest, clean_corpus
from copydesk.running import examining
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


def test_extract_survives_what_kills_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """`copydesk extract` says what happened in a row, and goes on behind it."""
    texts = ["The tide turns at five.", "DEADLY segfault in a paragraph.", "The tide turns at six."]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in texts))
    monkeypatch.setattr(single, "record_row", deeds.row_or_die)
    assert main(["extract", str(tmp_path / "a.jsonl")]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["source_record"] for row in rows] == [0, 1, 2]
    assert rows[1]["error"] == "quarantined: crashed: the worker died with signal 11"
    assert len({row["article_id"] for row in rows}) == 3


def test_shares_of_records_add_up_to_their_files():
    """Each record stands for as much as it holds, a packed one for no more than there is; the rest comes last."""
    files = [
        RawFile("a.jsonl", b"", 100),
        RawFile("b.txt.gz", b"", 10),
        RawFile("empty.txt", b"", 0),
        RawFile("z", b"", 5),
    ]
    shares = Shares(files)
    records = [("a.jsonl", 30), ("a.jsonl", 40), ("b.txt.gz", 50), ("empty.txt", 0)]
    found = [shares.of(RawRecord("i", Source(path, 0, None), Form.TEXT, "x" * size)) for path, size in records]
    assert found == [30, 40, 30 + 10, 0]
    assert shares.note(3) == "4 records, 3 known already"
    assert shares.rest() == 115 - sum(found)
    assert Shares([]).rest() == 0
