"""A night that brings nothing: the tables stand, nothing is judged, and anything that could change them is noticed."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from copydesk import run as run_module
from copydesk.errors import LockedError
from copydesk.report.progress import Silent
from copydesk.report.summary import summary_lines
from copydesk.run import RunRequest, RunSummary, clean_corpus
from copydesk.running.gates import PUBLISHED
from copydesk.settings import BoilerplateSettings, Settings
from copydesk.state import list_runs
from copydesk.writing import current_snapshot, list_snapshots, validate

NIGHT = dt.datetime(2096, 3, 5, 2, 0, tzinfo=dt.UTC)


def clean(raw: Path, target: Path, night: int, **options: object) -> RunSummary:
    """Run once, so many nights after the first."""
    defaults = {"settings": Settings(), "workers": 1, "started": NIGHT + dt.timedelta(days=night)}
    return clean_corpus(RunRequest(raw=raw, clean=target, **(defaults | options)), Silent())  # type: ignore[arg-type]


@pytest.fixture
def raw(raw: Path, tmp_path: Path) -> Path:
    """A raw folder of our own."""
    return Path(shutil.copytree(raw, tmp_path / "raw"))


@pytest.fixture
def judged(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A corpus published once; how many articles were judged in each run that judged anything from then on."""
    clean(raw, tmp_path / "clean", 0)
    real, calls = run_module.judge_columns, []

    def judge(shelf: object, *rest: object) -> object:
        calls.append(len(shelf.columns))  # type: ignore[attr-defined]
        return real(shelf, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(run_module, "judge_columns", judge)
    return calls


def test_nothing_new_is_not_judged(raw: Path, tmp_path: Path, judged: list[int]):
    """The second night publishes the files of the first under its own name, says so, and is in the log."""
    first = current_snapshot(tmp_path / "clean")
    second, third = clean(raw, tmp_path / "clean", 1), clean(raw, tmp_path / "clean", 2)
    assert judged == []
    published = current_snapshot(tmp_path / "clean")
    assert first
    assert published
    assert published.run_id == third.run_id
    assert len(list_snapshots(tmp_path / "clean")) == 3
    assert {f.path for f in first.manifest.files if f.rows} == {f.path for f in published.manifest.files if f.rows}
    assert validate(tmp_path / "clean") == ()
    assert (second.stands, dict(second.outcomes), second.records) == (first.run_id, first.manifest.outcomes, 5)
    assert any(line.startswith("nothing new") and first.run_id in line for line in summary_lines(second))
    page = (tmp_path / "clean" / "reports" / "latest.html").read_text(encoding="utf-8")
    assert f"Run {third.run_id} found nothing new" in page
    assert page.count("found nothing new") == 1
    last = list_runs(tmp_path / "clean.state")[0]
    assert (last.status, last.note) == (PUBLISHED, f"nothing new since run {second.run_id}")
    assert last.counts["corpus.articles"] == list_runs(tmp_path / "clean.state")[2].counts["corpus.articles"]


def add(raw: Path, clean: Path) -> dict[str, object]:
    """A file more."""
    (raw / "more.txt").write_text("Tarn choir sings after ten\n\nThe choir may sing until eleven.", encoding="utf-8")
    return {}


def remove(raw: Path, clean: Path) -> dict[str, object]:
    """A file less."""
    (raw / "copy.txt").unlink()
    return {}


def rename(raw: Path, clean: Path) -> dict[str, object]:
    """A file at another place."""
    (raw / "ferry.txt").rename(raw / "boat.txt")
    return {}


def decide(raw: Path, clean: Path) -> dict[str, object]:
    """A decision of a person."""
    (clean.parent / "overrides.toml").write_text(
        '[[line]]\ntext = "A line that stands nowhere"\ndecision = "remove"\n', encoding="utf-8"
    )
    return {}


def other_settings(raw: Path, clean: Path) -> dict[str, object]:
    """Other settings."""
    return {"settings": Settings(boilerplate=BoilerplateSettings(learned_min_stories=4))}


def damage(raw: Path, clean: Path) -> dict[str, object]:
    """A file of the published corpus that isn't what it was."""
    ledger = next((clean / "ledger").glob("*.parquet"))
    ledger.chmod(0o644)
    ledger.write_bytes(ledger.read_bytes()[:-1])
    return {}


def lose(raw: Path, clean: Path) -> dict[str, object]:
    """The state is lost."""
    shutil.rmtree(clean.parent / "clean.state")
    return {}


@pytest.mark.parametrize("change", [add, remove, rename, decide, other_settings, damage, lose])
def test_what_could_change_the_tables_is_judged(
    raw: Path, tmp_path: Path, judged: list[int], change: Callable[[Path, Path], dict[str, object]]
):
    """Another file, place, decision or setting, a damaged corpus, a lost state: each has the corpus judged."""
    summary = clean(raw, tmp_path / "clean", 1, **change(raw, tmp_path / "clean"))
    assert len(judged) >= 1
    assert summary.stands == ""
    assert validate(tmp_path / "clean") == ()


@pytest.mark.parametrize("option", ["rebuild", "retry", "accept", "dry_run"])
def test_whoever_asks_for_more_gets_it(raw: Path, tmp_path: Path, judged: list[int], option: str):
    """A run that is to do more than look is never cut short."""
    assert clean(raw, tmp_path / "clean", 1, **{option: True}).stands == ""
    assert len(judged) == 1


def test_a_run_that_lost_the_corpus_publishes_nothing(
    raw: Path, tmp_path: Path, judged: list[int], monkeypatch: pytest.MonkeyPatch
):
    """What is found to stand is put in place by the holder alone."""
    before = (tmp_path / "clean").readlink()
    monkeypatch.setattr("copydesk.running.publishing.read_owner", lambda _: None)
    with pytest.raises(LockedError, match="has lost the corpus"):
        clean(raw, tmp_path / "clean", 1)
    assert (tmp_path / "clean").readlink() == before
