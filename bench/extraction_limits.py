#!/usr/bin/env python3
"""Memory over many pages, and the CPU time of pages made to be slow.

    python bench/extraction_limits.py [--data DIR] [--pages 20000]

The pages of DIR are extracted again and again. Resident memory is printed ten times on the way: what grows with their
number leaks. The hostile pages are made here; the bound is two CPU seconds for each.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import resource
import time
from collections.abc import Iterator
from pathlib import Path

from copydesk.extraction import extract
from copydesk.extraction.compiled import PACE
from copydesk.metadata import read_page
from copydesk.settings import Settings

PROSE = "The market at Orrin Head closes on Friday, the council said. "
HOSTILE = {
    "20 MB of text": "<p>" + PROSE * 330_000,
    "20 MB in paragraphs": f"<p>{PROSE}</p>" * 290_000,
    "100,000 nested elements": "<div>" * 100_000 + PROSE,
    "14,000 nested elements": "<div>" * 14_000 + PROSE,
    "5 MB on one line": "<div>" + PROSE * 82_000 + "</div>",
    "a megabyte in one attribute": f'<div class="{"word " * 210_000}">{PROSE}</div>',
    "a megabyte of attributes": "<div " + " ".join(f"a{n}=1" for n in range(110_000)) + f">{PROSE}</div>",
    "60,000 links": f"<a href=/x>{PROSE}</a> " * 60_000,
    "200,000 line breaks": "word<br>" * 200_000,
    "bare markup signs": "<" * 1_000_000,
    "stray end tags": "<svg><style>" + "</b></i></p>" * 300_000 + "</style></svg>" + PROSE,
}


def read_pages(data: Path) -> list[str]:
    """The pages of all sets."""
    files = sorted(data.glob("pages/*/*.html.gz"))
    return [gzip.decompress(path.read_bytes()).decode("utf-8", "replace") for path in files]


def resident_megabytes() -> float:
    """What the process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def work(pages: Iterator[str]) -> float:
    """Extract the pages and read their metadata; the CPU seconds of the slowest."""
    slowest = 0.0
    for html in pages:
        start = time.process_time()
        extraction = extract(html, Settings())
        if extraction.tree is not None:
            read_page(extraction.tree, extraction.classes)
        slowest = max(slowest, time.process_time() - start)
    return slowest


def main() -> None:
    """Print memory and times."""
    default = Path(__file__).resolve().parents[2] / "shared/bench/extraction"
    parser = argparse.ArgumentParser(description="Memory and time of extraction at its limits")
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--pages", type=int, default=20_000)
    arguments = parser.parse_args()
    PACE.is_fast = True
    pages = read_pages(arguments.data)
    work(iter(pages[:1]))
    for name, html in HOSTILE.items():
        start = time.process_time()
        found = extract(html, Settings())
        print(
            f"{time.process_time() - start:8.2f} s  {name}: {found.refusal or f'{len(found.blocks)} blocks'}",
            flush=True,
        )
    step = max(1, arguments.pages // 10)
    endless = itertools.cycle(pages)
    for done in range(step, arguments.pages + 1, step):
        slowest = work(itertools.islice(endless, step))
        print(f"{done:8} pages  {resident_megabytes():7.0f} MB  slowest {slowest:.2f} s", flush=True)


if __name__ == "__main__":
    main()
