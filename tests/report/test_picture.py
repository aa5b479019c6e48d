"""The picture in the README can be made again by whoever has a browser, and is small."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path

import pytest
from report_browser import HOW_TO_GET_IT

DOCS = Path(__file__).parents[2] / "docs"
PNG = b"\x89PNG\r\n\x1a\n"
MOST_BYTES = 300_000


def test_picture_shows_the_head_of_a_report(tmp_path: Path, cleaned: Path):
    """The script leaves a PNG of the size that it says."""
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        pytest.skip(HOW_TO_GET_IT)
    script = runpy.run_path(str(DOCS / "make_picture.py"))
    script["take_picture"](cleaned / "reports" / "latest.html", tmp_path / "report.png")
    picture = (tmp_path / "report.png").read_bytes()
    assert picture.startswith(PNG)
    assert [int.from_bytes(picture[i : i + 4]) for i in (16, 20)] == [script["WIDTH"], script["HEIGHT"]]


def test_picture_in_the_readme_is_small():
    """Nobody clones megabytes for a picture."""
    picture = (DOCS / "report.png").read_bytes()
    assert picture.startswith(PNG)
    assert len(picture) < MOST_BYTES
