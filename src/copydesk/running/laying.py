"""Verdicts → rows laid aside: those of the articles that changed since the published snapshot, or all of them.

An article has changed if it was examined anew, lies at another place in its file, or has another verdict. Only these
are loaded, settled and turned into rows; what hasn't changed stays in the published snapshot, byte for byte.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.judging.by_row import Links, Verdicts
from copydesk.judging.remains import Remembered, forget
from copydesk.judging.verdicts import NOTHING, Verdict, digest_removals, digest_verdict
from copydesk.machine.forks import MOST_FORKS, map_in_forks, may_fork
from copydesk.machine.work import ALONE as IN_THIS_THREAD
from copydesk.machine.work import Work
from copydesk.running.request import GONE, OUTLETS, SAID, lay_aside
from copydesk.running.settling import SCHEMAS, Stamp, encode_verdict, lay_articles, lay_part, lay_stored
from copydesk.spread import Spread
from copydesk.state import VERDICTS, StoredShelf
from copydesk.workers import Engine, SerialEngine
from copydesk.workers.engine import GROUP_BYTES
from copydesk.writing.rows import in_words

PARTS, LEAST_ROWS, MOST_ROWS = 16, 64, 2_000
"""Rows are made in about so many parts, of at least and at most so many articles: fewer of them, and files of rows are
many; more, and at the end one process is at the last part while the others have nothing to do. One process alone makes
parts that are as large as they may be: a month of some pages lay in fifteen, and was put together from these."""

FORKED_ROWS = 3_000
"""Below, this process makes all rows itself: a fork takes half of them off it, and as much time as two hundred more."""

PARALLEL_ROWS = 4_000
"""Below, this process makes the rows itself where it may not be forked: a worker takes half a second until it has
loaded what it needs."""

DIGESTED = 512
"""Verdicts of which digests are made at a time."""

ALONE = SerialEngine()


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier run has said: its verdicts (schema `VERDICTS`), and by tonight's rows where the article stands
    among them (int64), -1 where it doesn't.
    """

    verdicts: pa.Table
    places: NDArray[np.int64]


def lay_beside(ids: pa.ChunkedArray, verdicts: pa.Table | None) -> Before | None:
    """The verdicts of an earlier run beside the articles of tonight; None where there are none."""
    if verdicts is None:
        return None
    found = pc.index_in(ids, value_set=verdicts["article_id"].combine_chunks())
    return Before(verdicts, pc.fill_null(found, -1).to_numpy().astype(np.int64))


def remember(columns: Spread, before: Before | None) -> Remembered:
    """What an earlier night found about articles without some of their blocks; nothing without one."""
    if before is None:
        return forget
    # As lists: they are asked for one article after the other.
    same, places = _same(columns["content"], before, "content").tolist(), before.places.tolist()
    removals, reasons = before.verdicts["removals"].to_pylist(), before.verdicts["no_article"].to_pylist()

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


def lay_verdicts(
    shelf: StoredShelf, verdicts: Verdicts, before: Before | None, folder: Path, work: Work = IN_THIS_THREAD
) -> NDArray[np.int64]:
    """The rows of articles that have changed. What the next night and the gates are to know of all articles is laid
    aside, so that it needn't be in memory while their rows are made.
    """
    now = verdict_table(shelf, verdicts, work)
    changed = changed_rows(now, before)
    lay_aside(folder / f"{SAID}.arrow", now)
    if before is not None:
        gone = pa.concat_arrays([now["article_id"].take(changed).combine_chunks(), vanished(before)])
        lay_aside(folder / f"{GONE}.arrow", pa.table({"article_id": gone}))
    outlets = shelf.columns.select(["article_id", "outlet"]).table()
    lay_aside(folder / f"{OUTLETS}.arrow", outlets.filter(pc.is_valid(outlets["outlet"])))
    return changed


def verdict_table(shelf: StoredShelf, verdicts: Verdicts, work: Work = IN_THIS_THREAD) -> pa.Table:
    """The verdicts as they are kept for the next night (schema `VERDICTS`), one row per article."""
    count = len(shelf.columns)
    facts, removals, reasons = [b""] * count, [b""] * count, [""] * count
    # Some hundred verdicts are those of many articles, the very object.
    every = {id(verdict): verdict for verdict in chain(verdicts.told.values(), verdicts.changed.values())}
    digests = dict(zip(every, _digests(list(every.values()), work), strict=True))
    for row, verdict in chain(verdicts.told.items(), verdicts.changed.items()):
        facts[row], removals[row] = digests[id(verdict)]
        reasons[row] = verdict.no_article
    links = _link_facts(verdicts.links, count)
    columns = {
        "article_id": shelf.columns["article_id"],
        "content": shelf.columns["content"],
        "record": pa.array(shelf.records, pa.int32()),
        "facts": pc.binary_join_element_wise(pa.array(facts, pa.binary()), *links, b""),
        "removals": pa.array(removals, pa.binary()),
        "no_article": pa.array(reasons, pa.string()),
    }
    return pa.table(columns, VERDICTS)


def _digests(verdicts: Sequence[Verdict], work: Work) -> Iterator[tuple[bytes, bytes]]:
    """Of each verdict a digest of all that it says, and one of what it takes out."""

    def digest(start: int) -> list[tuple[bytes, bytes]]:
        part = verdicts[start : start + DIGESTED]
        return [(digest_verdict(one), digest_removals(one) if one.removed else b"") for one in part]

    return chain.from_iterable(map_in_forks(digest, range(0, len(verdicts), DIGESTED), work, loaded=True))


def _link_facts(links: Links, count: int) -> Iterator[pa.Array]:
    """By row a digest of the article's link, and one of all that it says of its copies; empty without any.

    From columns: to make a verdict of each of a third of the corpus for its digest took four times as long.
    """
    copies = pa.ListArray.from_arrays(pa.array(links.starts, pa.int32()), in_words(links.known).take(links.order))
    told = (links.copies, in_words(links.links)), (links.survivors, pc.binary_join(copies, ""))
    for numbers, texts in told:
        digests = [blake2b(text.encode(), digest_size=16).digest() for text in texts.to_pylist()]
        places = np.full(count, -1)
        places[: numbers.size] = numbers
        found = pa.array(digests, pa.binary()).take(pa.array(places, mask=places < 0))
        yield pc.fill_null(found, b"")


def changed_rows(now: pa.Table, before: Before | None) -> NDArray[np.int64]:
    """The rows of the verdicts that are new or say otherwise; all of them without earlier ones."""
    if before is None:
        return np.arange(len(now))
    same = before.places >= 0
    for name in ("content", "record", "facts"):
        same &= _same(now[name], before, name)
    return np.flatnonzero(~same)


def vanished(before: Before) -> pa.Array:
    """The ids of the articles that the earlier verdicts know and those of tonight don't."""
    gone = np.ones(len(before.verdicts), np.bool_)
    gone[before.places[before.places >= 0]] = False
    return before.verdicts["article_id"].filter(pa.array(gone)).combine_chunks()


def _same(now: pa.ChunkedArray, before: Before, name: str) -> NDArray[np.bool_]:
    """Row by row, whether the earlier verdict has the same value; not so where there is none."""
    values = before.verdicts[name].combine_chunks().take(pa.array(before.places, mask=before.places < 0))
    same: NDArray[np.bool_] = pc.fill_null(pc.equal(now, values), False).to_numpy().astype(np.bool_)
    return same


def lay_rows(
    shelf: StoredShelf,
    verdicts: Verdicts,
    rows: NDArray[np.int64],
    stamp: Stamp,
    folder: Path,
    engine: Engine = ALONE,
    work: Work = IN_THIS_THREAD,
) -> None:
    """Nothing: the rows of all tables for these articles lie in the folder, in parts, and the outlines.

    They are made in forks of this process, which have the verdicts; in the engine's workers where there may be none, or
    not so many. Raises RunError if articles can no longer be read, or rows can't be written.
    """
    for name in SCHEMAS:
        shutil.rmtree(folder / f"{name}.parts", ignore_errors=True)  # of a first attempt, to change what is published
        (folder / f"{name}.parts").mkdir()
    if not len(rows):
        lay_articles(iter(()), (), {}, stamp, folder, 0)
    paths = _survivor_paths(shelf, verdicts, rows)
    in_forks = work.threads <= MOST_FORKS and may_fork()
    alone = isinstance(engine, SerialEngine) or len(rows) < (FORKED_ROWS if in_forks else PARALLEL_ROWS)
    size = MOST_ROWS if alone else min(max(len(rows) // PARTS, LEAST_ROWS), MOST_ROWS)
    parts = list(_parts(shelf, _as_stored(shelf, rows), size))

    def lay(number: int) -> bool:
        found = verdicts.of(parts[number].tolist())
        return lay_stored(*_place(shelf, parts[number]), found, paths, number, stamp, folder, shelf.change)

    done: Iterable[object]
    if shelf.folder is None:
        done = repeat(False, len(parts))
    elif alone:
        done = map(lay, range(len(parts)))
    elif in_forks:
        done = map_in_forks(lay, range(len(parts)), work, loaded=True)
    else:
        lay_sent = partial(lay_part, stamp=stamp, folder=str(folder), change=shelf.change)
        sent = (_travelling(shelf, verdicts, part, paths, number) for number, part in enumerate(parts))
        done = engine.map(lay_sent, sent, _alone)
    for number, (part, laid) in enumerate(zip(parts, done, strict=True)):
        if laid is not True:
            # Here it is said what is wrong with the articles, or, if it was the worker, nothing is.
            lay_articles(shelf.load(part.tolist()), verdicts.of(part.tolist()), paths, stamp, folder, number)


def _travelling(
    shelf: StoredShelf, verdicts: Verdicts, part: NDArray[np.int64], paths: Mapping[str, str], number: int
) -> list[object]:
    """What a worker needs to know to make the rows of a part (`copydesk.running.settling.Part`)."""
    found = verdicts.of(part.tolist())
    wanted = {one.link.canonical_id: paths[one.link.canonical_id] for one in found if one.link}
    segment, places, records = _place(shelf, part)
    return [str(segment), places, records, [encode_verdict(verdict) for verdict in found], wanted, number]


def _place(shelf: StoredShelf, part: NDArray[np.int64]) -> tuple[Path, list[int], list[int]]:
    """Where the articles of a part lie: the segment, the rows in it, and the present positions of their records."""
    segment = (shelf.folder or Path()) / shelf.names[shelf.segments[part[0]]]
    return segment, shelf.rows[part].tolist(), shelf.records[part].tolist()


def _alone(_part: object) -> int:
    """The size of a part as an engine counts it: each is a group of its own."""
    return GROUP_BYTES


def _survivor_paths(shelf: StoredShelf, verdicts: Verdicts, rows: NDArray[np.int64]) -> dict[str, str]:
    """The files of the articles that these are copies of, by their ids."""
    said, links = (verdicts.changed[row] for row in rows.tolist() if row in verdicts.changed), verdicts.links
    copies = links.copies[rows[rows < links.copies.size]]
    wanted = {verdict.link.canonical_id for verdict in said if verdict.link}
    wanted.update(links.links["canonical_id"].take(pa.array(copies[copies >= 0])).to_pylist())
    ids = shelf.columns["article_id"]
    places = np.flatnonzero(pc.is_in(ids, value_set=pa.array(sorted(wanted), pa.string())).to_numpy())
    known = shelf.columns.select(["article_id", "path"]).take(places)
    return dict(zip(known["article_id"].to_pylist(), known["path"].to_pylist(), strict=True))


def _as_stored(shelf: StoredShelf, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows in the order in which their articles lie on disk: publishing sorts the tables' rows anyway.

    By article_id, each part of two thousand articles lay in nearly all groups of nearly all segments, and every group
    was unpacked again for every part: more than half of the time that rows took, and growing faster than the corpus.
    """
    return rows[np.lexsort((shelf.rows[rows], shelf.segments[rows]))]


def _parts(shelf: StoredShelf, rows: NDArray[np.int64], size: int) -> Iterator[NDArray[np.int64]]:
    """The rows in parts of so many at most, none of which lies in two segments."""
    segments = shelf.segments[rows]
    for own in np.split(rows, np.flatnonzero(segments[1:] != segments[:-1]) + 1) if len(rows) else ():
        for start in range(0, len(own), size):
            yield own[start : start + size]
