"""Runs respect what people decided: tables, ledger, report, explanation, dry run."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from copydesk.cli import main
from copydesk.report.progress import Silent
from copydesk.run import RunRequest, examine_raw, held, judge_corpus, publish_run
from copydesk.running.request import read_laid
from copydesk.settings import Settings
from copydesk.writing import current_snapshot, open_corpus

PROMO = "Read more: The ferry that nobody missed"
TRAM = """Night trams return to Wick

The last tram of the night will leave the market square of Wick at two o'clock again, the town's transport board decided
after students had collected signatures for a year.

Drivers had asked for a second person on board, and the board agreed to pay for one on Fridays and Saturdays."""


@pytest.fixture
def folder(raw: Path, tmp_path: Path) -> Path:
    """A folder with raw files: the small ones, and a story with a line that a rule removes."""
    shutil.copytree(raw, tmp_path / "raw")
    (tmp_path / "raw" / "third.txt").write_text(f"{TRAM}\n\n{PROMO}\n")
    return tmp_path


def run(folder: Path, *more: str) -> int:
    """The exit status of a run."""
    return main(["clean", "--raw", str(folder / "raw"), "--clean", str(folder / "clean"), "--workers", "1", *more])


def rows(folder: Path, table: str) -> list[dict[str, object]]:
    """The rows of a published table."""
    return list(getattr(open_corpus(folder / "clean"), table).to_table().to_pylist())


def ids(folder: Path) -> dict[str, str]:
    """The id of each record by its path."""
    first = (row for row in rows(folder, "ledger") if row["source_record"] == 0)
    return {str(row["source_path"]): str(row["article_id"]) for row in first}


def test_runs_respect_every_kind_of_entry(folder: Path, capsys: pytest.CaptureFixture[str]):
    """A kept line is back, a held copy is an article, a removed one gone; idle entries are named."""
    assert run(folder, "--quiet") == 0
    known = ids(folder)
    before = {row["article_id"]: row["outcome"] for row in rows(folder, "ledger")}
    assert before[known["copy.txt"]] != before[known["ferry.txt"]]
    assert PROMO in {row["before"] for row in rows(folder, "decisions")}
    assert current_snapshot(folder / "clean").manifest.overrides_digest == ""  # type: ignore[union-attr]
    (folder / "overrides.toml").write_text(
        f"""
[[paragraph]]
article = "{known["third.txt"]}"
text = "{PROMO}"
decision = "keep"

[[link]]
articles = ["{known["copy.txt"]}", "{known["ferry.txt"]}"]
decision = "apart"

[[document]]
article = "{known["crawl.jsonl"]}"
decision = "remove"

[[line]]
text = "No such line anywhere"
decision = "remove"

[[document]]
article = "{"f" * 32}"
decision = "keep"
"""
    )
    segments = sorted((folder / "clean.state" / "examined" / "segments").iterdir())
    assert run(folder, "--dry-run", "--json") == 0
    assert json.loads(capsys.readouterr().out)["overrides"] == {"changed": 3, "matches nothing": 2}
    assert run(folder) == 0
    assert "5 entries of people (3 changed, 2 matches nothing)" in capsys.readouterr().out
    # Nothing was examined again for it.
    assert sorted((folder / "clean.state" / "examined" / "segments").iterdir()) == segments
    after = {row["source_path"]: row["outcome"] for row in rows(folder, "ledger") if row["source_record"] == 0}
    assert (after["copy.txt"], after["ferry.txt"], after["crawl.jsonl"]) == ("clean", "clean", "off_topic")
    [third] = [row for row in rows(folder, "articles") if row["source_path"] == "third.txt"]
    assert PROMO in str(third["text"])
    assert len([row for row in rows(folder, "decisions") if row["stage"] == "overrides"]) == 3
    assert current_snapshot(folder / "clean").manifest.overrides_digest  # type: ignore[union-attr]
    assert main(["validate", "--clean", str(folder / "clean")]) == 0
    page = (folder / "clean" / "reports" / "latest.html").read_text()
    assert "What people overruled" in page
    assert "No such line anywhere" in page
    assert f"no record has the id {'f' * 32}" in page
    capsys.readouterr()
    assert main(["explain", "--clean", str(folder / "clean"), "third.txt"]) == 0
    assert "kept by a person (overrides): keep/1 over" in capsys.readouterr().out
    assert main(["report", "--clean", str(folder / "clean")]) == 0
    assert "What people overruled" in (folder / "clean" / "reports" / "latest.html").read_text()


def test_a_fault_in_the_file_stops_a_run_before_it_starts(folder: Path, capsys: pytest.CaptureFixture[str]):
    """Nothing is examined, nothing published; the message names the place."""
    (folder / "overrides.toml").write_text("[[line]]\ntext = 'x'\ndecision = 'maybe'\n")
    assert run(folder, "--quiet") == 2
    assert "overrides.toml: [[line]] 1 (line 1): decision = 'maybe'" in capsys.readouterr().err
    assert not (folder / "clean").exists()
    assert not (folder / "clean.state" / "examined").exists()


def test_an_entry_changes_the_rows_of_the_articles_it_touches_alone(folder: Path):
    """The night after, these are judged into rows again, and no others; so they are when it is withdrawn."""
    assert run(folder, "--quiet") == 0
    known = ids(folder)
    said = f'[[paragraph]]\narticle = "{known["third.txt"]}"\ntext = "{PROMO}"\ndecision = "keep"\n'
    for text in (said, ""):
        (folder / "overrides.toml").write_text(text)
        now = dt.datetime.now(dt.UTC)
        request = RunRequest(folder / "raw", folder / "clean", Settings(), 1, now)
        with held(request):
            laid = judge_corpus(request, examine_raw(request, Silent()), Silent())
            assert read_laid(laid, "ledger")["source_path"].to_pylist() == ["third.txt"]
            publish_run(request, laid)
        texts = {str(row["source_path"]): str(row["text"]) for row in rows(folder, "articles")}
        assert (PROMO in texts["third.txt"]) is bool(text)


def test_taking_an_entry_away_restores_the_corpus(folder: Path):
    """The tables depend on the raw records, the settings and what people decided: the same again without it."""
    assert run(folder, "--quiet") == 0
    first = {name: rows(folder, name) for name in ("duplicates", "decisions")}
    said = f'[[document]]\narticle = "{ids(folder)["ferry.txt"]}"\ndecision = "remove"\n'
    (folder / "overrides.toml").write_text(said)
    assert run(folder, "--quiet") == 0
    assert rows(folder, "duplicates") != first["duplicates"]
    (folder / "overrides.toml").unlink()
    assert run(folder, "--quiet") == 0
    assert {name: rows(folder, name) for name in first} == first
