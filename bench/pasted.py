"""Pasted articles: fields right and invented, paragraphs lost, head lines left, through the whole pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.shared import clean, load_script, read_jsonl, read_rows, run_script

COUNT = 600
"""Files: as many as the benchmark's README scores."""


def measure(shared: Path, scratch: Path, seed: int = 1) -> dict[str, float]:
    """Shares (0 to 1) by figure, over `COUNT` files made with this seed."""
    folder = scratch / f"pasted-{seed}"
    run_script(shared / "pasted" / "make_pasted.py", "--seed", seed, "--count", COUNT, folder)
    clean(folder / "raw", folder / "clean")
    scorer = load_script(shared / "pasted" / "score_pasted.py")
    truth = read_jsonl(folder / "truth.jsonl")
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
        "furniture_standing": _standing(scorer, truth, rows) / counts["furniture", "all"],
        "head_left": counts["head", "in text"] / counts["head", "all"],
        "missing": counts["not in articles"] / counts["files"],
    }


def _standing(scorer: ModuleType, truth: Sequence[dict[str, Any]], rows: Mapping[str, dict[str, Any]]) -> int:
    """Furniture that still stands in the texts, counted by occurrences.

    The scorer asks whether a piece occurs in the text. A lead's first sentence, printed once more above the lead, does
    even when it was taken out, since the lead begins with it: so what genuine paragraphs hold is not counted here.
    """
    standing = 0
    for item in (item for item in truth if item["file"] in rows):
        text = scorer.plain(rows[item["file"]]["text"])
        genuine = [p.get("fixed") or p["text"] for p in item["paragraphs"] if p["label"] == "genuine"]
        own = "\n".join(map(scorer.plain, genuine))
        gone = [scorer.plain(p["text"]) for p in item["paragraphs"] if p["label"] != "genuine"]
        standing += sum(text.count(piece) > own.count(piece) for piece in gone)
    return standing
