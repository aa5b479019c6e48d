"""What is known about the articles: which fields, how surely, and in which encodings they came."""

from __future__ import annotations

from html import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.report.diff import inline_html
from copydesk.report.markup import bar, bars, short, table_head
from copydesk.report.records import count_values

FIELDS = (
    *("title", "authors", "byline", "outlet", "published_on", "published_at", "modified_at", "url", "canonical_url"),
    *("deck", "section", "tags", "language"),
)
LEVELS = ((0.9, "0.9 and more"), (0.7, "0.7 to 0.9"), (0.5, "0.5 to 0.7"), (0.0, "below 0.5"))
"""Confidence is drawn in these steps: the first that a value reaches."""


def metadata(articles: pa.Table) -> str:
    """Per field: how many articles have it, and how sure the values are that were taken."""
    levels = _levels(articles["provenance"])
    rows = []
    for name in FIELDS:
        count = _filled(articles[name])
        share = count / articles.num_rows if articles.num_rows else 0.0
        rows.append(
            f"<tr><th scope=row>{escape(name)}</th><td class=n>{count:,}</td>"
            f"<td class=share>{bar(share)}<span>{share:.1%}</span></td><td>{_stack(levels.get(name))}</td></tr>"
        )
    key = "".join(f"<li><i class=c{i}></i>{escape(name)}</li>" for i, (_, name) in enumerate(LEVELS))
    head = table_head(("field", "articles that have it", "share", "confidence of the value taken"))
    return f"<table id=metadata>{head}{''.join(rows)}</table><ul class=key>{key}</ul>"


def _filled(column: pa.ChunkedArray) -> int:
    if pa.types.is_list(column.type):
        return int(pc.sum(pc.greater(pc.list_value_length(column), 0)).as_py() or 0)
    filled = pc.is_valid(column)
    if pa.types.is_string(column.type):
        named = pc.and_(pc.not_equal(column, ""), pc.not_equal(column, "und"))
        filled = pc.and_(filled, pc.fill_null(named, False))
    return int(pc.sum(filled).as_py() or 0)


def _levels(provenance: pa.ChunkedArray) -> dict[str, list[int]]:
    """Per field, the number of values taken at each level of confidence. The winner is a field's first entry."""
    whole = provenance.combine_chunks()
    entries = pc.list_flatten(whole)
    if not len(entries):
        return {}
    fields = pc.dictionary_encode(pc.struct_field(entries, "field"))
    codes = fields.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    names = fields.dictionary.to_pylist()
    keys = pc.list_parent_indices(whole).to_numpy(zero_copy_only=False).astype(np.int64) * len(names) + codes
    first = np.unique(keys, return_index=True)[1]
    sure = pc.struct_field(entries, "confidence").to_numpy(zero_copy_only=False)[first]
    steps = np.select([sure >= limit for limit, _ in LEVELS], list(range(len(LEVELS))), len(LEVELS) - 1)
    return {
        name: np.bincount(steps[(codes[first] == code) & (sure > 0)], minlength=len(LEVELS)).tolist()
        for code, name in enumerate(names)
    }


def _stack(counts: list[int] | None) -> str:
    total = sum(counts or ())
    if not counts or not total:
        return ""
    x, drawn = 0.0, []
    for i, count in enumerate(counts):
        width = count / total * 100
        title = f"<title>{LEVELS[i][1]}: {count:,}</title>"
        drawn.append(f'<rect class=c{i} x="{x:.2f}" width="{width:.2f}" height="10">{title}</rect>')
        x += width
    label = ", ".join(f"{LEVELS[i][1]}: {count:,}" for i, count in enumerate(counts) if count)
    return (
        f'<svg class=stack viewBox="0 0 100 10" preserveAspectRatio=none role=img aria-label="{escape(label)}">'
        f"{''.join(drawn)}</svg>"
    )


def encodings(articles: pa.Table, decisions: pa.Table) -> str:
    """The encodings of the articles, and what was repaired in their characters, with an example of each."""
    found = count_values(articles["source_encoding"])
    rows = sorted(((name or "(text already)", count) for name, count in found.items()), key=lambda r: (-r[1], r[0]))
    repaired = decisions.filter(pc.field("stage") == "encoding").sort_by([("article_id", "ascending")])
    return bars(("encoding", "articles", "share"), rows, articles.num_rows) + _repairs(repaired)


def _repairs(repaired: pa.Table) -> str:
    if not repaired.num_rows:
        return "<p>No damage was found in the characters.</p>"
    counts = sorted(count_values(repaired["rule"]).items(), key=lambda item: (-item[1], item[0]))
    rows = []
    for rule, count in counts:
        example = repaired.filter(pc.field("rule") == rule).slice(0, 1).to_pylist()[0]
        shown = inline_html(short(example["before"]) or "", short(example["after"]) or "")
        rows.append(f"<tr><th scope=row>{escape(rule)}</th><td class=n>{count:,}</td><td>{shown}</td></tr>")
    return f"<h3>Repairs</h3><table>{table_head(('rule', 'times', 'an example'))}{''.join(rows)}</table>"
