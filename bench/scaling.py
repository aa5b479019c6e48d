#!/usr/bin/env python3
"""How time, CPU, memory and state grow with the number of articles: a table and a plot.

    python -m bench.scaling [--articles 1000 10000 100000] [--workers 2] [--plot docs/scaling.svg]

The articles are those of `bench/nightly.py` (invented, a fifth of them copies), as lines of JSON. Each size is cleaned
from nothing, then once more with nothing new. Memory is what all processes of a run have at its worst moment, shared
pages counted once (PSS), looked at twice a second. What they hold of their own (anonymous memory) stands beside it:
the rest are pages of mapped files, which the system takes back when it needs them.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from bench.nightly import stories, write

PORTION = 5_000
"""Stories held while raw files are written."""

LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """What one size took. Seconds, megabytes."""

    articles: int
    seconds: float
    cpu: float
    peak_all: float
    peak_own: float
    raw: float
    state: float
    corpus: float
    again: float


def spread(raw: Path, count: int) -> None:
    """Write so many stories, the same for the same number."""
    raw.mkdir(parents=True)
    source = stories(1)
    for start in range(0, count, PORTION):
        part = [next(source) for _ in range(min(PORTION, count - start))]
        write(raw, part, "jsonl", f"part{start:08}")


def clean(raw: Path, target: Path, workers: int) -> tuple[float, float, float, float]:
    """Seconds, CPU seconds, and peak megabytes of all processes: with mapped files, and of their own."""
    command = [sys.executable, "-m", "copydesk.cli", "clean", "--raw", str(raw), "--clean", str(target), "--quiet"]
    start = time.monotonic()
    process = subprocess.Popen([*command, "--workers", str(workers)])
    peaks = [0.0, 0.0]
    over = threading.Event()
    watching = threading.Thread(target=watch, args=(process.pid, peaks, over))
    watching.start()
    before = cpu_seconds()
    status = process.wait()
    over.set()
    watching.join()
    if status:
        raise subprocess.CalledProcessError(status, command)
    return time.monotonic() - start, cpu_seconds() - before, peaks[0], peaks[1]


def cpu_seconds() -> float:
    """CPU seconds of all children that have ended, and of theirs."""
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def watch(process: int, peaks: list[float], over: threading.Event) -> None:
    """Keep the highest memory of a process with all below it: with mapped files, and of their own."""
    while not over.wait(LOOK_SECONDS):
        shares = [memory(one) for one in family(process)]
        for number in (0, 1):
            peaks[number] = max(peaks[number], sum(share[number] for share in shares))


def family(process: int) -> list[int]:
    """A process and all below it."""
    found = [process]
    for parent in found:
        try:
            words = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        except OSError:
            continue  # it has ended meanwhile
        found += [int(word) for word in words]
    return found


def memory(process: int) -> tuple[float, float]:
    """Megabytes of a process, shared pages divided: all, and anonymous ones. 0 and 0 if it has ended meanwhile."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0, 0.0
    stated = {name: int(rest.split()[0]) / 1024 for name, _, rest in (line.partition(":") for line in lines[1:])}
    return stated.get("Pss", 0.0), stated.get("Pss_Anon", 0.0)


def size(folder: Path) -> float:
    """Megabytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def measure(count: int, workers: int) -> Row:
    """What a corpus of so many articles takes."""
    with tempfile.TemporaryDirectory() as temporary:
        raw, target = Path(temporary) / "raw", Path(temporary) / "clean"
        spread(raw, count)
        seconds, cpu, everything, own = clean(raw, target, workers)
        again, *_ = clean(raw, target, workers)
        state, corpus = size(Path(f"{target}.state")), size(target.resolve())
        return Row(count, seconds, cpu, everything, own, size(raw), state, corpus, again)


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown, with what an article costs."""
    head = ["articles", "s", "CPU-s", "CPU-ms per article", "peak MB, mapped files too", "peak MB, own", "raw MB",
            "state MB", "corpus MB", "s, nothing new"]  # fmt: skip
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join(["---:"] * len(head)) + " |"]
    for row in rows:
        each = row.cpu / row.articles * 1_000
        values = [f"{row.articles:,}", f"{row.seconds:.1f}", f"{row.cpu:.1f}", f"{each:.2f}"]
        values += [f"{getattr(row, field.name):,.0f}" for field in fields(Row)[3:8]]
        lines.append("| " + " | ".join([*values, f"{row.again:.1f}"]) + " |")
    return "\n".join(lines)


WIDTH, HEIGHT, MARGIN = 640, 400, 60
CURVES = (("cpu", "CPU seconds", "#0b6e4f"), ("seconds", "seconds", "#c8553d"), ("peak_own", "peak MB", "#2d5d9f"))


def plot(rows: Sequence[Row]) -> str:
    """The rows as a drawing (SVG): both axes logarithmic, so that what grows linearly rises like the dotted line."""
    values = [getattr(row, name) for name, _, _ in CURVES for row in rows]
    low_x, high_x = math.log10(rows[0].articles), math.log10(rows[-1].articles) + 1e-9
    low_y, high_y = math.floor(math.log10(max(min(values), 0.1))), math.ceil(math.log10(max(values)))

    def place(articles: float, value: float) -> tuple[float, float]:
        x = MARGIN + (math.log10(articles) - low_x) / (high_x - low_x) * (WIDTH - 2 * MARGIN)
        y = HEIGHT - MARGIN - (math.log10(max(value, 0.1)) - low_y) / (high_y - low_y) * (HEIGHT - 2 * MARGIN)
        return round(x, 1), round(y, 1)

    def line(points: Sequence[tuple[float, float]], style: str) -> str:
        return f'<polyline fill="none" points="{" ".join(f"{x},{y}" for x, y in points)}" {style}/>'

    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for row in rows:
        x, y = place(row.articles, 10**low_y)
        parts.append(f'<text x="{x}" y="{y + 20}" text-anchor="middle">{row.articles:,}</text>')
    for power in range(low_y, high_y + 1):
        x, y = place(rows[0].articles, 10.0**power)
        parts.append(line([(x, y), (WIDTH - MARGIN, y)], 'stroke="#ddd"'))
        parts.append(f'<text x="{x - 8}" y="{y + 4}" text-anchor="end">{10.0**power:g}</text>')
    first, last = rows[0], rows[-1]
    linear = [place(first.articles, first.cpu), place(last.articles, first.cpu * last.articles / first.articles)]
    parts.append(line(linear, 'stroke="#888" stroke-dasharray="2 4"'))
    for number, (name, label, colour) in enumerate(CURVES):
        parts.append(
            line([place(row.articles, getattr(row, name)) for row in rows], f'stroke="{colour}" stroke-width="2"')
        )
        parts.append(f'<text x="{MARGIN + 10}" y="{MARGIN + 16 * number}" fill="{colour}">{label}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    """Measure, print the table as it grows, draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--plot", type=Path, help="draw the curves into this file (SVG)")
    given = parser.parse_args()
    rows: list[Row] = []
    for count in sorted(given.articles):
        rows.append(measure(count, given.workers))
        print(table(rows[-1:]) if len(rows) == 1 else table(rows[-1:]).splitlines()[-1], flush=True)
    if given.plot:
        given.plot.write_text(plot(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
