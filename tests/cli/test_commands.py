"""The command line as a whole: what it returns, and one line that helps when something is wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from copydesk import __version__
from copydesk.cli import exit_status, main
from copydesk.errors import GateError

Capture = pytest.CaptureFixture[str]


def run(*words: object) -> int:
    """Run the command line in this process."""
    return main([str(word) for word in words])


def test_version_is_printed(capsys: Capture):
    """`--version` names the program and its version."""
    with pytest.raises(SystemExit) as end:
        run("--version")
    assert end.value.code == 0
    assert capsys.readouterr().out == f"copydesk {__version__}\n"


def test_no_command_is_wrong_use():
    """Without a command there is nothing to do: exit status 2."""
    with pytest.raises(SystemExit) as end:
        run()
    assert end.value.code == 2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda t: ["clean", "--raw", t / "nowhere", "--clean", t / "c"],
            "is no folder that can be read; name another",
        ),
        (lambda t: ["clean", "--raw", t, "--clean", t / "c"], "name folders apart"),
        (
            lambda t: ["clean", "--raw", t / "raw", "--clean", t / "c", "--config", t / "no.toml"],
            "no.toml: No such file",
        ),
        (lambda t: ["explain", "x", "--clean", t / "c"], "holds no corpus"),
        (lambda t: ["validate", "--clean", t / "c"], "nothing is published"),
        (lambda t: ["rollback", "--clean", t / "c"], "no snapshot"),
        (lambda t: ["report", "--clean", t / "c"], "nothing is published"),
        (lambda t: ["extract", t / "nowhere.html"], "nowhere.html: No such file"),
        (lambda t: ["extract", t / "raw" / "ferry.txt", "--out", t / "no" / "out.jsonl"], "No such file"),
        (lambda _: ["schema", "article"], "there are articles"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(tmp_path: Path, raw: Path, capsys: Capture, make, message: str):
    """Wrong settings and folders end with 2 and one line on standard error that names them and the way out."""
    shutil.copytree(raw, tmp_path / "raw")
    assert run(*make(tmp_path)) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_gate_is_status_1(capsys: Capture):
    """A result that a gate held back is neither success nor failure."""

    def job() -> int:
        raise GateError("gate rows: 3 articles, limit 5")

    assert exit_status(job) == 1
    assert capsys.readouterr().err == "copydesk: gate rows: 3 articles, limit 5\n"


def test_system_error_is_status_4_without_a_traceback(capsys: Capture):
    """A full disk is said in one line."""

    def job() -> int:
        raise OSError(28, "No space left on device", "/corpus/x")

    assert exit_status(job) == 4
    assert capsys.readouterr().err == "copydesk: /corpus/x: No space left on device; nothing published\n"


def test_interruption_leaves_the_corpus_as_it_was(capsys: Capture):
    """Ctrl-C is said in one line."""

    def job() -> int:
        raise KeyboardInterrupt

    assert exit_status(job) == 4
    assert "the published corpus is as it was" in capsys.readouterr().err


def test_reader_that_goes_away_is_no_error(raw: Path):
    """`copydesk extract … | head` ends quietly."""
    script = f"{sys.executable} -m copydesk.cli extract {raw} | head -c 1"
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, check=True)
    assert done.stderr == b""


def test_module_runs_as_a_program():
    """The installed package can be run without its script."""
    done = subprocess.run([sys.executable, "-m", "copydesk.cli", "--version"], capture_output=True, check=True)
    assert done.stdout.decode().strip() == f"copydesk {__version__}"
