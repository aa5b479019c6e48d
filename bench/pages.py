"""Saved pages by themselves, as `copydesk.extract` reads them: text F1 and metadata by set, by the benchmark's scorer.

The block model was trained on these pages, so the F1 stands higher than on unseen ones; for those see
`bench/train_blocks.py --cross-validate`. The floor is there to notice a fall, not to be quoted.

    python -m bench.pages       # the metadata beside trafilatura's, and what reading it costs beside the parse
"""

from __future__ import annotations

import gzip
import logging
import re
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from selectolax.lexbor import LexborHTMLParser

import copydesk
from bench.shared import SHARED, load_script
from copydesk.extraction import extract
from copydesk.metadata import read_page
from copydesk.settings import Settings

FIGURES = {"f1": "f1", "title": "title", "authors": "authors_exact", "date": "date", "missing": "missing"}


# Matches a title before a name, which both sets annotate now and then: "Dr. Jane Roe".  Not: "Drew Roe".
_TITLE = re.compile(r"Dr\.?\s")


def measure(shared: Path, scratch: Path) -> dict[str, float]:  # noqa: ARG001  # all measures take a scratch folder
    """Per set: shingle F1, shares of exact titles, author sets and dates, and a count of pages without text.

    `persons` is the share of exact author sets once what names no person (`no_persons.toml`) is taken from the
    annotation, `not_named` the share of pages on which we name somebody whom the annotation doesn't.
    """
    data = shared / "extraction"
    scorer = load_script(data / "score.py")
    truth = scorer.read_jsonl(data / "truth.jsonl")
    predictions = [predict(data, row) for row in truth]
    table, _ = scorer.score(truth, predictions)
    figures = {
        f"{name}_{figure}": table[name][key]
        for name in table
        for figure, key in FIGURES.items()
        if table[name][key] is not None
    }
    return figures | _compare_persons(scorer, truth, predictions)


def _compare_persons(
    scorer: ModuleType, truth: Sequence[dict[str, object]], predictions: Sequence[dict[str, object]]
) -> dict[str, float]:
    """Author sets against the persons among the annotated ones, per set."""
    lists = tomllib.loads((Path(__file__).parent / "no_persons.toml").read_text(encoding="utf-8"))
    others = scorer.norm_authors(name for kind, names in lists.items() if kind != "origin" for name in names)
    exact: dict[str, list[bool]] = {}
    invented: dict[str, list[bool]] = {}
    for row, got in zip(truth, predictions, strict=True):
        annotated = row.get("authors")
        if not isinstance(annotated, list):
            continue
        named = scorer.norm_authors(_TITLE.sub("", name) for name in annotated)
        found = scorer.norm_authors(got["authors"])
        exact.setdefault(str(row["set"]), []).append(named - others == found)
        invented.setdefault(str(row["set"]), []).append(bool(found - named))
    return {f"{name}_persons": sum(right) / len(right) for name, right in exact.items()} | {
        f"{name}_not_named": sum(wrong) / len(wrong) for name, wrong in invented.items()
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


def predict_theirs(data: Path, row: dict[str, str]) -> dict[str, object]:
    """One prediction by trafilatura: its authors are one string, parted by semicolons."""
    import trafilatura

    page = gzip.decompress((data / "pages" / row["set"] / f"{row['id']}.html.gz").read_bytes())
    found = trafilatura.extract_metadata(page.decode("utf-8", "replace"), default_url=row["url"])
    return {
        "set": row["set"],
        "id": row["id"],
        "title": found.title,
        "authors": [name.strip() for name in (found.author or "").split(";") if name.strip()],
        "date": found.date,
    }


def measure_reading(data: Path, truth: Sequence[dict[str, str]]) -> tuple[float, float]:
    """Milliseconds of CPU a page: of the parse, and of reading the metadata off the tree of an extracted page."""
    parse = reading = 0.0
    for row in truth:
        packed = (data / "pages" / row["set"] / f"{row['id']}.html.gz").read_bytes()
        page = gzip.decompress(packed).decode("utf-8", "replace")
        start = time.process_time()
        LexborHTMLParser(page)
        parse += time.process_time() - start
        extraction = extract(page, Settings())
        start = time.process_time()
        if extraction.tree is not None:
            read_page(extraction.tree, extraction.classes)
        reading += time.process_time() - start
    return 1000 * parse / len(truth), 1000 * reading / len(truth)


def main() -> int:
    """Prints a line per system; the exit status is 0."""
    logging.disable(logging.CRITICAL)
    data = SHARED / "extraction"
    scorer = load_script(data / "score.py")
    truth = scorer.read_jsonl(data / "truth.jsonl")
    columns = [f"{name}_{field}" for name in ("fundus", "wcxb") for field in ("title", "authors", "persons", "date")]
    print(f"{'metadata':<12}" + "".join(f"{column:>16}" for column in columns))
    for system, reader in (("copydesk", predict), ("trafilatura", predict_theirs)):
        predictions = [reader(data, row) for row in truth]
        table, _ = scorer.score(truth, predictions)
        figures = {f"{name}_{f}": table[name][key] for name in table for f, key in FIGURES.items()}
        figures |= _compare_persons(scorer, truth, predictions)
        print(f"{system:<12}" + "".join(f"{figures[column]:>16.3f}" for column in columns))
    parse, reading = measure_reading(data, truth)
    print(f"milliseconds of CPU a page: parse {parse:.2f}, evidence {reading:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
