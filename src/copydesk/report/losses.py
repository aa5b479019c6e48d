"""What each outlet lost at each stage, beside the median of all outlets: where a rule does too much, it shows here."""

from __future__ import annotations

from collections import Counter
from html import escape
from statistics import median

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.report.markup import bar, left_out, scrolling, table_head

TEXT_STAGES = ("extraction", "metadata", "boilerplate", "contamination")
UNKNOWN = "(unknown outlet)"
MOST_OUTLETS = 60
FAR = 2.0
"""A share so many times the median, and at least `FAR_FROM` above it, is marked as worth a look."""
FAR_FROM = 0.05
FEW = 5
"""Outlets with fewer records say nothing about a rule: they don't count in the median and are never marked."""


def losses(articles: pa.Table, duplicates: pa.Table, decisions: pa.Table) -> str:
    """A row per outlet: for each stage the share of its characters that was removed, for copies that of its records.

    `articles` are outlines (`copydesk.outline`).
    """
    outlet_of = dict(zip(*_ids(articles), strict=True)) | dict(zip(*_ids(duplicates), strict=True))
    records = Counter(outlet_of.values())
    if not records:
        return "<p>No articles.</p>"
    copies = Counter(_ids(duplicates)[1])
    kept = _kept_chars(articles)
    removed = _removed_chars(decisions, outlet_of)
    shares: dict[str, list[float]] = {}
    for outlet in records:
        lost = [removed[outlet, stage] for stage in TEXT_STAGES]
        whole = kept[outlet] + sum(lost)
        shares[outlet] = [chars / whole if whole else 0.0 for chars in lost] + [copies[outlet] / records[outlet]]
    many = [outlet for outlet in shares if records[outlet] >= FEW] or list(shares)
    medians = [median(shares[outlet][i] for outlet in many) for i in range(len(TEXT_STAGES) + 1)]
    return _table(shares, records, medians)


def _ids(table: pa.Table) -> tuple[list[str], list[str]]:
    return table["article_id"].to_pylist(), pc.fill_null(table["outlet"], UNKNOWN).to_pylist()


def _kept_chars(articles: pa.Table) -> Counter[str]:
    kept: Counter[str] = Counter()
    for outlet, chars in zip(_ids(articles)[1], articles["text_chars"].to_pylist(), strict=True):
        kept[outlet] += chars
    return kept


def _removed_chars(decisions: pa.Table, outlet_of: dict[str, str]) -> Counter[tuple[str, str]]:
    gone = decisions.filter(pc.field("action") == "removed")
    gone = gone.append_column("chars", pc.utf8_length(gone["before"]))
    removed: Counter[tuple[str, str]] = Counter()
    for row in gone.group_by(["article_id", "stage"]).aggregate([("chars", "sum")]).to_pylist():
        # Records that became no article have no outlet in the tables.
        if row["article_id"] in outlet_of:
            removed[outlet_of[row["article_id"]], row["stage"]] += row["chars_sum"]
    return removed


def _table(shares: dict[str, list[float]], records: Counter[str], medians: list[float]) -> str:
    order = sorted(shares, key=lambda outlet: (-records[outlet], outlet))
    head = table_head(("outlet", "records", *(f"{stage}, characters" for stage in TEXT_STAGES), "copies, records"))
    middle = "".join(f"<td class=share>{bar(share)}<span>{share:.1%}</span></td>" for share in medians)
    rows = [f"<tr class=median><th scope=row>median of outlets</th><td></td>{middle}</tr>"]
    for outlet in order[:MOST_OUTLETS]:
        cells = zip(shares[outlet], medians, strict=True)
        marked = records[outlet] >= FEW
        drawn = "".join(_cell(share, middle, marked) for share, middle in cells)
        rows.append(f"<tr><th scope=row>{escape(outlet)}</th><td class=n>{records[outlet]:,}</td>{drawn}</tr>")
    rest = left_out(len(order), MOST_OUTLETS)
    return scrolling(f"<table id=losses>{head}{''.join(rows)}</table>", "Losses by outlet and stage") + rest


def _cell(share: float, middle: float, marked: bool) -> str:
    far = marked and share > max(middle * FAR, middle + FAR_FROM)
    word = " <b title='far above the median'>▲</b>" if far else ""
    return f"<td class='share{' far' if far else ''}'>{bar(share, middle)}<span>{share:.1%}{word}</span></td>"
