"""Verdicts → rows laid aside: those of the articles that changed since the published snapshot, or all of them.

An article has changed if it was examined anew, lies at another place in its file, or has another verdict. Only these
are loaded, settled and turned into rows; what hasn't changed stays in the published snapshot, byte for byte.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.article import Article, Source
from copydesk.judging import Verdict, settle
from copydesk.judging.order import Remembered, Verdicts, forget
from copydesk.judging.verdicts import NOTHING, digest_removals, digest_verdict
from copydesk.outline import OUTLINE, outline
from copydesk.request import OUTLINES
from copydesk.spread import Spread
from copydesk.state import VERDICTS, StoredShelf
from copydesk.writing import TABLES, articles_table, decisions_table, duplicates_table, ledger_table
from copydesk.writing.schema import load_schema

BATCH_ROWS = 500
"""Articles that are settled at once. With all their evidence they take some 50 kB each."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What marks the rows of a run: its id and its start."""

    run_id: str
    now: dt.datetime


def remember(columns: Spread, before: pa.Table | None) -> Remembered:
    """What an earlier night found about articles without some of their blocks; nothing without one."""
    if before is None or not len(before):
        return forget
    place = _places(columns, before)
    # As lists: they are asked for one article after the other.
    same, places = _same(columns["content"], before["content"], place).tolist(), place.tolist()
    removals, reasons = before["removals"].to_pylist(), before["no_article"].to_pylist()

    def remembered(row: int, digest: bytes) -> str | None:
        return reasons[places[row]] if same[row] and removals[places[row]] == digest else None

    return remembered


def mark_gone(verdicts: Verdicts, ids: pa.ChunkedArray, gone: Collection[str]) -> Verdicts:
    """The verdicts, with those on records that are kept though they are gone saying so."""
    if not gone:
        return verdicts
    wanted = pa.array(sorted(gone), pa.string())
    rows = np.flatnonzero(pc.is_in(ids, value_set=wanted).to_numpy(zero_copy_only=False))
    return verdicts.but({row: replace(verdicts.get(row, NOTHING), gone=True) for row in rows.tolist()})


def verdict_table(shelf: StoredShelf, verdicts: Verdicts) -> pa.Table:
    """The verdicts as they are kept for the next night (schema `VERDICTS`), one row per article."""
    count = len(shelf.columns)
    facts, removals, reasons = [b""] * count, [b""] * count, [""] * count
    for row, verdict in chain.from_iterable(zip(*part, strict=True) for part in verdicts.parts()):
        facts[row], reasons[row] = digest_verdict(verdict), verdict.no_article
        if verdict.removed:
            removals[row] = digest_removals(verdict)
    columns = {
        "article_id": shelf.columns["article_id"],
        "content": shelf.columns["content"],
        "record": pa.array(shelf.records, pa.int32()),
        "facts": pa.array(facts, pa.binary()),
        "removals": pa.array(removals, pa.binary()),
        "no_article": pa.array(reasons, pa.string()),
    }
    return pa.table(columns, VERDICTS)


def changed_rows(now: pa.Table, before: pa.Table | None) -> NDArray[np.int64]:
    """The rows of the verdicts that are new or say otherwise; all of them without earlier ones."""
    if before is None or not len(before):
        return np.arange(len(now))
    place = _places(now, before)
    same = place >= 0
    for name in ("content", "record", "facts"):
        same &= _same(now[name], before[name], place)
    return np.flatnonzero(~same)


def vanished(now: pa.Table, before: pa.Table) -> pa.Array:
    """The ids of the articles that the earlier verdicts know and those of tonight don't."""
    ids = before["article_id"]
    return ids.filter(pc.invert(pc.is_in(ids, value_set=now["article_id"].combine_chunks()))).combine_chunks()


def _places(now: pa.Table, before: pa.Table) -> NDArray[np.int64]:
    """Where the earlier table has each article; -1 where it hasn't."""
    found = pc.index_in(now["article_id"], value_set=before["article_id"].combine_chunks())
    places: NDArray[np.int64] = pc.fill_null(found, -1).to_numpy().astype(np.int64)
    return places


def _same(now: pa.ChunkedArray, before: pa.ChunkedArray, place: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Row by row, whether the earlier table has the same value at this place; not so where it has none."""
    there = pa.array(np.where(place >= 0, place, 0))
    equal = pc.equal(now, before.combine_chunks().take(there)).to_numpy(zero_copy_only=False)
    same: NDArray[np.bool_] = equal.astype(np.bool_) & (place >= 0)
    return same


def lay_rows(shelf: StoredShelf, verdicts: Verdicts, rows: NDArray[np.int64], stamp: Stamp, folder: Path) -> None:
    """Nothing: the rows of all tables for these articles lie in the folder, as `<table>.arrow`, and the outlines."""
    paths = _survivor_paths(shelf, [verdicts.get(row, NOTHING) for row in rows.tolist()])
    with ExitStack() as stack:
        writers = {}
        for name, schema in {**{name: load_schema(name) for name in TABLES}, OUTLINES: OUTLINE}.items():
            sink = stack.enter_context(pa.OSFile(str(folder / f"{name}.arrow"), "wb"))
            writers[name] = stack.enter_context(pa.ipc.new_file(sink, schema))
        for part in _parts(_as_stored(shelf, rows)):
            found = [verdicts.get(row, NOTHING) for row in part]
            articles = [settle(a, verdict) for a, verdict in zip(shelf.load(part), found, strict=True)]
            for name, table in _tables(articles, found, paths, stamp).items():
                writers[name].write_table(table)


def _survivor_paths(shelf: StoredShelf, verdicts: Sequence[Verdict]) -> dict[str, str]:
    """The files of the articles that others are copies of, by their ids."""
    wanted = sorted({verdict.link.canonical_id for verdict in verdicts if verdict.link})
    ids = shelf.columns["article_id"]
    rows = np.flatnonzero(pc.is_in(ids, value_set=pa.array(wanted, pa.string())).to_numpy())
    found = shelf.columns.select(["article_id", "path"]).take(rows)
    return dict(zip(found["article_id"].to_pylist(), found["path"].to_pylist(), strict=True))


def _as_stored(shelf: StoredShelf, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows in the order in which their articles lie on disk: publishing sorts the tables' rows anyway.

    By article_id, each part of two thousand articles lay in nearly all groups of nearly all segments, and every group
    was unpacked again for every part: more than half of the time that rows took, and growing faster than the corpus.
    """
    return rows[np.lexsort((shelf.rows[rows], shelf.segments[rows]))]


def _parts(rows: NDArray[np.int64]) -> Iterator[list[int]]:
    for start in range(0, len(rows), BATCH_ROWS):
        yield rows[start : start + BATCH_ROWS].tolist()


def _tables(
    articles: Sequence[Article], verdicts: Sequence[Verdict], paths: dict[str, str], stamp: Stamp
) -> dict[str, pa.Table]:
    links = [verdict.link for verdict in verdicts if verdict.link]
    # Of survivors the table names the file alone, so they needn't be loaded.
    survivors = [Article(link.canonical_id, Source(paths[link.canonical_id], 0, None)) for link in links]
    clean = articles_table(articles, run_id=stamp.run_id, now=stamp.now)
    return {
        "articles": clean,
        OUTLINES: outline(clean),
        "duplicates": duplicates_table(links, [*survivors, *articles]),
        "decisions": decisions_table(articles),
        "ledger": ledger_table(articles, run_id=stamp.run_id),
    }
