"""Whole runs: what is published, what is kept, and what a failed run leaves."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from copydesk import run as run_module
from copydesk.errors import RunError
from copydesk.report.progress import Silent
from copydesk.run import RunRequest, RunSummary, clean_corpus
from copydesk.settings import Settings

NIGHT = dt.datetime(2024, 3, 5, 2, 0, tzinfo=dt.UTC)


def clean(raw: Path, target: Path, *, night: int = 0, **options: object) -> RunSummary:
    """Run once, so many nights after the first."""
    defaults = {"settings": Settings(), "workers": 1, "started": NIGHT + dt.timedelta(days=night)}
    return clean_corpus(RunRequest(raw=raw, clean=target, **(defaults | options)), Silent())  # type: ignore[arg-type]


def rows(corpus: Path, table: str) -> list[dict[str, object]]:
    """Read a table without the columns that tell about runs."""
    dataset = ds.dataset(corpus / table, format="parquet", partitioning="hive")
    names = [name for name in dataset.schema.names if name not in {"run_id", "first_seen"}]
    return sorted(dataset.to_table(columns=names).to_pylist(), key=repr)


def test_every_record_has_one_row_in_the_ledger(raw: Path, tmp_path: Path):
    """Files, lines of files and broken ones: each record is accounted for once."""
    summary = clean(raw, tmp_path / "clean")
    ledger = rows(tmp_path / "clean", "ledger")
    assert len(ledger) == summary.records == 5
    assert len({(row["source_path"], row["source_record"]) for row in ledger}) == 5
    reasons = {row["source_path"]: row["reason"] for row in ledger if row["outcome"] == "quarantined"}
    assert reasons.keys() == {"crawl.jsonl", "empty.txt"}
    assert str(reasons["empty.txt"]).startswith("empty")


def test_known_records_are_not_examined_again(raw: Path, tmp_path: Path):
    """The second night finds all records kept, and publishes the same rows."""
    first = clean(raw, tmp_path / "clean")
    before = {table: rows(tmp_path / "clean", table) for table in ("articles", "duplicates", "decisions", "ledger")}
    second = clean(raw, tmp_path / "clean", night=1)
    assert (first.reused, second.reused) == (0, 5)
    assert before == {table: rows(tmp_path / "clean", table) for table in before}


def test_rebuild_forgets_what_is_kept(raw: Path, tmp_path: Path):
    """`--rebuild` starts from the raw files alone and arrives at the same tables."""
    clean(raw, tmp_path / "clean")
    before = rows(tmp_path / "clean", "articles")
    assert clean(raw, tmp_path / "clean", night=1, rebuild=True).reused == 0
    assert rows(tmp_path / "clean", "articles") == before


def test_retry_examines_quarantined_records_again(raw: Path, tmp_path: Path):
    """`--retry` looks again at what couldn't be read, and only at that."""
    clean(raw, tmp_path / "clean")
    assert clean(raw, tmp_path / "clean", night=1, retry=True).reused == 3


def test_two_workers_give_what_one_gives(raw: Path, tmp_path: Path):
    """The tables don't depend on the number of workers."""
    clean(raw, tmp_path / "one")
    clean(raw, tmp_path / "two", workers=2)
    for table in ("articles", "duplicates", "decisions", "ledger"):
        assert rows(tmp_path / "one", table) == rows(tmp_path / "two", table)


def test_record_keeps_its_first_night(raw: Path, tmp_path: Path):
    """A row that says the same keeps the run that made it and the time it was first seen."""
    clean(raw, tmp_path / "clean")
    clean(raw, tmp_path / "clean", night=1)
    table = ds.dataset(tmp_path / "clean" / "articles", format="parquet").to_table()
    assert set(table["first_seen"].to_pylist()) == {NIGHT}
    assert {run_id[:8] for run_id in table["run_id"].to_pylist()} == {"20240305"}


def test_removed_raw_file_takes_its_rows_along(tmp_path: Path, raw: Path):
    """The tables follow the raw folder: what is gone there is gone here, and a copy may become the article."""
    mine = tmp_path / "raw"
    mine.mkdir()
    for path in raw.iterdir():
        (mine / path.name).write_bytes(path.read_bytes())
    clean(mine, tmp_path / "clean")
    [survivor] = {str(row["canonical_source_path"]) for row in rows(tmp_path / "clean", "duplicates")}
    (mine / survivor).unlink()
    clean(mine, tmp_path / "clean", night=1)
    assert rows(tmp_path / "clean", "duplicates") == []
    other = ({"ferry.txt", "copy.txt"} - {survivor}).pop()
    assert other in {row["source_path"] for row in rows(tmp_path / "clean", "articles")}


def test_empty_raw_folder_gives_an_empty_corpus(tmp_path: Path):
    """No records is a corpus without rows, not an error."""
    (tmp_path / "raw").mkdir()
    assert clean(tmp_path / "raw", tmp_path / "clean").records == 0
    assert rows(tmp_path / "clean", "articles") == []


def test_failed_run_leaves_the_corpus_and_is_written_down(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A run that fails while it judges publishes nothing; the log says why; nothing is left lying about."""
    clean(raw, tmp_path / "clean")
    published = (tmp_path / "clean").readlink()

    def fail(*_: object) -> object:
        raise RunError("the judge is ill; call another one")

    monkeypatch.setattr(run_module, "judge_columns", fail)
    with pytest.raises(RunError, match="the judge is ill"):
        clean(raw, tmp_path / "clean", night=1, rebuild=True)
    assert (tmp_path / "clean").readlink() == published
    from copydesk.state import list_runs

    last = list_runs(tmp_path / "clean.state")[0]
    assert (last.status, last.note) == ("failed", "the judge is ill; call another one")
    assert list((tmp_path / "clean.state" / "work").iterdir()) == []


def test_raw_files_are_only_read(raw: Path, tmp_path: Path):
    """A run changes nothing in the raw folder."""
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in raw.iterdir()}
    clean(raw, tmp_path / "clean")
    assert before == {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in raw.iterdir()}


def test_summary_as_json(raw: Path, tmp_path: Path):
    """A summary can be read by machines."""
    summary = json.loads(clean(raw, tmp_path / "clean").as_json())
    assert summary["kinds"] == {"exact": 1}
    assert summary["run_id"].startswith("20240305T020000")


def test_reports_of_earlier_runs_stay(raw: Path, tmp_path: Path):
    """Each run has its page; the newest is also `latest.html`."""
    clean(raw, tmp_path / "clean")
    second = clean(raw, tmp_path / "clean", night=1)
    pages = {path.name for path in (tmp_path / "clean" / "reports").glob("*.html")}
    assert len(pages) == 3
    assert {"latest.html", f"{second.run_id}.html"} <= pages
