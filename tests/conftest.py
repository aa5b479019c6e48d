"""A small raw folder, and a corpus cleaned from it once, for all tests that only read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

from copydesk.cli import main

# The same examples in every run: a suite that is green today is green tomorrow. COPYDESK_EXPLORE=1 draws new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("COPYDESK_EXPLORE") else "steady")

STORIES = Path(__file__).parent / "stories"
FERRY = (STORIES / "ferry.txt").read_text(encoding="utf-8")
LIBRARY = (STORIES / "library.txt").read_text(encoding="utf-8")


def write_raw(folder: Path) -> Path:
    """Write a raw folder with two stories, a copy of one, a line that is no JSON, and an empty file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ferry.txt").write_text(FERRY, encoding="utf-8")
    (folder / "copy.txt").write_text(FERRY, encoding="utf-8")
    record = {"title": "The library in Kestrel Street opens on Sundays", "text": LIBRARY.split("\n\n", 3)[3]}
    lines = [json.dumps(record | {"outlet": "Harbour Post", "authors": ["Tomas Abel"]}), "{broken"]
    (folder / "crawl.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "empty.txt").touch()
    return folder


@pytest.fixture(scope="session")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published corpus of the small raw folder; tests only read it."""
    folder = tmp_path_factory.mktemp("cleaned")
    status = main(["clean", "--raw", str(write_raw(folder / "raw")), "--clean", str(folder / "clean"), "--quiet"])
    assert status == 0
    return folder / "clean"


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small raw folder by itself; tests only read it."""
    return write_raw(tmp_path_factory.mktemp("raw") / "raw")
