"""Commands that need no corpus: `extract`, `schema`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from copydesk.cli import main
from copydesk.writing import TABLES

Capture = pytest.CaptureFixture[str]


def run(*words: object) -> int:
    """Run the command line in this process."""
    return main([str(word) for word in words])


@pytest.mark.parametrize("table", TABLES)
def test_schema_lists_every_column(table: str, capsys: Capture):
    """Each table's columns are printed with type and meaning."""
    assert run("schema", table) == 0
    assert "source_path" in capsys.readouterr().out


def test_extract_of_what_cannot_be_read(tmp_path: Path, capsys: Capture):
    """A file that ends too early gives a row with the cause, and no digest."""
    path = tmp_path / "cut.txt.gz"
    path.write_bytes(bytes.fromhex("1f8b080000000000"))
    assert run("extract", path) == 0
    [row] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert row["error"].startswith("quarantined: truncated")
    assert row["source_sha256"] is None


def test_extract_gives_one_json_row_per_record(raw: Path, capsys: Capture):
    """Each record by itself, in the order of the input, with `error` where it couldn't be read."""
    assert run("extract", raw / "crawl.jsonl", raw / "ferry.txt") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["source_path"] for row in rows] == ["crawl.jsonl", "crawl.jsonl", "ferry.txt"]
    assert [("error" in row) for row in rows] == [False, True, False]
    assert rows[2]["published_on"] == "2024-03-03"
    assert set(rows[0]) >= {"title", "text", "authors", "outlet", "url", "provenance"}


def test_extract_writes_a_file(raw: Path, tmp_path: Path):
    """`--out` names a file for the rows."""
    assert run("extract", raw, "--out", tmp_path / "rows.jsonl") == 0
    assert len((tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()) == 5
