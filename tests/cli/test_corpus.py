"""Commands on a published corpus: `validate`, `status`, `explain`, `rollback`, `gc`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from copydesk.cli import main

Capture = pytest.CaptureFixture[str]


def run(*words: object) -> int:
    """Run the command line in this process."""
    return main([str(word) for word in words])


def test_validate_finds_a_changed_file(tmp_path: Path, raw: Path, capsys: Capture):
    """A published file that was edited is found by its digest: exit status 1."""
    clean = tmp_path / "clean"
    assert run("clean", "--raw", raw, "--clean", clean, "--quiet") == 0
    assert run("validate", "--clean", clean) == 0
    [path] = clean.resolve().glob("ledger/*.parquet")
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"X")
    assert run("validate", "--clean", clean) == 1
    assert "ledger/" in capsys.readouterr().out


def test_status_names_snapshots_and_runs(cleaned: Path, capsys: Capture):
    """Status says what is published, which snapshots there are and how runs ended."""
    assert run("status", "--clean", cleaned) == 0
    out = capsys.readouterr().out
    assert "2 articles" in out
    assert "1 snapshot in" in out
    assert "published" in out


def test_status_of_nothing(tmp_path: Path, capsys: Capture):
    """A corpus that was never published has a status, too."""
    assert run("status", "--clean", tmp_path / "clean") == 0
    assert "nothing published yet" in capsys.readouterr().out


def test_status_is_1_where_the_newest_snapshot_is_too_old(tmp_path: Path, raw: Path, capsys: Capture):
    """Cron can ask whether last night's run came through: 0 while it is fresh, 1 and one line once it isn't."""
    from copydesk.report.progress import Silent
    from copydesk.run import RunRequest, clean_corpus
    from copydesk.settings import Settings

    started = dt.datetime.now(dt.UTC) - dt.timedelta(hours=27)
    clean_corpus(RunRequest(raw, tmp_path / "clean", Settings(), 1, started), Silent())
    assert run("status", "--clean", tmp_path / "clean", "--max-age", "28h") == 0
    assert capsys.readouterr().err == ""
    for age in ("26h", "1d", "90m"):
        assert run("status", "--clean", tmp_path / "clean", "--max-age", age) == 1
        error = capsys.readouterr().err
        assert "is 27 hours old, more than" in error
        assert error.count("\n") == 1


def test_status_is_1_where_nothing_is_published(tmp_path: Path, capsys: Capture):
    """No snapshot at all is older than any age."""
    assert run("status", "--clean", tmp_path / "clean", "--max-age", "26h") == 1
    assert "nothing published yet" in capsys.readouterr().err


def test_explain_by_path(cleaned: Path, capsys: Capture):
    """A record is found by its path; the account names outcome, fields, evidence and decisions."""
    assert run("explain", "ferry.txt", "--clean", cleaned) == 0
    out = capsys.readouterr().out
    assert "Ferry to Stroma" in out
    assert "title by metadata: head-title" in out
    assert "newsletter" in out


def test_explain_a_copy_names_its_survivor(cleaned: Path, capsys: Capture):
    """A removed copy's account says of what it is a copy, and how alike they are."""
    texts = []
    for path in ("copy.txt", "ferry.txt"):
        assert run("explain", path, "--clean", cleaned) == 0
        texts.append(capsys.readouterr().out)
    assert any("exact copy of" in text and "Jaccard 1.00" in text for text in texts)
    assert any("also published as" in text for text in texts)


def test_explain_what_is_not_there(cleaned: Path, capsys: Capture):
    """An unknown name is an error that says what to give."""
    assert run("explain", "no-such.txt", "--clean", cleaned) == 2
    assert "give an article_id or a source_path" in capsys.readouterr().err


def test_rollback_and_garbage(tmp_path: Path, raw: Path, capsys: Capture):
    """An earlier snapshot can be published again; snapshots that nobody needs can go: as many as are named, else as the
    settings say.
    """
    clean = tmp_path / "clean"
    for _ in range(3):
        assert run("clean", "--raw", raw, "--clean", clean, "--quiet") == 0
    newest = clean.readlink()
    assert run("rollback", "--clean", clean) == 0
    assert clean.readlink() != newest
    assert run("gc", "--clean", clean) == 0
    assert "0 snapshots removed" in capsys.readouterr().out  # by the settings seven stay
    config = tmp_path / "two.toml"
    config.write_text("[writing]\nkeep_snapshots = 2\n", encoding="utf-8")
    assert run("gc", "--config", config, "--clean", clean) == 0
    assert "1 snapshots removed" in capsys.readouterr().out
    assert run("gc", "--keep", 1, "--config", config, "--clean", clean) == 0
    assert "1 snapshots removed" in capsys.readouterr().out
    assert run("validate", "--clean", clean) == 0
