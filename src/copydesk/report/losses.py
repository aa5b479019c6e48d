"""What each outlet lost at each stage, beside the median of all outlets: where a rule does too much, it shows here."""

from __future__ import annotations

from collections import Counter
from html import escape
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.report.markup import bar, left_out, scrolling, table_head

TEXT_STAGES = ("extraction", "metadata", "boilerplate", "contamination")
UNKNOWN = "(unknown outlet)"
MOST_OUTLETS = 60
"""Outlets with a row of their own; the rest are named in a line."""
FAR = 2.0
"""A share so many times the median, and at least `FAR_FROM` above it, is marked as worth a look."""
FAR_FROM = 0.05
FEW = 5
"""Outlets with fewer records say nothing about a rule: they don't count in the median and are never marked."""


def losses(articles: pa.Table, duplicates: pa.Table, decisions: pa.Table) -> str:
    """A row per outlet: for each stage the share of its characters that was removed, for copies that of its records.

    `articles` are outlines (`copydesk.running.outline`).
    """
    named = _named(articles, duplicates)
    if not len(named):
        return "<p>No articles.</p>"
    outlets = named["outlet"].combine_chunks().dictionary_encode()
    codes, names = outlets.indices.to_numpy(), outlets.dictionary.to_pylist()
    records = Counter(dict(zip(names, np.bincount(codes).tolist(), strict=True)))
    copies = np.bincount(codes[len(articles) :], minlength=len(names))
    kept = np.bincount(codes[: len(articles)], articles["text_chars"].to_numpy(), len(names))
    removed = _removed_chars(decisions, named["article_id"].combine_chunks(), codes, len(names))
    shares: dict[str, list[float]] = {}
    for code, outlet in enumerate(names):
        lost = removed[code].tolist()
        whole = float(kept[code]) + sum(lost)
        shares[outlet] = [chars / whole if whole else 0.0 for chars in lost] + [int(copies[code]) / records[outlet]]
    many = [outlet for outlet in shares if records[outlet] >= FEW] or list(shares)
    medians = [median(shares[outlet][i] for outlet in many) for i in range(len(TEXT_STAGES) + 1)]
    return _table(shares, records, medians)


def _named(articles: pa.Table, duplicates: pa.Table) -> pa.Table:
    """Id and outlet of each article, then of each copy."""
    columns = ["article_id", "outlet"]
    named = pa.concat_tables([articles.select(columns), duplicates.select(columns)], promote_options="permissive")
    return named.set_column(1, "outlet", pc.fill_null(named["outlet"], UNKNOWN))


def _removed_chars(decisions: pa.Table, ids: pa.Array, codes: NDArray[np.int32], outlets: int) -> NDArray[np.float64]:
    """The characters that each stage removed from the records of each outlet: shape (outlets, stages)."""
    gone = decisions.select(["article_id", "stage", "before"]).filter(pc.equal(decisions["action"], "removed"))
    places = pc.fill_null(pc.index_in(gone["article_id"], value_set=ids), -1).to_numpy()
    stages = pc.fill_null(pc.index_in(gone["stage"], value_set=pa.array(TEXT_STAGES)), -1).to_numpy()
    chars = pc.utf8_length(gone["before"]).to_numpy()
    # Records that became no article have no outlet in the tables.
    known = (places >= 0) & (stages >= 0)
    cells = codes[places[known]] * len(TEXT_STAGES) + stages[known]
    removed: NDArray[np.float64] = np.bincount(cells, chars[known], outlets * len(TEXT_STAGES)).astype(np.float64)
    return removed.reshape(outlets, len(TEXT_STAGES))


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
