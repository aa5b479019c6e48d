"""`copydesk review` as a person runs it: it ends with Ctrl-C, and whatever kills it, the file is whole."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import signal
import threading
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from review_process import reviewing

from copydesk.cli import main
from copydesk.overrides import Choice, Entry, Judgement, Kind, append_entry, load_overrides
from copydesk.review.cases import borderline_cases
from copydesk.writing import open_corpus

ON = dt.datetime(2026, 1, 15, 2, tzinfo=dt.UTC)


@pytest.fixture
def corpus_copy(published: Path, tmp_path: Path) -> Path:
    """The corpus in a folder of the test's own, where overrides may be written."""
    shutil.copytree(published.parent, tmp_path / "desk", symlinks=True)
    return tmp_path / "desk" / published.name


def first_case(address: str) -> str:
    """The address of the case that comes next."""
    with urlopen(address) as answer:  # noqa: S310 - our own server
        return str(answer.geturl())


def judge(case: str, decision: str) -> str:
    """Where a judgement leads; raises OSError where nobody answers."""
    request = Request(case, f"decision={decision}&seen=nothing".encode(), method="POST")  # noqa: S310
    with urlopen(request) as answer:  # noqa: S310 - our own server
        return str(answer.geturl())


def test_ctrl_c_ends_a_review_with_the_counts(corpus_copy: Path):
    """Status 0, the decision in the file beside the corpus, and how often the person agreed."""
    with reviewing(corpus_copy, "--only", "links") as (process, address):
        assert judge(first_case(address), "remove").endswith("/counts")
        process.send_signal(signal.SIGINT)
        said, wrong = process.communicate(timeout=30)
    assert (process.returncode, wrong) == (0, "")
    assert "21% to 100%" in said
    assert "1 decisions added" in said
    assert len(load_overrides(corpus_copy.parent / "overrides.toml").entries) == 1


def test_a_killed_review_has_saved_what_it_said_it_had(corpus_copy: Path):
    """Killed at any moment while keys are pressed, the file can be read and holds what was answered."""
    path = corpus_copy.parent / "overrides.toml"
    answered = 0
    with reviewing(corpus_copy) as (process, address):
        case = first_case(address)
        killer = threading.Timer(0.1, process.kill)
        killer.start()
        try:
            while not case.endswith("/counts"):
                case = judge(case, "keep")
                answered += 1
        except (OSError, URLError):
            pass  # the server was killed: that is what is tested
        killer.join()
    assert len(load_overrides(path).entries) - answered in (0, 1)


def test_nothing_is_asked_twice(corpus_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """What was judged is gone from the next review; a sample asks for it again, for a sample is a sample of all.

    Decisions are read and written where runs with these settings look for them.
    """
    config, path = tmp_path / "copydesk.toml", tmp_path / "ours.toml"
    config.write_text(f'[overrides]\nfile = "{path}"\n')
    options = ["--only", "documents", "--config", str(config)]
    [case] = borderline_cases(open_corpus(corpus_copy), [Kind.DOCUMENT], 1)
    said = Judgement(case.stage, case.rule, case.was, None, "borderline", ON)
    append_entry(path, Entry(case.kind, Choice.KEEP, case.articles, judgement=said))
    assert main(["review", "--clean", str(corpus_copy), *options]) == 0
    assert "nothing is left to judge" in capsys.readouterr().out
    with reviewing(corpus_copy, *options, "--sample", "5") as (_, address):
        judge(first_case(address), "remove")
    assert main(["review", "--clean", str(corpus_copy), *options, "--sample", "5"]) == 0
    drawn = [e.judgement.drawn for e in load_overrides(path).entries if e.judgement]
    assert drawn == ["borderline", "sample"]


def test_counts_and_export_serve_nothing(corpus_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """They say what is in the file, an empty one too."""
    assert main(["review", "--clean", str(corpus_copy), "--counts"]) == 0
    assert capsys.readouterr().out == "nothing is judged yet\n"
    said = Judgement("contamination", "foreign/1", "removed", 0.9, "sample", ON)
    entry = Entry(Kind.PARAGRAPH, Choice.KEEP, ("a" * 32,), "Prices rose.", judgement=said)
    append_entry(corpus_copy.parent / "overrides.toml", entry)
    assert main(["review", "--clean", str(corpus_copy), "--counts"]) == 0
    assert "foreign/1" in capsys.readouterr().out
    sheet = tmp_path / "judged.csv"
    assert main(["review", "--clean", str(corpus_copy), "--export", str(sheet)]) == 0
    [row] = csv.DictReader(sheet.read_text(encoding="utf-8").splitlines())
    assert (row["rule"], row["agreed"]) == ("foreign/1", "no")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--export", "/nowhere/x.csv"], "--export /nowhere/x.csv"),
        (["--config", "/nowhere.toml"], "settings file /nowhere.toml"),
    ],
)
def test_wrong_use_is_said(corpus_copy: Path, options: list[str], named: str, capsys: pytest.CaptureFixture[str]):
    """In one line, with status 2."""
    assert main(["review", "--clean", str(corpus_copy), *options]) == 2
    assert named in capsys.readouterr().err


def test_no_corpus_and_a_taken_port_are_said(corpus_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """The message names what to change."""
    assert main(["review", "--clean", str(tmp_path / "none")]) == 2
    assert "holds no corpus" in capsys.readouterr().err
    with reviewing(corpus_copy) as (_, address):
        port = address.split(":")[2].split("/")[0]
        assert main(["review", "--clean", str(corpus_copy), "--port", port]) == 2
        assert f"--port {port}: Address already in use" in capsys.readouterr().err


def test_a_broken_file_is_said_before_anything_is_asked(corpus_copy: Path, capsys: pytest.CaptureFixture[str]):
    """Nobody judges for an hour into a file that can't be read."""
    (corpus_copy.parent / "overrides.toml").write_text("[[lin")
    assert main(["review", "--clean", str(corpus_copy)]) == 2
    assert "overrides.toml is not TOML" in capsys.readouterr().err
