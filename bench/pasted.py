"""Pasted articles: fields right and invented, paragraphs lost, head lines left, through the whole pipeline."""

from __future__ import annotations

import json
from pathlib import Path

from bench.shared import clean, load_script, read_rows, run_script

COUNT = 600
"""Files: as many as the benchmark's README scores."""


def measure(shared: Path, scratch: Path, seed: int = 1) -> dict[str, float]:
    """Shares (0 to 1) by figure, over `COUNT` files made with this seed."""
    folder = scratch / f"pasted-{seed}"
    run_script(shared / "pasted" / "make_pasted.py", "--seed", seed, "--count", COUNT, folder)
    clean(folder / "raw", folder / "clean")
    scorer = load_script(shared / "pasted" / "score_pasted.py")
    truth = [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = {Path(row["source_path"]).name: row for row in read_rows(folder / "clean", "articles")}
    counts = scorer.score(truth, rows)
    figures = {field: counts[field, "right"] / counts[field, "said"] for field in scorer.FIELDS}
    unsaid = sum(counts[field, "unsaid"] for field in scorer.FIELDS)
    genuine = counts["genuine", "all"]
    return figures | {
        "invented": sum(counts[field, "invented"] for field in scorer.FIELDS) / unsaid,
        "invented_most": max(counts[f, "invented"] / counts[f, "unsaid"] for f in scorer.FIELDS if counts[f, "unsaid"]),
        "genuine_lost": (genuine - counts["genuine", "in text"]) / genuine,
        "furniture_left": counts["furniture", "in text"] / counts["furniture", "all"],
        "head_left": counts["head", "in text"] / counts["head", "all"],
        "missing": counts["not in articles"] / counts["files"],
    }
