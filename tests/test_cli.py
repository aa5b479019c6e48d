"""The command line: what it prints, what it returns, and one line that helps when something is wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from copydesk import __version__
from copydesk.cli import exit_status, main
from copydesk.errors import GateError
from copydesk.writing import TABLES, locate

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


def test_rollback_and_garbage(tmp_path: Path, raw: Path, capsys: Capture):
    """An earlier snapshot can be published again, and snapshots that nobody needs can go."""
    clean = tmp_path / "clean"
    for _ in range(3):
        assert run("clean", "--raw", raw, "--clean", clean, "--quiet") == 0
    newest = clean.readlink()
    assert run("rollback", "--clean", clean) == 0
    assert clean.readlink() != newest
    assert run("gc", "--keep", 1, "--clean", clean) == 0
    assert "2 snapshots removed" in capsys.readouterr().out
    assert run("validate", "--clean", clean) == 0


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


def test_module_runs_as_a_program():
    """The installed package can be run without its script."""
    done = subprocess.run([sys.executable, "-m", "copydesk.cli", "--version"], capture_output=True, check=True)
    assert done.stdout.decode().strip() == f"copydesk {__version__}"


def test_status_is_1_where_the_newest_snapshot_is_too_old(tmp_path: Path, raw: Path, capsys: Capture):
    """Cron can ask whether last night's run came through: 0 while it is fresh, 1 and one line once it isn't."""
    import datetime as dt

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


@pytest.mark.parametrize("age", ["26", "h", "-3h", "26 h", "soon", ""])
def test_age_that_is_none_is_wrong_use(tmp_path: Path, age: str):
    """An age is a number with a unit."""
    with pytest.raises(SystemExit) as end:
        run("status", "--clean", tmp_path / "clean", "--max-age", age)
    assert end.value.code == 2
