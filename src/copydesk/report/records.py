"""What became of the records: the flow, the counts, and all that is not in the corpus with its reason."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.article import Outcome
from copydesk.report.flow import flow_svg
from copydesk.report.markup import MOST_ROWS, bars, left_out, scrolling, short, table


def count_values(column: pa.ChunkedArray) -> dict[str, int]:
    """How often each value stands in the column; null counts as the text None."""
    return {str(row["values"]): row["counts"] for row in pc.value_counts(column).to_pylist()}


def records(ledger: pa.Table, duplicates: pa.Table) -> str:
    """The flow of all records, and a table of their outcomes."""
    counts = count_values(ledger["outcome"])
    total = sum(counts.values())
    rows = [(outcome.value.replace("_", " "), counts.get(outcome.value, 0)) for outcome in Outcome]
    drawing = scrolling(flow_svg(counts, count_values(duplicates["kind"])), "Flow of records") if total else ""
    numbers = bars(("outcome", "records", "share"), rows, total)
    return f"<p>{total:,} records.</p>{drawing}{numbers}"


def left_aside(ledger: pa.Table) -> str:
    """Records that are neither published nor copies: by cause, then one by one."""
    out = ledger.filter(~pc.field("outcome").isin([Outcome.CLEAN.value, Outcome.DUPLICATE.value]))
    if not out.num_rows:
        return "<p>Every record could be read and is an article.</p>"
    code = pc.list_element(pc.split_pattern(pc.fill_null(out["reason"], ""), ":", max_splits=1), 0)
    causes = pa.table({"outcome": out["outcome"], "cause": code})
    groups = causes.group_by(["outcome", "cause"]).aggregate([([], "count_all")])
    by_cause = sorted(groups.to_pylist(), key=lambda row: (-row["count_all"], row["outcome"], row["cause"]))
    summary = [(row["outcome"].replace("_", " "), row["cause"], row["count_all"]) for row in by_cause[:MOST_ROWS]]
    listed = out.select(["source_path", "source_record", "outcome", "reason"])
    order = [("source_path", "ascending"), ("source_record", "ascending")]
    rows = listed.sort_by(order).slice(0, MOST_ROWS).to_pylist()
    cells = [
        (r["source_path"], r["source_record"], r["outcome"].replace("_", " "), short(r["reason"]) or "") for r in rows
    ]
    return (
        table(("outcome", "cause", "records"), summary)
        + "<details open><summary>One by one</summary>"
        + table(("file", "record", "outcome", "reason"), cells)
        + left_out(out.num_rows)
        + "</details>"
    )
