"""Where each field of an article comes from, as rows for the column `provenance`.

Only what was taken is listed, one entry per field, so a reader may make a dictionary of it. The rival values that
lost stay with the article's evidence and are shown by `copydesk explain`.
"""

from __future__ import annotations

from typing import Any

from copydesk.article import Article, Evidence

STANDS_IN = {
    "authors": ("byline",),
    "byline": ("authors",),
    "published_on": ("published", "published_at"),
    "published_at": ("published", "published_on"),
    "published_precision": ("published", "published_at", "published_on"),
    "modified_at": ("modified",),
    "canonical_url": ("url",),
    "url_key": ("canonical_url", "url"),
    "outlet_domain": ("outlet", "canonical_url", "url"),
}
"""Fields that are read off others: whose evidence stands for them where they have none of their own."""

FIELDS = (
    "title",
    "deck",
    "authors",
    "byline",
    "outlet",
    "outlet_domain",
    "published_on",
    "published_at",
    "published_precision",
    "modified_at",
    "url",
    "canonical_url",
    "url_key",
    "section",
    "tags",
    "language",
)
"""The fields that evidence is given for, in the order of the columns."""

MOVED = ("captions", "author_bio")
"""The fields that are filled with blocks moved out of the text; decisions say where those come from."""


def provenance_rows(article: Article) -> list[dict[str, Any]]:
    """One entry per field that was found, in the order of the columns; empty where nothing was found."""
    first: dict[str, Evidence] = {}
    for evidence in article.evidence:
        first.setdefault(evidence.field, evidence)
    rows = [row for field in FIELDS if (row := _field_row(article, field, first))]
    return rows + [row for field in MOVED for row in _moved_rows(article, field)]


def _field_row(article: Article, field: str, first: dict[str, Evidence]) -> dict[str, Any] | None:
    value = getattr(article.metadata, field)
    if value in (None, (), "und"):
        return None
    found = next((first[name] for name in (field, *STANDS_IN.get(field, ())) if name in first), None)
    if found is None:
        return None
    shown = found.value if found.field == field else _as_text(value)
    return _row(field, shown, found.source, found.raw, found.confidence)


def _moved_rows(article: Article, field: str) -> list[dict[str, Any]]:
    """One entry for the field: the blocks it holds, by the rule that moved the first of them."""
    places = [place for place, block in enumerate(article.blocks) if block.field == field]
    moves = [d for d in article.decisions if d.field == field and d.paragraph in places]
    if not moves:
        return []
    value = "\n\n".join(article.blocks[place].text for place in places)
    raw = "\n\n".join(move.before for move in moves)
    return [_row(field, value, f"{moves[0].stage}: {moves[0].rule}", raw, moves[0].score)]


def _row(field: str, value: str, source: str, raw: str, confidence: float | None) -> dict[str, Any]:
    # A rule without a score either holds or doesn't: where it held, it is sure.
    sure = 1.0 if confidence is None else confidence
    return {"field": field, "value": value, "source": source, "raw": raw, "confidence": sure}


def _as_text(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
