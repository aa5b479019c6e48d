"""What is known about the articles: which fields, how surely, and in which encodings they came."""

from __future__ import annotations

from html import escape

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.report.diff import inline_html
from copydesk.report.markup import bar, bars, short, table_head
from copydesk.report.records import count_values
from copydesk.running.outline import FIELDS, count_levels, has_field

LEVELS = ("0.9 and more", "0.7 to 0.9", "0.5 to 0.7", "below 0.5")
"""How the steps of `copydesk.running.outline.CONFIDENCES` are named."""


def metadata(articles: pa.Table) -> str:
    """Per field: how many articles have it, and how sure the values are that were taken. `articles` are outlines."""
    rows = []
    for name in FIELDS:
        count = int(has_field(articles, name).sum())
        share = count / articles.num_rows if articles.num_rows else 0.0
        levels = _stack(count_levels(articles, name))
        rows.append(
            f"<tr><th scope=row>{escape(name)}</th><td class=n>{count:,}</td>"
            f"<td class=share>{bar(share)}<span>{share:.1%}</span></td><td>{levels}</td></tr>"
        )
    key = "".join(f"<li><i class=c{i}></i>{escape(name)}</li>" for i, name in enumerate(LEVELS))
    head = table_head(("field", "articles that have it", "share", "confidence of the value taken"))
    return f"<table id=metadata>{head}{''.join(rows)}</table><ul class=key>{key}</ul>"


def _stack(counts: list[int]) -> str:
    total = sum(counts)
    if not total:
        return ""
    x, drawn = 0.0, []
    for i, count in enumerate(counts):
        width = count / total * 100
        title = f"<title>{LEVELS[i]}: {count:,}</title>"
        drawn.append(f'<rect class=c{i} x="{x:.2f}" width="{width:.2f}" height="10">{title}</rect>')
        x += width
    label = ", ".join(f"{LEVELS[i]}: {count:,}" for i, count in enumerate(counts) if count)
    return (
        f'<svg class=stack viewBox="0 0 100 10" preserveAspectRatio=none role=img aria-label="{escape(label)}">'
        f"{''.join(drawn)}</svg>"
    )


def encodings(articles: pa.Table, decisions: pa.Table) -> str:
    """The encodings of the articles, and what was repaired in their characters, with an example of each."""
    found = count_values(articles["source_encoding"])
    rows = sorted(((name or "(text already)", count) for name, count in found.items()), key=lambda r: (-r[1], r[0]))
    repaired = decisions.filter(pc.equal(decisions["stage"], "encoding")).sort_by([("article_id", "ascending")])
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
