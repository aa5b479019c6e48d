"""Raw files → examined articles, each record once: what is known is looked up, what is new is examined in parallel."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.article import Article, Form, Outcome, RawRecord, RecordField, Refusal, Source, article_id
from copydesk.errors import RunError
from copydesk.findings import Findings
from copydesk.groups import FIRST_BYTES, GROUPS_RECORDS, examination, examine_record, send_article
from copydesk.pipeline import examine
from copydesk.reading import RawFile, Renumbering, Stretch, cut_file, find_files, no_records, read_records, read_stretch
from copydesk.reading.opening import Root
from copydesk.reading.sources import Stated, read_sources
from copydesk.report.progress import StageProgress
from copydesk.report.shares import Shares
from copydesk.settings import Settings
from copydesk.state import ExaminedStore, RecordKey, StoredShelf, record_key, untouched
from copydesk.state.columns import columns_of
from copydesk.stores import Remote
from copydesk.workers import Engine, Summary, group_by_size, stream_parts

BATCH_BYTES = 8 * 1024 * 1024
"""Raw bytes that are looked up together: makes one look-up of many, and is read while workers still have work."""

DIGEST_ROWS = 1 << 14
"""Records of a listing that are put in order at once: they are copied for it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """All records of a run, as reading counted them: what the ledger has to add up to."""

    table: pa.Table

    @staticmethod
    @contextmanager
    def write(path: Path) -> Iterator[pa.ipc.RecordBatchFileWriter]:
        """A writer for the listing at this path."""
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, _LISTING) as writer:
            yield writer

    @classmethod
    def read(cls, path: Path) -> Listing:
        """The listing at this path."""
        return cls(pa.ipc.open_file(pa.memory_map(str(path))).read_all())

    def __len__(self) -> int:
        return len(self.table)

    @property
    def gone(self) -> frozenset[str]:
        """The ids of the records that are there no longer, and kept."""
        return frozenset(self.table["article_id"].filter(self.table["gone"]).to_pylist())

    def digest(self) -> str:
        """A digest of what is listed, whatever the order."""
        order = pc.sort_indices(self.table, sort_keys=[("article_id", "ascending"), ("path", "ascending")])
        digest = hashlib.sha256()
        for start in range(0, len(order), DIGEST_ROWS):
            columns = [column.cast(pa.string()) for column in self.table.take(order.slice(start, DIGEST_ROWS)).columns]
            rows = pc.binary_join_element_wise(*columns, "\0", "\n").combine_chunks()
            _, ends, text = rows.buffers()
            digest.update(memoryview(text)[: np.frombuffer(ends, np.int32)[len(rows)]])
        return digest.hexdigest()

    def count_by_path(self) -> dict[str, int]:
        """How many records were read from each file."""
        counts = pc.value_counts(self.table["path"])
        return dict(zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True))


_LISTING = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("fields", pa.string(), nullable=False),
        pa.field("record", pa.int32(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("gone", pa.bool_(), nullable=False),
    ]
)
"""A record: what names it, its position, its file; and whether it is there no longer, and kept."""


def find_protected(raw: Path | Remote, settings: Settings) -> tuple[RawFile, ...]:
    """The files of a raw folder, as `find_files` gives them; a sources file that kills its reader is refused for it."""
    place = raw if isinstance(raw, Remote) else raw.absolute()  # as in `read_all`
    return find_files(place, settings, read=partial(_sources_in_worker, settings))


def _sources_in_worker(settings: Settings, root: Root, location: bytes, max_bytes: int) -> Stated | Refusal:
    file = RawFile("", location, 0)
    alone = replace(settings.running, readers=1)
    stated: dict[bytes, tuple[RecordField, ...]] = {}
    with closing(stream_parts(partial(_sources_parts, root, max_bytes), [file], alone)) as parts:
        for _, part in parts:
            if isinstance(part, Refusal):
                return part
            path, fields = part
            stated[path.encode()] = tuple(RecordField(*values) for values in fields)
    return stated


def _sources_parts(root: Root, max_bytes: int, file: RawFile) -> Iterator[Refusal | list[Any]]:
    found = read_sources(root, file.location, max_bytes)
    if isinstance(found, Refusal):
        yield found
        return
    for path, fields in found.items():
        yield [path.decode(), [[f.field, f.value, f.key, f.origin] for f in fields]]


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
    keep = pc.is_in(found["file"], value_set=pa.array(sorted(skipped), pa.string()))
    unread = tuple(file for file in files if file.path not in skipped)
    found = found.filter(keep)
    return unread, found.append_column("gone", pa.repeat(False, len(found))).select(_LISTING.names).cast(_LISTING)


def list_removed(store: ExaminedStore, listed: pa.Table) -> pa.Table:
    """The records that earlier runs have read and that aren't listed now, as the listing names them.

    Each has the next free position of its file, in the order of their ids: another record may stand where it stood.
    """
    free = Counter(listed["path"].to_pylist())
    rows = []
    for key, path in sorted(store.left_over(listed["article_id"].combine_chunks())):
        rows.append(key._asdict() | {"record": free[path], "path": path, "gone": True})
        free[path] += 1
    return pa.Table.from_pylist(rows, _LISTING)


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
            listing.write_batch(_listing_batch(batch, keys))
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
    first = next(group_by_size(records, size_of, FIRST_BYTES), [])
    many = len(first) >= GROUPS_RECORDS
    work = examination(settings) if many else partial(examine_encoded, settings=settings)
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


def read_all(raw: Path | Remote, files: Sequence[RawFile], settings: Settings) -> Iterator[RawRecord]:
    """The records of all files, read in workers: what kills or hangs one is one more record, with the reason."""
    # Workers may be older than the folder that their user works in now: a relative path means another place to them.
    raw = raw if isinstance(raw, Remote) else raw.absolute()
    read = partial(_read_one, raw, settings)
    unread: dict[str, RawFile] = {}  # what was cut, until a record of it has come
    count, last, number = 0, None, None
    with closing(stream_parts(read, _pieces(raw, files, settings, unread), settings.running, _piece_bytes)) as parts:
        for piece, part in parts:
            file = piece if isinstance(piece, RawFile) else piece.file
            if file is not last:
                count, last = 0, file
                number = None if isinstance(piece, RawFile) else Renumbering(file)
                unread.pop(file.path, None)
            if number is not None and number.over:
                continue
            record = _rest_of(file, count, part) if isinstance(part, Refusal) else part
            count += 1
            yield record if number is None else number.give(record)
    yield from map(no_records, unread.values())


def _pieces(
    raw: Path | Remote, files: Sequence[RawFile], settings: Settings, cut: dict[str, RawFile]
) -> Iterator[RawFile | Stretch]:
    """The files, large ones of JSON lines in stretches: as many as several readers can be at."""
    for file in files:
        stretches = _stretches(raw, file, settings) if file.size_bytes > settings.running.shard_bytes else ()
        if len(stretches) > 1:
            cut[file.path] = file
            yield from stretches
        else:
            yield file


def _stretches(raw: Path | Remote, file: RawFile, settings: Settings) -> Sequence[Stretch]:
    """The stretches of a file, cut in a worker; none if it dies of that, or the file can't be read."""
    if settings.running.readers < 2:
        return ()
    alone = replace(settings.running, readers=1)
    with closing(stream_parts(partial(_cut_one, raw, settings), [file], alone)) as parts:
        found = [part for _, part in parts]
    if any(isinstance(part, Refusal) for part in found):
        return ()
    # With the same object as their file, so that their records can be told from the next one's.
    return [replace(part, file=file) for part in found if isinstance(part, Stretch)]


def _cut_one(raw: Path | Remote, settings: Settings, file: RawFile) -> Iterator[Stretch]:
    return iter(cut_file(raw, file, settings))


def _read_one(raw: Path | Remote, settings: Settings, piece: RawFile | Stretch) -> Iterator[RawRecord]:
    return read_records(raw, piece, settings) if isinstance(piece, RawFile) else read_stretch(raw, piece, settings)


def _piece_bytes(piece: RawFile | Stretch) -> int:
    return piece.size_bytes if isinstance(piece, RawFile) else piece.end - piece.start


def _rest_of(file: RawFile, before: int, refusal: Refusal) -> RawRecord:
    """What stands for the rest of a file behind so many records, which can't be read."""
    # Records without a digest are told apart by counting them: there are fewer of them than records.
    name = article_id(file.path, "", before)
    return RawRecord(name, Source(file.path, before, None), Form.TEXT, "", file.fields, refusal)


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


def _listing_batch(records: Sequence[RawRecord], keys: Sequence[RecordKey]) -> pa.RecordBatch:
    columns = (
        [key.article_id for key in keys],
        [key.fields for key in keys],
        [key.record for key in keys],
        [record.source.path for record in records],
        [False] * len(records),
    )
    arrays = [pa.array(values, field.type) for values, field in zip(columns, _LISTING, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=_LISTING)


def size_of(record: RawRecord) -> int:
    """About how many bytes a record is on its way."""
    # A record costs something even if it holds nothing: a million empty ones are a batch, too.
    return len(record.content) + 1_000
