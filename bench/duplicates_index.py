#!/usr/bin/env python3
"""New articles against an index of old ones: time, memory, and whether the links are those of a rebuild.

    python bench/duplicates_index.py [--old 1000000] [--new 10000] [--words 80] [--folder DIR] [--no-rebuild]

The articles are made by code: sentences of words that are drawn as often as words are in a language; one in five is a
copy of an earlier one, whole, edited, cut or within another text, or one of a few forms with other numbers. Prints CPU
seconds and the largest memory of this process after each step; a rebuild is a second index of all articles at once.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from copydesk.duplicates.index import add_articles, open_index

BATCH = 20_000
VOCABULARY = 60_000


def main() -> None:
    """Build, add, build again, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--old", type=int, default=1_000_000)
    parser.add_argument("--new", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=80)
    parser.add_argument("--folder", type=Path, help="keep the index here (default: a temporary folder)")
    parser.add_argument("--rebuild", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        if not (folder / "kept" / "index.json").exists():
            step("old", lambda: add_articles(folder / "kept", tables(0, options.old, options.words)))
        shutil.rmtree(folder / "grown", ignore_errors=True)
        shutil.copytree(folder / "kept", folder / "grown")
        step("check the copied files", lambda: open_index(folder / "grown"))
        step("new", lambda: add_articles(folder / "grown", tables(options.old, options.new, options.words)))
        grown = open_index(folder / "grown").links()
        print(f"{len(grown):,} copies; {sum(f.stat().st_size for f in folder.glob('grown/*')) / 1e6:,.0f} MB on disk")
        if options.rebuild:
            total = options.old + options.new
            step("rebuild", lambda: add_articles(folder / "whole", tables(0, total, options.words)))
            same = open_index(folder / "whole").links().equals(grown)
            print("the links of a rebuild:", "the same" if same else "OTHERS")
            sys.exit(not same)


def step(name: str, work) -> None:  # type: ignore[no-untyped-def]
    """Does something and prints what it cost."""
    start, clock = time.process_time(), time.perf_counter()
    work()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:24s} {time.process_time() - start:8.1f} CPU-s {time.perf_counter() - clock:8.1f} s"
        f"   {memory:8,.0f} MB at most so far",
        flush=True,
    )


def tables(first: int, count: int, words: int) -> Iterator[pa.Table]:
    """Articles from a number on, some thousand at a time; each depends on its number alone."""
    for low in range(first - first % BATCH, first + count, BATCH):
        texts = make_texts(low // BATCH, words)
        start, stop = max(first, low) - low, min(first + count, low + BATCH) - low
        ids = [f"{low + at:09d}" for at in range(start, stop)]
        yield pa.table({"article_id": ids, "text": pa.array(texts[start:stop], pa.large_string())})


def make_texts(batch: int, words: int) -> list[str]:
    """The texts of a batch."""
    draw = np.random.default_rng(batch)
    ranks = np.minimum(draw.zipf(1.2, size=BATCH * words) - 1, VOCABULARY * 50) % VOCABULARY
    every = np.array([f"w{number:x}" for number in range(VOCABULARY)])[ranks].reshape(BATCH, words)
    texts = [" ".join(row) for row in every.tolist()]
    for at in range(5, BATCH, 5):
        texts[at] = _copy(texts[int(draw.integers(0, at))], texts[at], at // 5 % 5, draw)
    return texts


def _copy(text: str, own: str, manner: int, draw: np.random.Generator) -> str:
    parts = text.split()
    if manner == 0:
        return text.upper()
    if manner == 1:
        parts[int(draw.integers(0, len(parts)))] = "edited"
        return " ".join(parts)
    if manner == 2:
        return " ".join(parts[: len(parts) * 2 // 3])
    if manner == 3:
        return f"{own}\n\n{text}"
    high, low, chance = draw.integers(0, 90, 3)
    return (
        f"The weather office expects a high of {high} and a low of {low} with rain at {chance} per cent in {parts[0]}."
    )


if __name__ == "__main__":
    main()
