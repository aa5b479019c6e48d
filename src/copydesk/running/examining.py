"""Raw files → examined articles, each record once: what is known is looked up, what is new is examined in parallel."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.article import Article, Form, Outcome, RawRecord, Source
from copydesk.duplicates.pace import expect_judging
from copydesk.errors import RunError
from copydesk.pipeline import examine
from copydesk.reading import RawFile
from copydesk.report.progress import StageProgress
from copydesk.report.shares import Shares
from copydesk.running.findings import Findings
from copydesk.running.groups import FIRST_BYTES, examination, examine_record, makes_columns, send_article
from copydesk.running.listing import LISTING, Listing, listing_batch
from copydesk.running.raw_records import read_all
from copydesk.settings import Settings
from copydesk.state import ExaminedStore, RecordKey, StoredShelf, record_key, untouched
from copydesk.state.columns import columns_of
from copydesk.stores import Remote
from copydesk.workers import Engine, Summary, group_by_size
from copydesk.workers.engine import GROUP_BYTES

BATCH_BYTES = 1024 * 1024
"""Raw bytes that are looked up together: makes one look-up of many. Who asks for work waits while so many are read, so
they are no more than two groups of it; of eight megabytes, all workers were done before they had come.
"""


def skip_untouched(
    files: Sequence[RawFile], known: pa.Table, store: ExaminedStore
) -> tuple[tuple[RawFile, ...], pa.Table]:
    """The files that have to be read, and the records (as the listing names them) of those that needn't be.

    `known` are the records of earlier nights by file (`copydesk.state.FILES`). A file is read if it was touched, or if
    a record of it is not kept or was quarantined.
    """
    found = untouched(known, files)
    broken = set(found["file"].filter(pa.array(~store.settled(found))).to_pylist())
    skipped = set(found["file"].unique().to_pylist()) - broken
    unread = tuple(file for file in files if file.path not in skipped)
    if broken:
        found = found.filter(pc.is_in(found["file"], value_set=pa.array(sorted(skipped), pa.string())))
    return unread, found.append_column("gone", pa.repeat(False, len(found))).select(LISTING.names).cast(LISTING)


def list_removed(store: ExaminedStore, listed: pa.Table) -> pa.Table:
    """The records that earlier runs have read and that aren't listed now, as the listing names them.

    Each has the next free position of its file, in the order of their ids: another record may stand where it stood.
    """
    free = Counter(listed["path"].to_pylist())
    rows = []
    for key, path in sorted(store.left_over(listed["article_id"].combine_chunks())):
        rows.append(key._asdict() | {"record": free[path], "path": path, "gone": True})
        free[path] += 1
    return pa.Table.from_pylist(rows, LISTING)


def examine_new(
    raw: Path | Remote,
    files: Sequence[RawFile],
    settings: Settings,
    *,
    store: ExaminedStore,
    listing: pa.ipc.RecordBatchFileWriter,
    engine: Engine,
    retry: bool,
    progress: StageProgress,
) -> int:
    """How many records were known already; the others are examined and put into the store, all are listed.

    A record that no worker survived is quarantined, with how they ended.
    """
    reused = 0
    waiting: deque[tuple[RecordKey, Article, int]] = deque()
    share = Shares(files)

    def new_records() -> Iterator[RawRecord]:
        nonlocal reused
        for batch in group_by_size(read_all(raw, files, settings), size_of, BATCH_BYTES):
            keys = [record_key(record) for record in batch]
            listing.write_batch(listing_batch(batch, keys))
            known = _known_ids(store, keys, retry)
            reused += len(known)
            for key, record in zip(keys, batch, strict=True):
                done = share.of(record)
                if key.article_id in known:
                    progress.advance(done, share.note(reused))
                    continue
                # Only what a quarantined record needs: the content mustn't wait here, too.
                waiting.append((key, Article(record.article_id, record.source), done))
                yield record

    records = new_records()
    # Where nothing is known, the files say that there is much to do: workers needn't wait until it has been read.
    sure = makes_columns(0, 0 if len(store) else sum(file.size_bytes for file in files))
    first = next(group_by_size(records, size_of, GROUP_BYTES if sure else FIRST_BYTES), [])
    size = sum(map(size_of, first))
    many = bool(first) and (sure or makes_columns(len(first), size))
    work = examination(settings, size // len(first)) if many else partial(examine_encoded, settings=settings)
    found = Findings(store)
    # One stream for all batches, so that the workers have something to do while the next one is read.
    with closing(engine.map(work, chain(first, records), size_of)) as examined:
        for result in examined:
            if isinstance(result, Summary):
                found.sum_up(result)
                continue
            key, unread, done = waiting.popleft()
            found.add(key, unread, result)
            progress.advance(done, share.note(reused))
            if not many:
                found.put()
    found.put()
    progress.advance(share.rest(), share.note(reused))
    return reused


def examine_encoded(record: RawRecord, settings: Settings) -> bytes:
    """An examined record as it travels (`send_article`)."""
    return send_article(examine_record(record, settings))


def warm_up() -> None:
    """Examine a small text, so that models and word lists are loaded before workers are forked, once for all."""
    examine(RawRecord("", Source("", 0, None), Form.TEXT, _SAMPLE), Settings())


_SAMPLE = """Ferry back in service

By Ines Moreau

12 March 2024 - The ferry to Stroma sails again from Monday, the operator said, after a winter of repairs that cost
twice what had been planned.
"""


def shelve_all(store: ExaminedStore, listing: Listing, engine: Engine) -> StoredShelf:
    """The examined articles of all records; what judging needs of many new ones is made by the engine.

    Raises RunError if one is missing.
    """
    expect_judging(len(listing))
    shelf = store.shelve(listing.table, partial(engine.map, columns_of, size=len))
    missing = len(listing) - len(shelf.columns)
    if missing:
        raise RunError(
            f"{missing} examined records in {store.folder} can no longer be read; nothing was published, "
            "run again (with --rebuild if it happens twice)"
        )
    return shelf


def _known_ids(store: ExaminedStore, keys: Iterable[RecordKey], retry: bool) -> set[str]:
    found = store.known(keys).items()
    return {article_id for article_id, outcome in found if not (retry and outcome is Outcome.QUARANTINED)}


def size_of(record: RawRecord) -> int:
    """About how many bytes a record is on its way."""
    # A record costs something even if it holds nothing: a million empty ones are a batch, too.
    return len(record.content) + 1_000
