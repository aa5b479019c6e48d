"""Nothing is lost: every record that was read has exactly one outcome, and the tables agree with the outcomes.

All checks give problems as lines for people; `check_sums` raises, because a run that doesn't add up publishes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.article import Outcome
from copydesk.errors import LedgerError

NAMED = 3
"""How many offenders a message names; the count of all is always given."""

Numbers = NDArray[np.int64]
"""Ids as their places in a list of all different ones."""

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
    counted = ledger["source_path"].value_counts()
    rows = dict(zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True))
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
    problems += _named("record", "is there twice", _repeated_places(ledger))
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
    told = articles["also_published"].combine_chunks()
    names, (ids, shown, removed, survivors, decided, known) = _number(
        articles["article_id"],
        pc.list_flatten(told).field("article_id"),
        duplicates["article_id"],
        duplicates["canonical_id"],
        decisions["article_id"],
        ledger["article_id"],
    )
    clean, copies = (known[_has(ledger["outcome"], outcome)] for outcome in ("clean", "duplicate"))
    problems = []
    for table, numbers in (("articles", ids), ("duplicates", removed)):
        twice = np.flatnonzero(np.bincount(numbers) > 1)
        problems += _named("article_id", f"is there twice in {table}", _names(names, twice))
    for what, values, fault, among in (
        ("article", ids, "is not clean in the ledger", clean),
        ("clean record", clean, "is not in articles", ids),
        ("removed copy", removed, "is no duplicate in the ledger", copies),
        ("duplicate of the ledger", copies, "is not in duplicates", removed),
        ("survivor", survivors, "is not in articles", ids),
        ("decision on", decided, "has no row in the ledger", known),
    ):
        problems += _named(what, fault, _names(names, _absent(values, among, names)))
    folded = shown, ids[pc.list_parent_indices(told).to_numpy()]
    return (*problems, *_check_folded(names, folded, (removed, survivors)))


def _check_folded(names: pa.Array, folded: tuple[Numbers, Numbers], linked: tuple[Numbers, Numbers]) -> Iterator[str]:
    """`also_published` and `duplicates` tell the same story: the same copies of the same survivors."""
    shown, told = (copies * len(names) + survivors for copies, survivors in (folded, linked))
    for what, values, fault, among in (
        ("copy in also_published", shown, "is not in duplicates", told),
        ("copy", told, "is not in also_published of its survivor", shown),
    ):
        pairs = np.divmod(np.setdiff1d(values, among), max(len(names), 1))
        ends = (names.take(pa.array(part)).to_pylist() for part in pairs)
        yield from _named(what, fault, sorted(f"{copy} of {survivor}" for copy, survivor in zip(*ends, strict=True)))


def _number(*columns: pa.ChunkedArray | pa.Array) -> tuple[pa.Array, list[Numbers]]:
    """All different ids, perhaps a null among them, and those of each column as places there.

    To look each id up once and compare numbers takes a third of the time of looking up columns in each other.
    """
    parts = [column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column for column in columns]
    encoded = pc.dictionary_encode(pa.concat_arrays(parts), null_encoding="encode")
    numbers = encoded.indices.to_numpy().astype(np.int64)
    return encoded.dictionary, np.split(numbers, np.cumsum([len(part) for part in parts[:-1]]))


def _has(values: pa.ChunkedArray, value: str) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = pc.equal(values, value).to_numpy().astype(np.bool_)
    return found


def _names(names: pa.Array, numbers: Numbers) -> list[str]:
    return sorted(map(str, names.take(pa.array(numbers)).to_pylist()))


def _absent(values: Numbers, among: Numbers, names: pa.Array) -> Numbers:
    """The numbers among `values` that aren't among the others, each once; a null is found nowhere."""
    there = np.zeros(len(names), np.bool_)
    there[among] = True
    there &= names.is_valid().to_numpy(zero_copy_only=False)
    return np.unique(values[~there[values]])


def _repeated_places(ledger: pa.Table) -> list[str]:
    """The files with the positions in them that are there more than once."""
    paths = ledger["source_path"].combine_chunks().dictionary_encode()
    places = paths.indices.to_numpy().astype(np.int64) << 32 | ledger["source_record"].to_numpy()
    places.sort()
    numbers, records = np.divmod(np.unique(places[1:][places[1:] == places[:-1]]), 1 << 32)
    twice = zip(paths.dictionary.take(pa.array(numbers)).to_pylist(), records.tolist(), strict=True)
    return [f"{path}:{record}" for path, record in twice]


def _repeated(values: pa.ChunkedArray) -> list[str]:
    if len(values.unique()) == len(values):
        return []  # as ever: to count them takes longer
    counts = values.value_counts()
    return sorted(counts.field("values").filter(pc.greater(counts.field("counts"), 1)).to_pylist())


def _named(what: str, fault: str, offenders: Iterable[str]) -> list[str]:
    found = [f"{what} {offender} {fault}" for offender in offenders]
    return [_first(found, what)] if found else []


def _first(found: list[str], what: str) -> str:
    more = len(found) - NAMED
    return "; ".join(found[:NAMED]) + (f"; and {more} more ({what})" if more > 0 else "")
