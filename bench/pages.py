"""Saved pages by themselves, as `copydesk.extract` reads them: text F1 and metadata by set, with the benchmark's scorer.

The block model was trained on these pages, so the F1 stands higher than on unseen ones: `bench/train_blocks.py
--cross-validate` gives those figures. The floor is there to notice a fall, not to be quoted.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import copydesk
from bench.shared import load_script

FIGURES = {"f1": "f1", "title": "title", "authors": "authors_exact", "date": "date", "missing": "missing"}


def measure(shared: Path, scratch: Path) -> dict[str, float]:  # noqa: ARG001  # all measures take a scratch folder
    """Per set: shingle F1, shares of exact titles, author sets and dates (0 to 1), and pages without a text (a count)."""
    data = shared / "extraction"
    scorer = load_script(data / "score.py")
    truth = scorer.read_jsonl(data / "truth.jsonl")
    table, _ = scorer.score(truth, [predict(data, row) for row in truth])
    return {
        f"{name}_{figure}": table[name][key]
        for name in table
        for figure, key in FIGURES.items()
        if table[name][key] is not None
    }


def predict(data: Path, row: dict[str, str]) -> dict[str, object]:
    """One prediction as the scorer takes it; the deck is part of the body there, and of no text here."""
    page = gzip.decompress((data / "pages" / row["set"] / f"{row['id']}.html.gz").read_bytes())
    [article] = copydesk.extract(page, name=f"{row['id']}.html", url=row["url"])
    known = article.metadata
    return {
        "set": row["set"],
        "id": row["id"],
        "title": known.title,
        "authors": list(known.authors),
        "date": known.published_on.isoformat() if known.published_on else None,
        "body": "\n\n".join(part for part in (known.deck, article.text) if part),
    }
