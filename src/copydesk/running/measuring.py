"""Judged tables → what the gates compare, and which records stand behind a gate.

Everything is measured twice: over the corpus, and over the records that the published corpus doesn't have yet. A feed
that breaks tonight moves the share of a corpus of years by a thousandth, and that of tonight's records by half.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.article import Action, Outcome
from copydesk.running.gates import ROWS, Gate, Measure
from copydesk.running.outline import has_field
from copydesk.sheets import write_sheet

Tables = Mapping[str, pa.Table]

DROPPED = (Outcome.QUARANTINED, Outcome.NO_ARTICLE, Outcome.OFF_TOPIC)
"""Outcomes by which a record leaves without anything of it staying: a duplicate's survivor stays."""

MOST_LISTED = 10_000
"""Records listed for one gate: what a person can sort and filter; the tables of a dry run hold no more."""

COLUMNS = ("gate", "source_path", "source_record", "article_id", "outcome", "detail")


def measure(tables: Tables, outlets: pa.Table, published: pa.Table | None) -> dict[str, Measure]:
    """The measures of a run by name. `published` is the ledger (article_id, outcome) of the published corpus.

    Without one, or with an empty one, nothing is told of new records: all are. In the place of articles stand their
    outlines (`copydesk.running.outline`); `outlets` (article_id, outlet) are those of records that have one.
    """
    found = _measure_scope("corpus", tables, outlets)
    if published is None or not published.num_rows:
        return found
    ledger = tables["ledger"]
    fresh = ledger.filter(pc.invert(_among(ledger, _ids(published))))
    # All others by the ids of these, which are few: to look among all that were known took each table as long as this.
    new = _ids(fresh)
    rest = {name: table.filter(_among(table, new)) for name, table in tables.items() if name != "ledger"}
    return found | _measure_scope("new", {"ledger": fresh, **rest}, outlets.filter(_among(outlets, new)))


def _measure_scope(scope: str, tables: Tables, outlets: pa.Table) -> dict[str, Measure]:
    ledger, articles = tables["ledger"], tables["articles"]
    records, rows = ledger.num_rows, articles.num_rows
    counts = _counts(ledger["outcome"])
    found = {str(name): Measure(counts.get(name, 0), records) for name in (*DROPPED, Outcome.DUPLICATE)}
    found["dropped"] = Measure(sum(counts.get(name, 0) for name in DROPPED), records)
    found["no_authors"] = Measure(rows - int(has_field(articles, "authors").sum()), rows)
    found["no_date"] = Measure(articles["published_on"].null_count, rows)
    found |= _measure_removed(tables["decisions"], articles) | _measure_outlets(ledger, outlets)
    named = {f"{scope}.{name}": value for name, value in found.items()}
    return named | ({ROWS: Measure(rows, records)} if scope == "corpus" else {})


def _measure_removed(decisions: pa.Table, articles: pa.Table) -> dict[str, Measure]:
    """Per stage, the characters it removed out of all there were; the text of copies isn't counted as kept."""
    removed = decisions.select(["stage", "before"]).filter(pc.equal(decisions["action"], Action.REMOVED.value))
    sizes = pa.table({"stage": removed["stage"], "chars": pc.utf8_length(removed["before"])})
    by_stage = sizes.group_by("stage").aggregate([("chars", "sum")]).to_pylist()
    total = (pc.sum(articles["text_chars"]).as_py() or 0) + sum(row["chars_sum"] or 0 for row in by_stage)
    return {f"removed.{row['stage']}": Measure(row["chars_sum"] or 0, total) for row in by_stage}


def _measure_outlets(ledger: pa.Table, outlets: pa.Table) -> dict[str, Measure]:
    """Per outlet the records that aren't clean. All that have an outlet have a row in the ledger."""
    other = ledger["article_id"].filter(pc.not_equal(ledger["outcome"], Outcome.CLEAN.value))
    records = _counts(outlets["outlet"])
    dropped = _counts(outlets["outlet"].filter(_among(outlets, other.combine_chunks().drop_null())))
    return {f"outlet.{name}": Measure(dropped.get(name, 0), count) for name, count in records.items()}


def evidence(gate: Gate, tables: Tables, outlets: pa.Table, published: pa.Table | None) -> list[dict[str, object]]:
    """The records behind a gate, at most `MOST_LISTED`: those that the published corpus doesn't have, or has otherwise,
    come first. One row per record (or, for removed text, per span), with the keys of `COLUMNS`.
    """
    scope, _, subject = gate.name.partition(".")
    before = _outcomes(published)
    if gate.name == ROWS:
        rows = _vanished(tables["ledger"], published)
    elif subject.startswith("removed."):
        rows = _spans(tables["decisions"], subject.removeprefix("removed."))
    else:
        rows = _rows(_chosen(subject, tables, outlets))
    if scope == "new":
        rows = [row for row in rows if row["article_id"] not in before]
    rows.sort(key=lambda row: (before.get(str(row["article_id"])) == row["outcome"], str(row["source_path"])))
    return [{"gate": gate.name} | row for row in rows[:MOST_LISTED]]


def write_evidence(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Nothing: the rows are in a CSV file with the header `COLUMNS`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as sheet:
        write_sheet(sheet, COLUMNS, ([row[name] for name in COLUMNS] for row in rows))


def _chosen(subject: str, tables: Tables, outlets: pa.Table) -> pa.Table:
    """The ledger's rows of the records that a measure counts as its part."""
    ledger, articles = tables["ledger"], tables["articles"]
    if subject.startswith("outlet."):
        ids = outlets.filter(pc.equal(outlets["outlet"], subject.removeprefix("outlet.")))
        return ledger.filter(pc.and_(_among(ledger, _ids(ids)), pc.not_equal(ledger["outcome"], Outcome.CLEAN.value)))
    if subject == "no_authors":
        return ledger.filter(_among(ledger, _ids(articles.filter(pa.array(~has_field(articles, "authors"))))))
    if subject == "no_date":
        return ledger.filter(_among(ledger, _ids(articles.filter(pc.is_null(articles["published_on"])))))
    names = [name.value for name in DROPPED] if subject == "dropped" else [subject]
    return ledger.filter(pc.is_in(ledger["outcome"], pa.array(names)))


def _rows(ledger: pa.Table) -> list[dict[str, object]]:
    columns = ["source_path", "source_record", "article_id", "outcome", "reason"]
    return list(ledger.select(columns).rename_columns([*columns[:-1], "detail"]).to_pylist())


def _spans(decisions: pa.Table, stage: str) -> list[dict[str, object]]:
    here = pc.and_(pc.equal(decisions["stage"], stage), pc.equal(decisions["action"], Action.REMOVED.value))
    columns = ("source_path", "article_id", "rule", "before")
    spans = decisions.filter(here).select(columns).to_pylist()
    return [
        {
            "source_path": span["source_path"],
            "source_record": None,
            "article_id": span["article_id"],
            "outcome": None,
            "detail": f"{span['rule']}: {(span['before'] or '')[:200]}",
        }
        for span in spans
    ]


def _vanished(ledger: pa.Table, published: pa.Table | None) -> list[dict[str, object]]:
    """The records that are clean in the published corpus and no longer so, or no longer there."""
    if published is None:
        return []
    now = {row["article_id"]: row for row in _rows(ledger)}
    gone = {"outcome": None, "detail": "no longer in the raw folder"}
    was_clean = published.filter(pc.equal(published["outcome"], Outcome.CLEAN.value))
    places = was_clean.select(["source_path", "source_record", "article_id"]).to_pylist()
    rows = [now.get(place["article_id"], place | gone) for place in places]
    return [row for row in rows if row["outcome"] != Outcome.CLEAN.value]


def _outcomes(published: pa.Table | None) -> dict[str, str]:
    if published is None:
        return {}
    return dict(zip(published["article_id"].to_pylist(), published["outcome"].to_pylist(), strict=True))


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    return {str(row["values"]): row["counts"] for row in pc.value_counts(column).to_pylist()}


def _ids(table: pa.Table) -> pa.Array:
    return table["article_id"].combine_chunks().drop_null()


def _among(table: pa.Table, ids: pa.Array) -> pa.ChunkedArray:
    return pc.is_in(table["article_id"], value_set=ids)
