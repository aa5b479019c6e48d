#!/usr/bin/env python3
"""Text quality and speed of extraction beside trafilatura, on the same pages in the same process, page by page in turn.

    python bench/extraction.py --data DIR [--limit N] [--cross-validated FILE]

DIR holds `pages/`, `truth.jsonl` and `score.py`. The shipped weights were trained on these pages too, so their F1 here
is too good. `--cross-validated` names what `bench/train_blocks.py --cross-validate FILE` wrote, where each page was
judged by a model that saw no page of its domain: those are the figures to quote.

CPU time is that of this process. Ours is parse, extraction and the reading of the metadata where that stage is there;
theirs is `trafilatura.bare_extraction(..., with_metadata=True)`.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import copydesk.metadata
from copydesk.extraction import Extraction, extract
from copydesk.extraction.compiled import PACE
from copydesk.settings import ExtractionSettings, Settings

SYSTEMS = ("ours", "ours_with_deck", "ours_without_lists", "trafilatura")


def load_scorer(data: Path) -> ModuleType:
    """The benchmark's own scorer."""
    spec = importlib.util.spec_from_file_location("score", data / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_ours(html: str, url: str | None) -> Extraction:
    """One page through extraction, and through the reading of metadata if the package has it."""
    extraction = extract(html, Settings(), url=url)
    read_page: Callable[[Any], Any] | None = getattr(copydesk.metadata, "read_page", None)
    if read_page is not None and extraction.tree is not None:
        read_page(extraction.tree, extraction.classes)
    return extraction


def body_of(extraction: Extraction, labels: tuple[str, ...]) -> str:
    """The blocks with these labels as one text."""
    return "\n\n".join(block.text for block in extraction.blocks if block.label in labels)


def measure(
    data: Path, limit: int | None
) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]], dict[str, float]]:
    """The truth, the predictions of each system, and the CPU seconds of both."""
    import trafilatura

    logging.disable(logging.CRITICAL)
    PACE.is_fast = True  # the first page compiles what isn't kept on disk, and isn't counted
    truth = [json.loads(line) for line in (data / "truth.jsonl").read_text("utf-8").split("\n") if line]
    step = max(1, len(truth) // limit) if limit else 1
    truth = truth[::step]
    predictions: dict[str, list[dict[str, Any]]] = {name: [] for name in SYSTEMS}
    seconds = {"ours": 0.0, "trafilatura": 0.0}
    without_lists = Settings(extraction=ExtractionSettings(list_items=False))
    for warm, page in enumerate([truth[0], *truth]):
        path = data / "pages" / page["set"] / f"{page['id']}.html.gz"
        html = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        start = time.process_time()
        extraction = run_ours(html, page["url"])
        middle = time.process_time()
        theirs = trafilatura.bare_extraction(html, with_metadata=True, include_comments=False)
        end = time.process_time()
        if not warm:
            continue
        seconds["ours"] += middle - start
        seconds["trafilatura"] += end - middle
        bodies = {
            "ours": body_of(extraction, ("body",)),
            "ours_with_deck": body_of(extraction, ("body", "deck")),
            "ours_without_lists": body_of(extract(html, without_lists, url=page["url"]), ("body",)),
            "trafilatura": (theirs.text or "") if theirs else "",
        }
        for name, body in bodies.items():
            predictions[name].append({"set": page["set"], "id": page["id"], "body": body})
    return truth, predictions, seconds


def main() -> None:
    """Print the table of F1 and the ratio of speeds."""
    default = Path(__file__).resolve().parents[2] / "shared/bench/extraction"
    parser = argparse.ArgumentParser(description="Extraction beside trafilatura")
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--limit", type=int, help="about so many pages, evenly spread")
    parser.add_argument("--cross-validated", type=Path, help="predictions by bench/train_blocks.py --cross-validate")
    arguments = parser.parse_args()
    scorer = load_scorer(arguments.data)
    truth, predictions, seconds = measure(arguments.data, arguments.limit)
    if arguments.cross_validated:
        lines = arguments.cross_validated.read_text("utf-8").split("\n")
        predictions["cross_validated"] = [json.loads(line) for line in lines if line]
    tables = {name: scorer.score(truth, found)[0] for name, found in predictions.items()}
    sets = list(tables["ours"])
    print(f"{'body F1':20}" + "".join(f"{name:>9}" for name in sets))
    for name, table in tables.items():
        print(f"{name:20}" + "".join(f"{table[key]['f1']:9.4f}" for key in sets))
    ours, theirs = (len(truth) / seconds[name] for name in ("ours", "trafilatura"))
    print(f"pages per CPU-second: {ours:.0f}, trafilatura {theirs:.0f}, ratio {ours / theirs:.1f}", file=sys.stdout)


if __name__ == "__main__":
    main()
