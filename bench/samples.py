"""The real samples: how many come out as they should, as one corpus and one of them alone."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from bench.shared import clean


def measure(shared: Path, scratch: Path) -> dict[str, float]:
    """Counts of right articles: `right` of five in one corpus, `alone` of one cleaned by itself."""
    samples = shared.parent / "samples"
    clean(samples / "raw", scratch / "samples")
    alone = scratch / "alone-raw"
    alone.mkdir()
    for path in samples.glob("raw/002_*.txt"):
        shutil.copy(path, alone)
    clean(alone, scratch / "alone")
    return {
        "right": _right(samples / "check.py", scratch / "samples"),
        "alone": _right(samples / "check.py", scratch / "alone", "--alone"),
    }


def _right(check: Path, corpus: Path, *options: str) -> int:
    command = [sys.executable, str(check), str(corpus), *options]
    printed = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    print(printed, end="")
    found = re.search(r"samples: (\d+) of \d+", printed)
    return int(found.group(1)) if found else 0
