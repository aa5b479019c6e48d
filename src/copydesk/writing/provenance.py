"""Where each field of an article comes from, as rows for the column `provenance`.

For each field the value that was taken comes first, then its rivals: values of other sources that lost, and values that
were refused (confidence 0, the reason behind the source). So the first entry of a field that is not null is
its origin, and a field that is null may still have entries that say why nothing was taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from copydesk.article import Article, Evidence

STANDS_IN = {
    "authors": ("byline",),
    "byline": ("authors", "credited"),
    "published_on": ("published", "published_at"),
    "published_at": ("published", "published_on"),
    "published_precision": ("published", "published_at", "published_on"),
    "modified_at": ("modified",),
    "canonical_url": ("canonical", "url"),
    "url_key": ("canonical", "url"),
    "outlet_domain": ("outlet", "canonical", "url"),
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


RENAMED = {"published": "published_on", "modified": "modified_at", "canonical": "canonical_url"}
"""Evidence that goes by another name than its column, or is about several: it stands under the one that every value of
it can fill."""


ENTRY = ("field", "value", "source", "raw", "confidence")
"""The members of an entry, in their order."""

Entry = tuple[str, str, str, str, float]

_ORIGINS = tuple((field, *STANDS_IN.get(field, ())) for field in FIELDS)
_NAMES = tuple((field, *(name for name, column in RENAMED.items() if column == field)) for field in FIELDS)
_NAMED = frozenset((*FIELDS, *RENAMED))
"""By field: the evidence that its value may come from, and all that is about it; and all that is about any."""

_NOTHING = frozenset((None, (), "und"))
"""Values that say that nothing was taken."""

_values_of = attrgetter(*FIELDS)


def provenance_rows(article: Article) -> list[Entry]:
    """The entries of one article: fields in the order of the columns, the winner of each first; empty without evidence.

    Evidence about other things than fields (flags of paragraphs) comes last. As tuples, since a corpus has ten for
    each article, and as dictionaries they took twice as long to make and to put into a column.
    """
    by_field: dict[str, list[Evidence]] = {}
    for evidence in article.evidence:
        by_field.setdefault(evidence.field, []).append(evidence)
    rows: list[Entry] = []
    for field, value, origins, names in zip(FIELDS, _values_of(article.metadata), _ORIGINS, _NAMES, strict=True):
        taken = value not in _NOTHING
        if taken and (found := _winner(origins, by_field)):
            # The value of the column, not of the evidence: a line that names two people may have given one author.
            rows.append((field, _as_text(value), found.source, found.raw, found.confidence))
        for name in names:  # Evidence beside the winner; all of it where nothing was taken.
            if about := by_field.get(name):
                rows += [(field, e.value, e.source, e.raw, e.confidence) for e in about[taken:]]
    filled = {block.field for block in article.blocks}
    rows += [row for field in MOVED if field in filled for row in _moved_rows(article, field)]
    others = [e for field, about in by_field.items() if field not in _NAMED for e in about]
    return rows + [(e.field, e.value, e.source, e.raw, e.confidence) for e in others]


def _winner(origins: Sequence[str], by_field: Mapping[str, Sequence[Evidence]]) -> Evidence | None:
    for name in origins:
        if name in by_field:
            return by_field[name][0]
    return None


def _moved_rows(article: Article, field: str) -> list[Entry]:
    """One entry for the field: the blocks it holds, by the rule that moved the first of them."""
    places = [place for place, block in enumerate(article.blocks) if block.field == field]
    moves = [d for d in article.decisions if d.field == field and d.paragraph in places]
    if not moves:
        return []
    value = "\n\n".join(article.blocks[place].text for place in places)
    raw = "\n\n".join(move.before for move in moves)
    # A rule without a score either holds or doesn't: where it held, it is sure.
    sure = 1.0 if moves[0].score is None else moves[0].score
    return [(field, value, f"{moves[0].stage}: {moves[0].rule}", raw, sure)]


def _as_text(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
