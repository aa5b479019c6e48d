"""`copydesk clean`: what it prints, and what it does to the place of the corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from copydesk.cli import main
from copydesk.writing import locate

Capture = pytest.CaptureFixture[str]


def run(*words: object) -> int:
    """Run the command line in this process."""
    return main([str(word) for word in words])


def test_clean_says_what_came_out(tmp_path: Path, raw: Path, capsys: Capture):
    """The summary has a line for each outcome and says where the corpus is."""
    assert run("clean", "--raw", raw, "--clean", tmp_path / "clean") == 0
    out = capsys.readouterr().out
    for word in ("read", "clean", "duplicates", "off topic", "no article", "quarantined", str(tmp_path / "clean")):
        assert word in out
    assert "1 exact" in out


def test_clean_as_json_is_one_object(tmp_path: Path, raw: Path, capsys: Capture):
    """Machines get the same counts as one JSON object on standard output."""
    assert run("clean", "--raw", raw, "--clean", tmp_path / "clean", "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["records"] == sum(summary["outcomes"].values()) == 5
    assert summary["outcomes"]["quarantined"] == 2


def test_dry_run_publishes_nothing(tmp_path: Path, raw: Path, capsys: Capture):
    """A dry run says what would come out and leaves no corpus behind."""
    assert run("clean", "--raw", raw, "--clean", tmp_path / "clean", "--dry-run") == 0
    assert "nothing was published" in capsys.readouterr().out
    assert not (tmp_path / "clean").exists()


def test_quiet_says_nothing(tmp_path: Path, raw: Path, capsys: Capture):
    """`--quiet` prints nothing at all when all is well."""
    assert run("clean", "--raw", raw, "--clean", tmp_path / "clean", "--quiet") == 0
    assert capsys.readouterr() == ("", "")


def test_foreign_files_in_the_place_of_the_corpus_are_left_alone(tmp_path: Path, raw: Path, capsys: Capture):
    """A folder that holds other files is not replaced: exit status 2, and a file of it is named."""
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / "thesis.docx").write_text("mine")
    assert run("clean", "--raw", raw, "--clean", tmp_path / "clean") == 2
    assert "thesis.docx" in capsys.readouterr().err
    assert (tmp_path / "clean" / "thesis.docx").read_text() == "mine"


def test_empty_folder_in_the_place_of_the_corpus_is_replaced(tmp_path: Path, raw: Path):
    """An empty folder was only made to hold the place."""
    (tmp_path / "clean").mkdir()
    assert run("clean", "--raw", raw, "--clean", tmp_path / "clean", "--quiet") == 0
    assert (tmp_path / "clean").is_symlink()


def test_second_run_while_one_is_at_work_is_status_3(tmp_path: Path, raw: Path, capsys: Capture):
    """Who comes second is told who holds the corpus."""
    from copydesk.state import hold

    with hold(locate(tmp_path / "clean").state, "the-first-run"):
        assert run("clean", "--raw", raw, "--clean", tmp_path / "clean") == 3
    assert "the-first-run" in capsys.readouterr().err
