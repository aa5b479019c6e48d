"""A file that kills its reader is one row of the ledger; its neighbours are read as ever."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.running.test_examining import clean
from tests.workers import deeds

from copydesk.running import raw_records


def test_sources_file_that_kills_its_reader_is_refused(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It is a row of the ledger with the reason; another one beside it is still evidence."""
    mine = shutil.copytree(raw, tmp_path / "raw")
    (mine / "sources.csv").write_text("path,outlet\nferry.txt,Harbour Post\n")
    (mine / "deadly").mkdir()
    (mine / "deadly" / "sources.csv").write_text("path,outlet\nferry.txt,Other Post\n")
    monkeypatch.setattr(raw_records, "sources_parts", deeds.sources_or_die)
    found = clean(mine, tmp_path / "clean")
    reasons = {row["source_path"]: row["reason"] for row in found["ledger"]}
    assert reasons["deadly/sources.csv"] == "crashed: the worker died with signal 11"
    assert "sources.csv" not in reasons
    assert {row["outlet"] for row in found["articles"] if row["source_path"] == "ferry.txt"} == {"Harbour Post"}


def test_file_that_kills_its_reader_is_quarantined_from_there(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Records before the deadly place are records like any other; one row stands for the rest of the file."""
    expected = clean(raw, tmp_path / "expected")
    mine = shutil.copytree(raw, tmp_path / "raw")
    lines = [f'{{"title": "Tide {hour}", "text": "The tide turns at {hour}, the harbour says."}}' for hour in range(5)]
    (mine / "deadly.jsonl").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(raw_records, "_read_one", deeds.read_or_die)
    found = clean(mine, tmp_path / "clean")
    rows = [row for row in found["ledger"] if row["source_path"] == "deadly.jsonl"]
    assert sorted(row["source_record"] for row in rows) == [0, 1, 2]
    [rest] = [row for row in rows if row["outcome"] == "quarantined"]
    assert (rest["source_record"], rest["reason"]) == (2, "crashed: the worker died with signal 11")
    others = [row for row in found["ledger"] if row["source_path"] != "deadly.jsonl"]
    assert others == expected["ledger"]


def test_relative_raw_folder_is_the_one_where_the_user_is_now(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Workers that were started in another folder read the same files."""
    expected = clean(raw, tmp_path / "expected")
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        shutil.copytree(raw, "raw")
        assert clean(Path("raw"), Path("clean")) == expected
