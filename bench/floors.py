"""Hold what the pipeline reaches against what it has reached before (`floors.toml`); exit status 1 below a floor.

    python -m bench.floors              # all benchmarks
    python -m bench.floors samples      # one of them

Floors go up when an engine gets better, and never down. A figure that stands under `at_most` is a share of harm.
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench import contamination, copies, nightly, pages, pasted, samples
from bench.shared import SHARED

Measure = Callable[[Path, Path], Mapping[str, float]]

MEASURES: Mapping[str, Measure] = {
    "samples": samples.measure,
    "pasted": pasted.measure,
    "copies": copies.measure,
    "pages": pages.measure,
    "contamination": contamination.measure,
    "documents": contamination.measure_documents,
    "nightly": nightly.measure,
}


def breaches(name: str, figures: Mapping[str, float], floors: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """One line for each figure on the wrong side of its floor, or missing."""
    for side, sign in (("at_least", 1), ("at_most", -1)):
        for figure, floor in floors.get(side, {}).items():
            got = figures.get(figure)
            if got is None or sign * got < sign * floor:
                yield f"{name}: {figure} is {got}, floor is {side.replace('_', ' ')} {floor}"


def main(names: list[str]) -> int:
    """The exit status: 0 if every figure holds."""
    floors = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))
    problems: list[str] = []
    for name in names or list(MEASURES):
        with tempfile.TemporaryDirectory(prefix="copydesk-floors-") as scratch:
            figures = MEASURES[name](SHARED, Path(scratch))
        print(f"{name}: " + ", ".join(f"{figure} {value:.4g}" for figure, value in figures.items()), flush=True)
        problems += breaches(name, figures, floors[name])
    print("\n".join(problems) if problems else "every floor holds")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
