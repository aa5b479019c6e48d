"""What a run says it changed is what it changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from copydesk.cli import main

Capture = pytest.CaptureFixture[str]
STORY = "{} opened on Monday\n\nThe {} in the old quarter was opened on Monday by the mayor, after two years of work.\n"


def clean(folder: Path, capsys: Capture, *options: str) -> str:
    """Clean the folder `raw` in this folder; what was printed."""
    capsys.readouterr()
    paths = ["--raw", str(folder / "raw"), "--clean", str(folder / "clean"), "--workers", "1"]
    assert main(["clean", *paths, *options]) == 0
    return capsys.readouterr().out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two stories in `raw`."""
    (tmp_path / "raw").mkdir()
    for name in ("Bakery", "Harbour museum"):
        (tmp_path / "raw" / f"{name}.txt").write_text(STORY.format(name, name), encoding="utf-8")
    return tmp_path


def test_runs_say_what_is_new_and_gone(folder: Path, capsys: Capture):
    """The first run has nothing before it; the next one counts against it, and names the report."""
    first = clean(folder, capsys)
    assert "no earlier snapshot" in first
    assert str(folder / "clean" / "reports" / "latest.html") in first
    (folder / "raw" / "Bakery.txt").unlink()
    (folder / "raw" / "Pool.txt").write_text(STORY.format("Pool", "swimming pool"), encoding="utf-8")
    assert "1 new, 0 changed, 1 gone" in clean(folder, capsys)


def test_dry_run_says_what_would_be_otherwise(folder: Path, capsys: Capture):
    """Counts beside the published ones, and nothing is published."""
    assert "would be the first snapshot" in clean(folder, capsys, "--dry-run")
    assert not (folder / "clean").exists()
    clean(folder, capsys)
    (folder / "raw" / "Pool.txt").write_text(STORY.format("Pool", "swimming pool"), encoding="utf-8")
    (folder / "raw" / "empty.txt").touch()
    assert "+1 clean, +1 quarantined beside run" in clean(folder, capsys, "--dry-run")
    assert "+1 clean" in clean(folder, capsys, "--dry-run")
