"""What the documentation says of settings, columns and commands is so, and its commands do what they say."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from urllib.request import urlopen

import duckdb
import pytest

from copydesk.cli import main
from copydesk.cli.commands import OPTIONS
from copydesk.settings import Settings
from copydesk.writing import TABLES

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
ELLIPSIS = "…"
"""Stands in a command for what the reader has to fill in: such a one can't be run as it is."""


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a page in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    """The copydesk commands on all pages, each once, in the order of the pages."""
    found = {}
    for page in PAGES:
        for line in (line for block in blocks(page, "sh") for line in block.splitlines()):
            words = shlex.split(line, comments=True)
            if words and Path(words[0]).name == "copydesk" and ELLIPSIS not in words:
                found[tuple(words[1:])] = words[1:]
    return list(found.values())


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that looks like a checkout with the samples cleaned, as the first command of the README leaves it."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "raw").symlink_to(ROOT / "corpus" / "raw")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["clean", "--raw", "corpus/raw", "--clean", "corpus/clean", "--quiet"]) == 0
        yield folder


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_runs(words: list[str], checkout: Path, capsys: pytest.CaptureFixture[str]):
    """Each command on each page does what it is there for: nobody copies one that fails."""
    if words[0] == "init":
        (checkout / words[1]).unlink(missing_ok=True)
    elif "--config" in words and not (config := checkout / words[words.index("--config") + 1]).exists():
        config.touch()
    if words[0] == "review" and not {"--counts", "--export"} & set(words):
        check_review(words)
        return
    assert main(words) == 0, capsys.readouterr().err


def check_review(words: list[str]) -> None:
    """Start a review as the page says, open what it prints, end it with Ctrl-C."""
    command = [sys.executable, "-m", "copydesk.cli", *words]
    here = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=here) as process:
        assert process.stdout
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address
        with urlopen(address[0]) as answer:  # noqa: S310 - our own server
            assert "Does this paragraph belong to the article?" in answer.read().decode() or "--sample" in words
        process.send_signal(signal.SIGINT)
        process.communicate()
        assert process.returncode == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_query_runs(page: Path, checkout: Path):
    """SQL on the pages can be run as it stands."""
    for block in blocks(page, "sql"):
        for query in filter(str.strip, block.split(";")):
            duckdb.sql(query).fetchall()


def test_every_reader_in_the_readme_reads(checkout: Path):
    """The lines for other readers do what they say on the cleaned samples."""
    [readers] = [block for block in blocks(ROOT / "README.md", "python") if "import pandas" in block]
    exec(compile(readers, "README.md", "exec"), {})  # noqa: S102 - our own page


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_explained(table: str):
    """The page of tables has each column, and each member of one, with type and meaning of its schema and a value."""
    contract = tomllib.loads((ROOT / "schemas" / f"{table}.toml").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8").split(f"\n## {table}\n", 1)[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([\w.\[\]]+)` \| (\S.*?) \| (yes)? ?\| (.*?) \| `(.+)` \|$", page, re.MULTILINE)
    expected = []
    for column in contract["columns"]:
        members = [member | {"name": f"{column['name']}[].{member['name']}"} for member in column.get("fields", ())]
        expected += [(c["name"], c["type"], "yes" if c["nullable"] else "", c["meaning"]) for c in (column, *members)]
    assert [row[:4] for row in rows] == expected


def test_every_setting_is_documented_with_its_default():
    """The page of settings has a row for each setting, with the default that the code has."""
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for section in fields(Settings):
        part = page.split(f"## [{section.name}]", 1)[1].split("\n## ", 1)[0]
        rows = dict(re.findall(r"^\| `(\w+)` \| `([^`]*)` \|", part, re.MULTILINE))
        values = getattr(Settings(), section.name)
        shown = {f.name: _shown(getattr(values, f.name)) for f in fields(values)}
        assert rows == shown, section.name


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(list(value)) if isinstance(value, tuple) else str(value)


def test_every_setting_named_in_the_advice_is_one():
    """The page on tuning names no setting that isn't there."""
    page = (ROOT / "docs" / "tuning.md").read_text(encoding="utf-8")
    for section, name in re.findall(r"`\[(\w+)\] (\w+)", page):
        assert hasattr(getattr(Settings(), section), name), name


def test_every_command_named_in_the_docs_is_one():
    """No page names a command that isn't there."""
    known = {command.__name__ for command in OPTIONS}
    for page in PAGES:
        named = set(re.findall(r"`copydesk (\w+)", page.read_text(encoding="utf-8")))
        assert named <= known, page.name
    assert {words[0] for words in commands()} <= known


def test_every_make_target_in_the_docs_is_one():
    """No page names a make target that isn't there."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in set(re.findall(r"(?:^|`)make ([\w-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_between_pages_lead_somewhere():
    """A link to a file of the project names one that is there."""
    for page in (*PAGES, *ROOT.glob("docs/decisions/*.md"), ROOT / "corpus" / "README.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_every_data_file_with_weights_is_in_the_notice():
    """Nothing trained is shipped without saying on what, and under which licence."""
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for path in (ROOT / "src" / "copydesk" / "data").glob("*.npz"):
        assert path.name in notice
