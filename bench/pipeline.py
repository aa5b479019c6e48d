#!/usr/bin/env python3
"""The whole pipeline beside the script that a user would write instead (`bench/naive.py`), on pages and on texts.

    python bench/pipeline.py --data DIR [--pages N] [--texts 50000] [--rounds 1]

DIR holds the benchmarks: `extraction/pages` and the generator `dedup/make_pairs.py`. Each run is a process of its own;
ours with one worker, the other's, ours with two, in turn. CPU seconds are those of a run with all its children, imports
and start of workers included. A first run over the same records comes before them and has a line of its own: where an
install is fresh it compiles code that is kept. Ours does far more: metadata by evidence, furniture, foreign paragraphs,
excerpts, typed links, decisions, a ledger, a report, a state for the next night.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEFAULT = ROOT.parent / "shared" / "bench"


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run took."""

    cpu_seconds: float
    seconds: float


def run(command: list[str]) -> Spent:
    """What a process took, with all its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(cpu, time.monotonic() - start)


def ours(raw: Path, work: Path, workers: int) -> Spent:
    """A full run of ours, nothing known before."""
    shutil.rmtree(work, ignore_errors=True)
    command = [sys.executable, "-m", "copydesk.cli", "clean", "--raw", str(raw), "--clean", str(work / "clean")]
    return run([*command, "--workers", str(workers), "--quiet"])


def theirs(raw: Path, work: Path) -> Spent:
    """A run of the naive script."""
    return run([sys.executable, str(ROOT / "bench" / "naive.py"), str(raw), str(work.with_suffix(".parquet"))])


def measure(name: str, raw: Path, records: int, rounds: int, work: Path) -> None:
    """Print what all three took, the best of the rounds, and what our first run took."""
    first = ours(raw, work, 1)
    one, naive, two = [], [], []
    for _ in range(rounds):
        one.append(ours(raw, work, 1))
        naive.append(theirs(raw, work))
        two.append(ours(raw, work, 2))

    def best(spent: list[Spent]) -> Spent:
        return Spent(min(s.cpu_seconds for s in spent), min(s.seconds for s in spent))

    print(f"\n{records:,} {name}, best of {rounds}")
    print(f"{'':24}{'CPU-s':>9}{'s':>9}{'per CPU-s':>11}")
    runs = (("first run, one worker", first), ("one worker", best(one)), ("two workers", best(two)))
    for label, spent in (*runs, ("naive script", best(naive))):
        rate = records / spent.cpu_seconds
        print(f"{label:24}{spent.cpu_seconds:9.1f}{spent.seconds:9.1f}{rate:11.0f}")
    print(f"the first run compiles, or loads, for {first.cpu_seconds - best(one).cpu_seconds:.1f} CPU-s more")
    print(f"ratio of CPU time, naive to ours with one worker: {best(naive).cpu_seconds / best(one).cpu_seconds:.2f}")
    print(f"ratio of time, one worker to two: {best(one).seconds / best(two).seconds:.2f}", flush=True)


def put_pages(data: Path, raw: Path, limit: int | None) -> int:
    """Copy the pages, and say how many; packed as they lie there, for both."""
    pages = sorted((data / "extraction" / "pages").rglob("*.html.gz"))[:limit]
    for page in pages:
        folder = raw / page.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / page.name).write_bytes(page.read_bytes())
    return len(pages)


def put_texts(data: Path, raw: Path, count: int) -> int:
    """Generate texts with labelled copies among them, and say how many."""
    folder = data / "dedup"
    raw.mkdir(parents=True)
    command = [sys.executable, str(folder / "make_pairs.py"), "--base", str(folder / "base_fnc1.jsonl.gz")]
    roots = max(20, count * 7 // 100)
    subprocess.run(
        [
            *command,
            "--out",
            str(raw.parent / "set"),
            "--seed",
            "1",
            "--roots",
            str(min(roots, 1_500)),
            "--docs",
            str(count),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    made = raw / "docs.jsonl"
    shutil.move(raw.parent / "set" / "docs.jsonl", made)
    with made.open("rb") as lines:
        return sum(1 for _ in lines)


def main() -> None:
    """Measure both and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DEFAULT)
    parser.add_argument("--pages", type=int, help="so many pages (default: all)")
    parser.add_argument("--texts", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if given.pages != 0:
            count = put_pages(given.data, folder / "pages", given.pages)
            measure("pages", folder / "pages", count, given.rounds, folder / "work")
        if given.texts:
            count = put_texts(given.data, folder / "texts", given.texts)
            measure("texts", folder / "texts", count, given.rounds, folder / "work")


if __name__ == "__main__":
    main()
