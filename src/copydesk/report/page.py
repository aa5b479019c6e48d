"""The page about a run: one self-contained HTML file made from the tables alone.

No script, no request, nothing from elsewhere: it opens offline, prints, follows light and dark, and can be read on a
phone and with a keyboard. Everything that comes out of the corpus is escaped where it enters the page (`_cell`), so a
headline that holds markup stays a headline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.article import Outcome
from copydesk.errors import UsageError
from copydesk.writing import TABLES, current_snapshot, open_corpus, put_report

Tables = Mapping[str, pa.Table]

SAMPLES_PER_RULE = 3
"""Removed spans shown per rule: enough to judge it, few enough to read all rules."""
LARGEST_CLUSTERS = 20
"""Duplicate clusters shown."""
SHOWN_CHARS = 240
"""How much of a span is shown; the tables hold all of it."""
MOST_ROWS = 200
"""Rows of one list on the page, so that its size doesn't grow with the corpus."""


def render_page(tables: Tables, *, title: str, facts: Sequence[tuple[str, str]]) -> str:
    """The report as HTML. `tables` are the four published tables, `facts` what is known of the run itself.

    An empty corpus gives a page that says so in every part.
    """
    sections = (
        ("Records", _outcomes(tables["ledger"])),
        ("Outlets", _outlets(tables["articles"])),
        ("Metadata", _coverage(tables["articles"])),
        ("What was taken away", _rules(tables["decisions"])),
        ("Duplicates", _clusters(tables["duplicates"], tables["articles"])),
        ("Not in the corpus", _reasons(tables["ledger"])),
        ("This run", _table(("", ""), facts)),
    )
    body = "".join(
        f'<section id="s{i}"><h2>{escape(name)}</h2>{html}</section>' for i, (name, html) in enumerate(sections)
    )
    links = "".join(f'<a href="#s{i}">{escape(name)}</a>' for i, (name, _) in enumerate(sections))
    style = files("copydesk").joinpath("data/report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body><header><h1>{escape(title)}</h1><nav>{links}</nav></header><main>{body}</main></body></html>\n"
    )


def report_again(clean: Path) -> Path:
    """The path of the page about the published run, made from its tables and put in the place of the old one.

    Raises UsageError where nothing is published.
    """
    snapshot = current_snapshot(clean)
    if snapshot is None:
        raise UsageError(f"nothing is published at {clean}; run `copydesk clean` first, or name another --clean")
    corpus = open_corpus(clean)
    tables = {name: getattr(corpus, name).to_table() for name in TABLES}
    manifest = snapshot.manifest
    facts = (
        ("run", snapshot.run_id),
        ("started", manifest.created.isoformat(timespec="seconds")),
        ("version", manifest.package_version),
        ("settings", manifest.settings_digest),
    )
    page = render_page(tables, title=f"copydesk run {snapshot.run_id}", facts=facts).encode()
    put_report(clean, f"{snapshot.run_id}.html", page)
    return put_report(clean, "latest.html", page)


def _outcomes(ledger: pa.Table) -> str:
    counts = _counts(ledger["outcome"])
    total = sum(counts.values())
    rows = [(outcome.value, counts.get(outcome.value, 0)) for outcome in Outcome]
    return f"<p>{total:,} records.</p>" + _bars(("outcome", "records", "share"), rows, total)


def _outlets(articles: pa.Table) -> str:
    counts = _counts(pc.fill_null(articles["outlet"], "(unknown)"))
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return _bars(("outlet", "articles", "share"), rows[:MOST_ROWS], articles.num_rows) + _rest(len(rows))


def _coverage(articles: pa.Table) -> str:
    columns = ("title", "authors", "outlet", "published_on", "published_at", "url", "deck", "section", "language")
    rows = [(name, _filled(articles[name])) for name in columns]
    return _bars(("field", "articles that have it", "share"), rows, articles.num_rows)


def _filled(column: pa.ChunkedArray) -> int:
    if pa.types.is_list(column.type):
        return int(pc.sum(pc.greater(pc.list_value_length(column), 0)).as_py() or 0)
    filled = pc.is_valid(column)
    if pa.types.is_string(column.type):
        named = pc.and_(pc.not_equal(column, ""), pc.not_equal(column, "und"))
        filled = pc.and_(filled, pc.fill_null(named, False))
    return int(pc.sum(filled).as_py() or 0)


def _rules(decisions: pa.Table) -> str:
    if not decisions.num_rows:
        return "<p>Nothing was removed, moved or repaired.</p>"
    keys = ["stage", "action", "label", "rule"]
    groups = (
        decisions.group_by(keys)
        .aggregate([("before", "count")])
        .sort_by([("before_count", "descending"), *((key, "ascending") for key in keys)])
    )
    return "".join(_rule(decisions, row) for row in groups.slice(0, MOST_ROWS).to_pylist()) + _rest(groups.num_rows)


def _rule(decisions: pa.Table, row: Mapping[str, object]) -> str:
    where = pc.field("rule") == row["rule"]
    for key in ("stage", "action", "label"):
        where &= pc.field(key) == row[key]
    # The borderline ones first: the lowest scores are the ones a person should look at.
    order = [("score", "ascending"), ("article_id", "ascending"), ("paragraph", "ascending")]
    samples = decisions.filter(where).sort_by(order).slice(0, SAMPLES_PER_RULE).to_pylist()
    shown = _table(
        ("article", "score", "before", "after"),
        [(s["source_path"], _number(s["score"]), _short(s["before"]), _short(s["after"])) for s in samples],
    )
    name = escape(f"{row['rule']}: {row['action']} as {row['label']} ({row['stage']})")
    return f"<details><summary>{name} <b>{row['before_count']:,}</b></summary>{shown}</details>"


def _clusters(duplicates: pa.Table, articles: pa.Table) -> str:
    if not duplicates.num_rows:
        return "<p>No duplicates.</p>"
    kinds = sorted(_counts(duplicates["kind"]).items())
    sizes = sorted(_counts(duplicates["canonical_id"]).items(), key=lambda item: (-item[1], item[0]))[:LARGEST_CLUSTERS]
    chosen = articles.filter(pc.is_in(articles["article_id"], pa.array([name for name, _ in sizes], pa.string())))
    titles = dict(zip(chosen["article_id"].to_pylist(), chosen["title"].to_pylist(), strict=True))
    html = _bars(("kind", "copies", "share"), kinds, duplicates.num_rows)
    for survivor, size in sizes:
        copies = duplicates.filter(pc.field("canonical_id") == survivor).sort_by("article_id").slice(0, MOST_ROWS)
        rows = [
            (c["source_path"], c["kind"], _number(c["jaccard"]), _number(c["containment"]), c["outlet"])
            for c in copies.to_pylist()
        ]
        table = _table(("copy", "kind", "Jaccard", "containment", "outlet"), rows)
        html += (
            f"<details><summary>{escape(titles.get(survivor) or survivor)} <b>{size:,}</b></summary>{table}</details>"
        )
    return html


def _reasons(ledger: pa.Table) -> str:
    out = ledger.filter(~pc.field("outcome").isin([Outcome.CLEAN.value, Outcome.DUPLICATE.value]))
    rows = out.select(["source_path", "source_record", "outcome", "reason"]).slice(0, MOST_ROWS).to_pylist()
    if not rows:
        return "<p>Every record could be read and is an article.</p>"
    cells = [(r["source_path"], r["source_record"], r["outcome"], r["reason"]) for r in rows]
    return _table(("file", "record", "outcome", "reason"), cells) + _rest(out.num_rows)


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    return {str(row["values"]): row["counts"] for row in pc.value_counts(column).to_pylist()}


def _bars(head: Sequence[str], rows: Iterable[tuple[str, int]], total: int) -> str:
    lines = []
    for name, count in rows:
        share = count / total if total else 0.0
        meter = f'<meter value="{share:.4f}" aria-label="{share:.1%}"></meter>'
        lines.append(f"<tr><th scope=row>{escape(name)}</th><td>{count:,}</td><td>{meter} {share:.1%}</td></tr>")
    return f"<table>{_head(head)}{''.join(lines)}</table>"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return f"<table>{_head(head)}{''.join('<tr>' + ''.join(map(_cell, row)) + '</tr>' for row in rows)}</table>"


def _head(names: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<th scope=col>{escape(name)}</th>" for name in names) + "</tr>"


def _cell(value: object) -> str:
    return f"<td>{'' if value is None else escape(str(value))}</td>"


def _rest(count: int) -> str:
    return f"<p>{count - MOST_ROWS:,} more in the tables.</p>" if count > MOST_ROWS else ""


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"


def _short(text: str | None) -> str | None:
    return text if text is None or len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"
