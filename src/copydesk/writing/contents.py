"""What a snapshot holds, counted from columns of few bytes, never from texts: for the card that lies beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

UNKNOWN = "(unknown)"

Counts = tuple[tuple[str, int], ...]
"""Names with how many there are, the most frequent first, then by name."""

COLUMNS = {
    "articles": ["outlet", "language", "published_on", "authors", "word_count"],
    "duplicates": ["kind"],
    "decisions": ["stage", "action", "label", "rule"],
    "ledger": ["outcome", "reason"],
}


@dataclass(frozen=True, slots=True)
class Contents:
    """Counts of a snapshot. `rules` are (action, stage, label, rule) with their spans, `reasons` (outcome, cause)."""

    outlets: Counts
    languages: Counts
    years: Counts
    kinds: Counts
    rules: tuple[tuple[tuple[str, ...], int], ...]
    reasons: tuple[tuple[tuple[str, ...], int], ...]
    words: int
    without_authors: int
    without_day: int


def count_contents(tables: Mapping[str, pa.Table]) -> Contents:
    """The counts of a snapshot with these tables, of which `COLUMNS` are looked at. One without rows gives zeros and no
    names.
    """
    articles, decisions, ledger = tables["articles"], tables["decisions"], tables["ledger"]
    aside = ledger.filter(pc.invert(pc.is_in(ledger["outcome"], value_set=pa.array(["clean", "duplicate"]))))
    # Reasons begin with a code, then say more: "binary: PNG image".
    cause = pc.list_element(pc.split_pattern(pc.fill_null(aside["reason"], ""), ":", max_splits=1), 0)
    authors = pc.fill_null(pc.list_value_length(articles["authors"]), 0)
    return Contents(
        outlets=_count(articles["outlet"]),
        languages=_count(articles["language"]),
        years=_years(articles["published_on"]),
        kinds=_count(tables["duplicates"]["kind"]),
        rules=_count_together(decisions, ("action", "stage", "label", "rule")),
        reasons=_count_together(pa.table({"outcome": aside["outcome"], "cause": cause}), ("outcome", "cause")),
        words=int(pc.sum(articles["word_count"]).as_py() or 0),
        without_authors=int(pc.sum(pc.equal(authors, 0)).as_py() or 0),
        without_day=articles["published_on"].null_count,
    )


def _count(column: pa.ChunkedArray) -> Counts:
    found = pc.value_counts(pc.fill_null(column, UNKNOWN)).to_pylist()
    return tuple(sorted(((row["values"], row["counts"]) for row in found), key=_by_frequency))


def _years(days: pa.ChunkedArray) -> Counts:
    # Numbers are counted, and the few different ones named: to write the year of each day took as long as all the rest.
    found = pc.value_counts(pc.year(days)).to_pylist()
    named = ((UNKNOWN if row["values"] is None else f"{row['values']:04d}", row["counts"]) for row in found)
    return tuple(sorted(named, key=_by_year))


def _count_together(table: pa.Table, names: Sequence[str]) -> tuple[tuple[tuple[str, ...], int], ...]:
    groups: Iterable[dict[str, object]] = table.group_by(list(names)).aggregate([([], "count_all")]).to_pylist()
    rows = [(tuple(str(row[name]) for name in names), int(str(row["count_all"]))) for row in groups]
    return tuple(sorted(rows, key=_by_frequency))


def _by_year(row: tuple[str, int]) -> tuple[bool, str]:
    return row[0] == UNKNOWN, row[0]


def _by_frequency(row: tuple[object, int]) -> tuple[int, object]:
    return -row[1], row[0]
