"""What earlier nights have examined, so that no record is examined twice.

    state/examined/index.sqlite      which record lies in which row of which segment
    state/examined/segments/*.arrow
    state/examined/columns/          what judging needs to know of them
    state/examined/checked.json      which of these files are known to be whole

Kept articles are found by what they were made of: the record's id (place and bytes), the fields stated with it, and a
fingerprint of settings and version. So nothing here can make a result wrong or old; losing it costs time, not data.
Segments are written first, the index after them in one transaction; whatever a killed run leaves between the two is
removed at the next opening.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.article import Article, Outcome
from copydesk.errors import RunError
from copydesk.state.checked import NOTES, note_written, still_whole
from copydesk.state.columns import ColumnsWriter, Work, open_columns, sweep_columns
from copydesk.state.compaction import choose_segments, read_living, sweep
from copydesk.state.ending import Ending
from copydesk.state.failures import one_line
from copydesk.state.fingerprint import code_fingerprint
from copydesk.state.index import Index
from copydesk.state.places import Places, read_places
from copydesk.state.segments import (
    SEGMENT_BYTES,
    SEGMENT_ROWS,
    UNREADABLE,
    Entry,
    Kept,
    RecordKey,
    Segment,
    is_whole,
    read_rows,
    write_segment,
)
from copydesk.state.serial import SERIAL_FORMAT, decode_article, encode_article
from copydesk.state.shelf import Decode, StoredShelf, lay_out


class ExaminedStore(Ending):
    """The articles that earlier runs have examined, and those that this run adds. Only for who holds the lock.

    `outdated` is the number of articles that were kept under another fingerprint (other settings, another version)
    and are examined again; `repaired` says what was found damaged and made anew, one line each.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.folder = folder
        self.fingerprint = f"{SERIAL_FORMAT}:{fingerprint}"
        self.repaired: list[str] = []
        self._waiting: list[Kept] = []
        self._waiting_bytes = 0
        self._made = ColumnsWriter(self._columns)
        self._written: list[tuple[Segment, list[Entry]]] = []
        self._verified: dict[str, bool] = {}
        self._known: Places | None = None
        self._forgotten = False
        with one_line(folder):
            self._segments.mkdir(parents=True, exist_ok=True)
            self._index = Index(folder, self.fingerprint, self.repaired)
            sweep(self._index, self._segments)
        self.outdated = self._index.count(present=False)

    @classmethod
    def open(cls, folder: Path, fingerprint: str, *, rebuild: bool = False) -> ExaminedStore:
        """The store in this folder, made if it isn't there. `rebuild` forgets all that was kept.

        A damaged index is made again from the segments; a damaged segment is left out, and its records are
        examined again.
        """
        if rebuild and folder.exists():
            with one_line(folder):
                shutil.rmtree(folder)
        return cls(folder, fingerprint)

    def __len__(self) -> int:
        return self._index.count(present=True)

    @property
    def _segments(self) -> Path:
        return self.folder / "segments"

    @property
    def _columns(self) -> Path:
        return self.folder / "columns"

    @property
    def _notes(self) -> Path:
        return self.folder / NOTES

    def get(self, keys: Iterable[RecordKey]) -> Iterator[Article]:
        """The kept articles of these records, each with the record's present position. What doesn't come is not kept.

        Records asked for count as being there: `commit` keeps them.
        """
        found = self._index.look_up("segment, row, record", keys)
        for segment, rows in groupby(found, key=itemgetter(0)):
            records = {row: record for _, row, record in rows}
            try:
                for row, data in read_rows(self._segments / segment, list(records)):
                    article = decode_article(data)
                    yield replace(article, source=replace(article.source, record=records[row]))
            except UNREADABLE as error:
                self._drop(segment, str(error))

    def shelve(self, listed: pa.Table, work: Work | None = None) -> StoredShelf:
        """The kept articles of these records (`article_id`, `fields`, `record`) as a shelf; `work` makes what columns
        there aren't yet. What isn't kept, or can't be read, is not on the shelf.
        """

        def columns_of(segment: str) -> pa.Table | None:
            try:
                return self._open_columns(segment, work)
            except UNREADABLE as error:
                self._drop(segment, str(error))
                return None

        # Of its own: it is as large as all ids, and nothing else needs it.
        places = read_places(self._index, self._segments, self._drop)
        return lay_out(listed, places, columns_of, self._read_some, self._segments)

    @property
    def _places(self) -> Places:
        """Where all articles lie that had been kept when this was first asked for, and since the last commit."""
        if self._known is None:
            self._known = read_places(self._index, self._segments, self._drop)
        return self._known

    def _open_columns(self, segment: str, work: Work | None) -> pa.Table:
        every = read_rows(self._segments / segment, range(self._index.rows_of(segment)))
        encoded = (data for _, data in every)
        return open_columns(self._columns, segment, code_fingerprint(), encoded, work, self._notes)

    def _read_some(self, segment: str, rows: Sequence[int], decode: Decode) -> Iterator[tuple[int, Any]]:
        try:
            for row, data in read_rows(self._segments / segment, rows):
                yield row, decode(data)
        except UNREADABLE as error:
            self._drop(segment, str(error))
            raise RunError(
                f"{self._segments / segment} can no longer be read ({error}); nothing was published, run again"
            ) from error

    def known(self, keys: Iterable[RecordKey]) -> dict[str, Outcome]:
        """The outcomes of these records' kept articles by id; a record that isn't there has to be examined.

        Much cheaper than `get`: the index alone is asked, and the bytes of the segments are compared with the digest
        that names them, once. Records asked for count as being there, as with `get`.
        """
        found = self._index.look_up("segment, article_id, outcome", keys)
        whole = {segment for segment in {row[0] for row in found} if self._is_whole(segment)}
        return {article_id: Outcome(outcome) for segment, article_id, outcome in found if segment in whole}

    def settled(self, listed: pa.Table) -> NDArray[np.bool_]:
        """Which of these records (`article_id`, `fields`) are kept and weren't quarantined, as `known` has it.

        Made for all records of a corpus; to ask `known` for one after the other takes ten times as long.
        """
        return self._places.settled_among(listed, self._is_whole)

    def left_over(self, listed: pa.Array) -> Iterator[tuple[RecordKey, str]]:
        """The key and the raw file of each kept record that isn't among those listed (by id) and had been read.

        They count as being there. Articles that were examined under another fingerprint are kept as they are: there is
        nothing left to examine. Raises RunError if one is kept in a form that this version can't read.
        """
        there = set(listed.to_pylist())
        rows = [row for row in self._index.read_once() if row[2] not in there]
        for segment, own in groupby(rows, key=itemgetter(0)):
            found = {row[1]: row for row in own}
            for number, article in self._read_some(segment, sorted(found), decode_article):
                _, _, article_id, fields, outcome, fingerprint = found[number]
                key = RecordKey(article_id, fields, article.source.record)
                if fingerprint == self.fingerprint:
                    self._index.look_up("segment", [key])
                else:
                    self.put_encoded(key, Outcome(outcome), encode_article(article))
                yield key, article.source.path

    def _is_whole(self, segment: str) -> bool:
        if segment not in self._verified:
            self._verified[segment] = still_whole(self._notes, self._segments / segment, is_whole)
            if not self._verified[segment]:
                self._drop(segment, "its bytes have changed or are gone")
        return self._verified[segment]

    def _drop(self, segment: str, reason: str) -> None:
        self._index.drop(segment, self._segments / segment, reason)
        if self._known is not None:
            self._known.lost.add(segment)

    def put(self, examined: Iterable[tuple[RecordKey, Article]]) -> None:
        """Keep these articles, from `commit` on."""
        for key, article in examined:
            self.put_encoded(key, article.outcome, encode_article(article))

    def put_encoded(self, key: RecordKey, outcome: Outcome, article: bytes) -> None:
        """Keep an article that a worker has encoded already (`encode_article`), from `commit` on."""
        self.put_group([(key, outcome, article)])

    def put_group(self, group: Iterable[tuple[RecordKey, Outcome, bytes]], columns: pa.Table | None = None) -> None:
        """Keep encoded articles, from `commit` on, with the columns (schema `KEPT_COLUMNS`) that are known of them."""
        for key, outcome, article in group:
            self._waiting.append(Kept(key.article_id, key.fields, str(outcome), article))
            self._waiting_bytes += len(article)
        if columns is not None:
            self._made.add(columns)
        if len(self._waiting) >= SEGMENT_ROWS or self._waiting_bytes >= SEGMENT_BYTES:
            self._flush()

    def commit(self, *, forget_missing: bool = True) -> None:
        """Make it last. With `forget_missing`, records that were neither asked for nor put are forgotten.

        Safe at any time, also before publishing: what is kept depends on the records alone.
        """
        with one_line(self.folder):
            self._commit(forget_missing)
            sweep(self._index, self._segments)
            sweep_columns(self._columns, self._index.names(), code_fingerprint())

    def _commit(self, forget_missing: bool) -> None:
        self._flush()
        with self._index.changing():
            for segment, entries in self._written:
                self._index.enter(segment, entries)
            if forget_missing and not self._forgotten:
                # Without `places` the wanted ones are all that is known of who was asked for.
                self._index.forget(None if self._known is None else self._known.missing())
                self._forgotten = self._known is not None
            self._index.forget_others()
            self._compact()
            self._index.forget_empty()
        self._written, self._known = [], None

    def close(self) -> None:
        """Let go of the index. What was put and not committed is forgotten."""
        self._made.drop()
        self._index.close()

    def _flush(self) -> None:
        if not self._waiting:
            return
        with one_line(self._segments):
            segment = write_segment(self._segments, self.fingerprint, self._waiting)
            columns = self._made.keep(segment.name, code_fingerprint(), segment.rows)
        for path in filter(None, (self._segments / segment.name, columns)):
            note_written(self._notes, path)
        self._written.append((segment, [Entry(*kept[:3]) for kept in self._waiting]))
        self._waiting, self._waiting_bytes = [], 0

    def _compact(self) -> None:
        before = len(self._written)
        for name in choose_segments(self._index):
            for kept in read_living(self._index, self._segments / name):
                self._waiting.append(kept)
                if len(self._waiting) >= SEGMENT_ROWS:
                    self._flush()
        self._flush()
        for segment, entries in self._written[before:]:
            self._index.enter(segment, entries)
