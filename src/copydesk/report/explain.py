"""Everything that happened to one record, as a person reads it.

`explain` answers from the published tables alone: what became of the record and why, where each field comes
from and what the rival values were, what was removed, moved or repaired and by which rule, what it is
a copy of, and what is a copy of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow.compute as pc
import pyarrow.dataset as ds

from copydesk.errors import UsageError
from copydesk.writing import Corpus

Row = Mapping[str, Any]

SHOWN_CHARS = 160
"""How much of a removed span is shown: enough to know it again; the tables hold all of it."""

FIELDS = ("title", "deck", "byline", "authors", "outlet", "published_on", "published_at", "url", "section", "language")


def explain(corpus: Corpus, name: str) -> str:
    """What the tables say about the record with this id or source path, one paragraph per part.

    A path with several records gives one account for each. Raises UsageError if no record has the name.
    """
    entries = _rows(corpus.ledger, (pc.field("article_id") == name) | (pc.field("source_path") == name))
    if not entries:
        raise UsageError(f"no record {name!r} in this corpus; give an article_id or a source_path from the ledger")
    entries.sort(key=lambda row: (row["source_path"], row["source_record"]))
    return "\n\n".join("\n".join(_account(corpus, entry)) for entry in entries)


def _account(corpus: Corpus, entry: Row) -> Iterator[str]:
    yield f"{entry['source_path']} (record {entry['source_record']})"
    yield f"  id       {entry['article_id']}"
    reason = f" ({entry['reason']})" if entry["reason"] else ""
    yield f"  outcome  {entry['outcome']}{reason}"
    here = pc.field("article_id") == entry["article_id"]
    for article in _rows(corpus.articles, here):
        yield from _fields(article)
        yield from _copies(article)
    for link in _rows(corpus.duplicates, here):
        yield (
            f"  {link['kind']} copy of {link['canonical_source_path']} ({link['canonical_id']}): "
            f"Jaccard {link['jaccard']:.2f}, containment {link['containment']:.2f}"
        )
    yield from _decisions(_rows(corpus.decisions, here))


def _fields(article: Row) -> Iterator[str]:
    evidence = article["provenance"] or []
    for field in FIELDS:
        value = article[field]
        if value is None or value == []:
            continue
        yield f"  {field:<12} {value if not isinstance(value, list) else ', '.join(value)}"
        for item in (e for e in evidence if e["field"] == field):
            mark = "from" if str(item["value"]) == str(value) or field == "authors" else "rival"
            yield f"      {mark} {item['source']} ({item['confidence']:.2f}): {_short(item['raw'])}"


def _copies(article: Row) -> Iterator[str]:
    for copy in article["also_published"] or []:
        known = [str(copy[key]) for key in ("outlet", "published_on", "url") if copy[key]]
        yield f"  also published as {copy['article_id']}" + (f": {', '.join(known)}" if known else "")


def _decisions(decisions: list[Row]) -> Iterator[str]:
    if decisions:
        yield f"  {len(decisions)} decisions"
    for row in sorted(decisions, key=lambda r: -1 if r["paragraph"] is None else r["paragraph"]):
        place = "field" if row["paragraph"] is None else f"paragraph {row['paragraph']}"
        score = f", score {row['score']:.3f}" if row["score"] is not None else ""
        yield f"  [{place}] {row['action']} as {row['label']} by {row['stage']}: {row['rule']}{score}"
        yield f"      - {_short(row['before'])}"
        if row["after"] is not None and row["after"] != row["before"]:
            yield f"      + {_short(row['after'])}"


def _short(text: str | None) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= SHOWN_CHARS else line[: SHOWN_CHARS - 1] + "…"


def _rows(table: ds.Dataset, where: pc.Expression) -> list[Row]:
    return list(table.to_table(filter=where).to_pylist())
