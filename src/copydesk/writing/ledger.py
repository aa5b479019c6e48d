"""Nothing is lost: every record that was read has exactly one outcome, and the tables agree with the outcomes.

All checks give problems as lines for people; `check_sums` raises, because a run that doesn't add up publishes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.article import Outcome
from copydesk.errors import LedgerError

NAMED = 3
"""How many offenders a message names; the count of all is always given."""

OUTCOMES = tuple(str(outcome) for outcome in Outcome)


def count_outcomes(ledger: pa.Table) -> dict[str, int]:
    """How many records had each outcome; every outcome is there, 0 where none had it.

    >>> from copydesk.writing.schema import load_schema
    >>> count_outcomes(load_schema("ledger").empty_table())["clean"]
    0
    """
    counts = {row["values"]: row["counts"] for row in pc.value_counts(ledger["outcome"]).to_pylist()}
    return {outcome: counts.pop(outcome, 0) for outcome in OUTCOMES} | dict(sorted(counts.items()))


def check_sums(ledger: pa.Table, records_read: Mapping[str, int]) -> None:
    """Nothing, if the ledger has as many rows for each file as records were read from it, and no record twice.

    `records_read` gives for each `source_path` the number of records; files without records may be left out or 0.

    Raises LedgerError that names the first files that don't add up.
    """
    problems = [*uneven_files(ledger, records_read), *check_ledger(ledger)]
    if problems:
        raise LedgerError(f"the ledger doesn't add up: {'; '.join(problems)}; nothing was published, please report it")


def uneven_files(ledger: pa.Table, records_read: Mapping[str, int]) -> tuple[str, ...]:
    """Problems: files with more or fewer rows in the ledger than records that were read from them."""
    counted = ledger.group_by("source_path").aggregate([([], "count_all")])
    rows = dict(zip(counted["source_path"].to_pylist(), counted["count_all"].to_pylist(), strict=True))
    uneven = [
        f"{path} has {rows.get(path, 0)} rows for {records_read.get(path, 0)} records"
        for path in sorted(rows.keys() | records_read.keys())
        if rows.get(path, 0) != records_read.get(path, 0)
    ]
    if not uneven:
        return ()
    total = f"{len(ledger)} rows for {sum(records_read.values())} records in all"
    return (f"{total}; {_first(uneven, 'file')}",)


def check_ledger(ledger: pa.Table) -> tuple[str, ...]:
    """Problems: records or ids that are there twice, outcomes that don't exist, records without a reason."""
    problems = []
    places = ledger.group_by(["source_path", "source_record"]).aggregate([([], "count_all")])
    twice = places.filter(pc.greater(places["count_all"], 1))
    problems += _named(
        "record", "is there twice", (f"{r['source_path']}:{r['source_record']}" for r in twice.to_pylist())
    )
    problems += _named("article_id", "is there twice in ledger", _repeated(ledger["article_id"].drop_null()))
    unknown = ledger.filter(pc.invert(pc.is_in(ledger["outcome"], value_set=pa.array(OUTCOMES))))
    problems += _named("outcome", "is none of " + ", ".join(OUTCOMES), unknown["outcome"].unique().to_pylist())
    unexplained = ledger.filter(pc.and_(pc.not_equal(ledger["outcome"], "clean"), pc.is_null(ledger["reason"])))
    problems += _named("record", "is not clean and has no reason", unexplained["source_path"].to_pylist())
    return tuple(problems)


def check_references(
    articles: pa.Table, duplicates: pa.Table, decisions: pa.Table, ledger: pa.Table
) -> tuple[str, ...]:
    """Problems: rows of one table that another one contradicts.

    Of the tables only these columns are needed: articles (article_id, also_published), duplicates (article_id,
    canonical_id, kind), decisions (article_id), ledger (article_id, outcome).
    """
    clean = ledger.filter(pc.equal(ledger["outcome"], "clean"))["article_id"]
    copies = ledger.filter(pc.equal(ledger["outcome"], "duplicate"))["article_id"]
    ids, removed = articles["article_id"], duplicates["article_id"]
    problems = _named("article_id", "is there twice in articles", _repeated(ids))
    problems += _named("article_id", "is there twice in duplicates", _repeated(removed))
    problems += _named("article", "is not clean in the ledger", _missing(ids, clean))
    problems += _named("clean record", "is not in articles", _missing(clean, ids))
    problems += _named("removed copy", "is no duplicate in the ledger", _missing(removed, copies))
    problems += _named("duplicate of the ledger", "is not in duplicates", _missing(copies, removed))
    problems += _named("survivor", "is not in articles", _missing(duplicates["canonical_id"], ids))
    problems += _named(
        "decision on", "has no row in the ledger", _missing(decisions["article_id"], ledger["article_id"])
    )
    return (*problems, *_check_folded(articles, duplicates))


def _check_folded(articles: pa.Table, duplicates: pa.Table) -> list[str]:
    """`also_published` and `duplicates` tell the same story."""
    told = pc.binary_join_element_wise(duplicates["article_id"], duplicates["canonical_id"], " of ")
    folded = [_folded(batch) for batch in articles.select(["article_id", "also_published"]).to_batches()]
    shown = pa.chunked_array(folded, pa.string())
    return [
        *_named("copy in also_published", "is not in duplicates", _missing(shown, told)),
        *_named("copy", "is not in also_published of its survivor", _missing(told, shown)),
    ]


def _folded(articles: pa.RecordBatch) -> pa.Array:
    """The copies that the rows name, each with the row's own id: "copy of survivor"."""
    copies = articles["also_published"]
    survivors = articles["article_id"].take(pc.list_parent_indices(copies))
    return pc.binary_join_element_wise(pc.list_flatten(copies).field("article_id"), survivors, " of ")


def _missing(values: pa.ChunkedArray, among: pa.ChunkedArray) -> list[str]:
    known = among.combine_chunks().drop_null()
    found: list[str] = values.filter(pc.invert(pc.is_in(values, value_set=known))).unique().to_pylist()
    return sorted(str(value) for value in found)


def _repeated(values: pa.ChunkedArray) -> list[str]:
    counts = values.value_counts()
    return sorted(counts.field("values").filter(pc.greater(counts.field("counts"), 1)).to_pylist())


def _named(what: str, fault: str, offenders: Iterable[str]) -> list[str]:
    found = [f"{what} {offender} {fault}" for offender in offenders]
    return [_first(found, what)] if found else []


def _first(found: list[str], what: str) -> str:
    more = len(found) - NAMED
    return "; ".join(found[:NAMED]) + (f"; and {more} more ({what})" if more > 0 else "")
