"""What the whole pipeline finds and loses on outlets that its models, its limits and its background have never seen.

    PYTHONPATH=src python bench/train_foreign.py folds SHARED FOLDS     # once
    python -m bench.held_out SHARED FOLDS --seeds 51 52 53

`bench/contamination.py` measures on articles that the weights were trained on. Here a copy of the package with the
background and the weights of a fold cleans cases made of that fold's outlets alone: mixed news, and corpora of one
broad subject. Over folds and seeds: the mean, and its standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from statistics import mean, stdev

from bench.contamination import clean_cases, count_cases, make_cases
from copydesk.contamination.theme import MIN_STORIES

ROOT = Path(__file__).resolve().parents[1]
LEARNED = ("background.npz", "foreign.csv")
HOSTS = 300
"""Articles of a fold that are cleaned; its other hundred only give strangers, whose donors are absent then."""
SHARES = {
    "easy": ("foreign_easy right", "foreign_easy"),
    "hard": ("foreign_hard right", "foreign_hard"),
    "easy, donor absent": ("foreign_easy absent right", "foreign_easy absent"),
    "hard, donor absent": ("foreign_hard absent right", "foreign_hard absent"),
    "genuine lost as foreign": ("lost as foreign", "genuine"),
    "genuine lost": ("lost", "genuine"),
    "untouched harmed": ("control harmed", "control"),
}


def count_fold(shared: Path, fold: Path, scratch: Path, seed: int) -> dict[str, Counter[str]]:
    """Counts by kind of corpus for one fold and one seed, with the weights of the package that is imported."""
    cases = make_cases(shared, scratch, seed, "paragraphs", "--base", fold / "base.jsonl.gz", "--hosts", HOSTS)
    by_subject = defaultdict(list)
    for case in cases:
        by_subject[case["group"]].append(case)
    subjects = [own for name, own in by_subject.items() if name != "other" and len(own) >= MIN_STORIES]
    counts: dict[str, Counter[str]] = {"mixed news": Counter(), "one subject": Counter()}
    for kind, corpus in (("mixed news", cases), *(("one subject", own) for own in subjects)):
        found, rules = count_cases(corpus, clean_cases(corpus)[1])
        counts[kind] += found + Counter({"lost as foreign": rules["foreign/1"] + rules["foreign-headline/1"]})
    return counts


def measure_fold(shared: Path, fold: Path, seeds: list[int]) -> list[dict[str, dict[str, int]]]:
    """Counts by kind of corpus, seed by seed, from a process that imports a package with the fold's weights."""
    with tempfile.TemporaryDirectory(prefix="copydesk-fold-") as folder:
        package = Path(folder) / "copydesk"
        shutil.copytree(ROOT / "src" / "copydesk", package, ignore=shutil.ignore_patterns("__pycache__"))
        for name in LEARNED:
            shutil.copyfile(fold / name, package / "data" / name)
        command = [sys.executable, "-m", "bench.held_out", shared, fold, "--one", "--seeds", *seeds]
        paths = os.pathsep.join([folder, str(ROOT)])
        done = subprocess.run(
            [str(word) for word in command],
            check=True,
            capture_output=True,
            text=True,
            cwd=folder,
            env=os.environ | {"PYTHONPATH": paths},
        )
    rows: list[dict[str, dict[str, int]]] = json.loads(done.stdout.splitlines()[-1])
    return rows


def report(rows: list[dict[str, dict[str, int]]]) -> None:
    """Print each share by kind of corpus, its mean over the rows and the standard error of that."""
    for kind in rows[0]:
        for name, (part, whole) in SHARES.items():
            shares = [row[kind].get(part, 0) / row[kind][whole] for row in rows if row[kind].get(whole)]
            error = stdev(shares) / len(shares) ** 0.5 if len(shares) > 1 else float("nan")
            print(f"{kind:12} {name:24} {mean(shares):.5f} ± {error:.5f}")


def main() -> None:
    """Measure all folds, or the one whose weights are imported."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("shared", type=Path, help="the folder of the benchmarks")
    parser.add_argument("folds", type=Path, help="what `train_foreign.py folds` wrote")
    parser.add_argument("--seeds", type=int, nargs="+", default=[51, 52, 53])
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    shared, folds = args.shared.resolve(), args.folds.resolve()
    if args.one:
        with tempfile.TemporaryDirectory() as scratch:
            print(json.dumps([count_fold(shared, folds, Path(scratch), seed) for seed in args.seeds]))
        return
    report([row for fold in sorted(folds.glob("fold-*")) for row in measure_fold(shared, fold, args.seeds)])


if __name__ == "__main__":
    main()
