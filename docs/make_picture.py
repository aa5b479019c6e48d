#!/usr/bin/env python3
"""Makes the picture of the report that stands in the README: the sample corpus, cleaned, as Chromium shows it.

    python docs/make_picture.py [PICTURE]

Needs `copydesk` and Chromium (on Debian: apt-get install chromium). The samples are our own; nothing else is shown.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from copydesk.cli import main as copydesk

ROOT = Path(__file__).resolve().parents[1]

WIDTH, HEIGHT = 1100, 800
"""The head of the page and the flow of records."""

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-sync")


def main(picture: Path) -> None:
    """Nothing: the picture of a new report on the samples is in this file."""
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder) / "clean"
        words = ["clean", "--raw", str(ROOT / "corpus" / "raw"), "--clean", str(clean), "--quiet"]
        if status := copydesk(words):
            sys.exit(status)
        take_picture(clean / "reports" / "latest.html", picture)


def take_picture(page: Path, picture: Path) -> None:
    """Nothing: the head of the page is in this file, as PNG. Raises FileNotFoundError without Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise FileNotFoundError("no Chromium here; on Debian: apt-get install chromium")
    # Chromium may still write into its profile when it has ended.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        where = (f"--user-data-dir={profile}", f"--window-size={WIDTH},{HEIGHT}")
        command = [program, *FLAGS, *where, f"--screenshot={picture.resolve()}", page.resolve().as_uri()]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "report.png")
