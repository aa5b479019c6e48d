"""What earlier nights have examined, so that no record is examined twice.

    state/examined/index.sqlite      which record lies in which row of which segment
    state/examined/segments/*.parquet
    state/examined/columns/          what judging needs to know of them

Kept articles are found by what they were made of: the record's id (place and bytes), the fields stated with it, and a
fingerprint of settings and version. So nothing here can make a result wrong or old; losing it costs time, not data.
Segments are written first, the index after them in one transaction; whatever a killed run leaves between the two is
removed at the next opening.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa

from copydesk.article import Article, Outcome
from copydesk.errors import RunError
from copydesk.spread import spread
from copydesk.state.columns import KEPT_COLUMNS, ColumnsWriter, Work, open_columns, sweep_columns
from copydesk.state.failures import is_damaged, one_line
from copydesk.state.fingerprint import code_fingerprint
from copydesk.state.segments import (
    READ_ERRORS,
    Entry,
    Kept,
    RecordKey,
    Segment,
    is_whole,
    read_entries,
    read_rows,
    write_segment,
)
from copydesk.state.serial import SERIAL_FORMAT, decode_article, encode_article
from copydesk.state.shelf import StoredShelf

SEGMENT_ROWS = 1 << 15
SEGMENT_BYTES = 1 << 28
"""A segment is written when it has so many articles or so many bytes: what is held in memory until then."""

SMALL_SEGMENTS = 8
"""So many segments below half the full size are merged into one. A month of nights would otherwise be thirty files."""

UNREADABLE = (*READ_ERRORS, ValueError, TypeError)
"""What a damaged segment, or one made by another version, gives rise to."""

INDEX_FORMAT = 1
"""Of the index; one of another format is made again from the segments."""

TABLES = """
CREATE TABLE IF NOT EXISTS segments (name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, rows INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS entries (
    article_id TEXT NOT NULL, fields TEXT NOT NULL, outcome TEXT NOT NULL, segment TEXT NOT NULL, row INTEGER NOT NULL,
    PRIMARY KEY (article_id, fields)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entries_by_segment ON entries (segment);
CREATE TEMP TABLE wanted (
    article_id TEXT NOT NULL, fields TEXT NOT NULL, record INTEGER NOT NULL, question INTEGER NOT NULL,
    PRIMARY KEY (article_id, fields)
) WITHOUT ROWID;
"""


class ExaminedStore:
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
        self._questions = 0
        self._verified: dict[str, bool] = {}
        with one_line(folder):
            self._segments.mkdir(parents=True, exist_ok=True)
            self._index = self._open_index()
            self._sweep()
        self.outdated = self._count("entries.segment IN (SELECT name FROM segments WHERE fingerprint != ?)")

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

    def __enter__(self) -> ExaminedStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return self._count("entries.segment IN (SELECT name FROM segments WHERE fingerprint = ?)")

    @property
    def _segments(self) -> Path:
        return self.folder / "segments"

    @property
    def _columns(self) -> Path:
        return self.folder / "columns"

    def get(self, keys: Iterable[RecordKey]) -> Iterator[Article]:
        """The kept articles of these records, each with the record's present position. What doesn't come is not kept.

        Records asked for count as being there: `commit` keeps them.
        """
        found = self._look_up("segment, row, record", keys)
        for segment, rows in groupby(found, key=itemgetter(0)):
            yield from self._read(segment, {row: record for _, row, record in rows})

    def shelve(self, keys: Iterable[RecordKey], work: Work | None = None) -> StoredShelf:
        """The kept articles of these records as a shelf; `work` makes what columns there aren't yet.

        Records asked for count as being there, as with `get`. What isn't kept, or can't be read, is not on the shelf.
        """
        found = self._look_up("segment, row, record, article_id", keys)
        tables: dict[str, pa.Table] = {}
        for segment in sorted({row[0] for row in found}):
            try:
                tables[segment] = self._open_columns(segment, work)
            except UNREADABLE as error:
                self._drop(segment, str(error))
        names = tuple(tables)
        number = {name: i for i, name in enumerate(names)}
        places = sorted((article_id, number[s], row, record) for s, row, record, article_id in found if s in number)
        segments, rows, records = (np.array([place[i] for place in places], np.int64) for i in (1, 2, 3))
        columns = spread(KEPT_COLUMNS, list(tables.values()), segments, rows)
        return StoredShelf(columns, records.astype(np.int32), names, segments, rows, self._read_some)

    def _open_columns(self, segment: str, work: Work | None) -> pa.Table:
        return open_columns(self._columns, segment, code_fingerprint(), self._encoded(segment), work)

    def _encoded(self, segment: str) -> Iterator[bytes]:
        """All encoded articles of a segment, row by row."""
        rows = self._index.execute("SELECT rows FROM segments WHERE name = ?", (segment,)).fetchone()[0]
        return (data for _, data in read_rows(self._segments / segment, range(rows)))

    def _read_some(self, segment: str, rows: Sequence[int]) -> Iterator[tuple[int, Article]]:
        try:
            for row, data in read_rows(self._segments / segment, rows):
                yield row, decode_article(data)
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
        found = self._look_up("segment, article_id, outcome", keys)
        whole = {segment for segment in {row[0] for row in found} if self._is_whole(segment)}
        return {article_id: Outcome(outcome) for segment, article_id, outcome in found if segment in whole}

    def left_over(self, listed: pa.Array) -> Iterator[tuple[RecordKey, str]]:
        """The key and the raw file of each kept record that isn't among those listed (by id) and had been read.

        They count as being there. Articles that were examined under another fingerprint are kept as they are: there is
        nothing left to examine. Raises RunError if one is kept in a form that this version can't read.
        """
        there = set(listed.to_pylist())
        rows = self._index.execute(
            "SELECT segment, row, article_id, entries.fields, outcome, fingerprint FROM entries"
            " JOIN segments ON segments.name = segment WHERE outcome != ? ORDER BY segment, row",
            (Outcome.QUARANTINED.value,),
        ).fetchall()
        rows = [row for row in rows if row[2] not in there]
        for segment, own in groupby(rows, key=itemgetter(0)):
            found = {row[1]: row for row in own}
            for number, article in self._read_some(segment, sorted(found)):
                _, _, article_id, fields, outcome, fingerprint = found[number]
                key = RecordKey(article_id, fields, article.source.record)
                if fingerprint == self.fingerprint:
                    self._look_up("segment", [key])
                else:
                    self.put_encoded(key, Outcome(outcome), encode_article(article))
                yield key, article.source.path

    def _look_up(self, columns: str, keys: Iterable[RecordKey]) -> list[tuple[Any, ...]]:
        self._questions += 1
        with one_line(self.folder), self._index:
            self._index.execute("BEGIN")
            asked = ((*key, self._questions) for key in keys)
            self._index.executemany("INSERT OR REPLACE INTO wanted VALUES (?, ?, ?, ?)", asked)
        query = (
            f"SELECT {columns} FROM wanted JOIN entries USING (article_id, fields)"  # noqa: S608 - the columns are ours
            " JOIN segments ON segments.name = segment WHERE fingerprint = ? AND question = ? ORDER BY segment, row"
        )
        return self._index.execute(query, (self.fingerprint, self._questions)).fetchall()

    def _is_whole(self, segment: str) -> bool:
        if segment not in self._verified:
            self._verified[segment] = is_whole(self._segments / segment)
            if not self._verified[segment]:
                self._drop(segment, "its bytes have changed or are gone")
        return self._verified[segment]

    def _drop(self, segment: str, reason: str) -> None:
        """Forget a damaged segment at once: a run that fails for it finds it gone the next time."""
        self.repaired.append(f"{self._segments / segment} is damaged ({reason}); its records are examined again")
        with one_line(self.folder), self._index:
            self._index.execute("DELETE FROM entries WHERE segment = ?", (segment,))
            self._index.execute("DELETE FROM segments WHERE name = ?", (segment,))

    def _read(self, segment: str, records: dict[int, int]) -> Iterator[Article]:
        try:
            for row, data in read_rows(self._segments / segment, list(records)):
                article = decode_article(data)
                yield replace(article, source=replace(article.source, record=records[row]))
        except UNREADABLE as error:
            self._drop(segment, str(error))

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
            self._sweep()
            segments = [name for (name,) in self._index.execute("SELECT name FROM segments")]
            sweep_columns(self._columns, segments, code_fingerprint())

    def _commit(self, forget_missing: bool) -> None:
        self._flush()
        with self._index:
            self._index.execute("BEGIN")
            for segment, entries in self._written:
                self._enter(segment, entries)
            if forget_missing:
                self._forget_missing()
            self._index.execute(
                "DELETE FROM entries WHERE segment IN (SELECT name FROM segments WHERE fingerprint != ?)",
                (self.fingerprint,),
            )
            self._compact()
            self._index.execute("DELETE FROM segments WHERE name NOT IN (SELECT segment FROM entries)")
        self._written = []

    def close(self) -> None:
        """Let go of the index. What was put and not committed is forgotten."""
        self._made.drop()
        self._index.close()

    def _count(self, condition: str) -> int:
        query = f"SELECT count(*) FROM entries WHERE {condition}"  # noqa: S608 - the condition is ours
        return int(self._index.execute(query, (self.fingerprint,)).fetchone()[0])

    def _flush(self) -> None:
        if not self._waiting:
            return
        with one_line(self._segments):
            segment = write_segment(self._segments, self.fingerprint, self._waiting)
            self._made.keep(segment.name, code_fingerprint(), segment.rows)
        self._written.append((segment, [(kept.article_id, kept.fields, kept.outcome) for kept in self._waiting]))
        self._waiting, self._waiting_bytes = [], 0

    def _enter(self, segment: Segment, entries: list[Entry]) -> None:
        self._index.execute(
            "INSERT OR REPLACE INTO segments VALUES (?, ?, ?)", (segment.name, segment.fingerprint, segment.rows)
        )
        rows = [
            (article_id, fields, outcome, segment.name, row)
            for row, (article_id, fields, outcome) in enumerate(entries)
        ]
        self._index.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)", rows)
        keys = [(article_id, fields) for article_id, fields, _ in entries]
        self._index.executemany("INSERT OR IGNORE INTO wanted VALUES (?, ?, 0, 0)", keys)

    def _forget_missing(self) -> None:
        self._index.execute(
            "DELETE FROM entries WHERE (article_id, fields) NOT IN (SELECT article_id, fields FROM wanted)"
        )

    def _compact(self) -> None:
        """Write the living articles of half-empty segments, and of small ones once they are many, into new ones."""
        query = "SELECT name, rows, count(*) FROM segments JOIN entries ON segment = name GROUP BY name ORDER BY name"
        sizes = self._index.execute(query).fetchall()
        half_empty = [name for name, rows, living in sizes if living * 2 < rows]
        small = [name for name, _, living in sizes if living * 2 < SEGMENT_ROWS and name not in half_empty]
        before = len(self._written)
        for name in half_empty + (small if len(small) >= SMALL_SEGMENTS else []):
            self._copy_living(name)
        self._flush()
        for segment, entries in self._written[before:]:
            self._enter(segment, entries)

    def _copy_living(self, name: str) -> None:
        query = "SELECT row, article_id, fields, outcome FROM entries WHERE segment = ?"
        found = self._index.execute(query, (name,))
        entries: dict[int, Entry] = {row: (article_id, fields, outcome) for row, article_id, fields, outcome in found}
        try:
            living = [Kept(*entries[row], data) for row, data in read_rows(self._segments / name, list(entries))]
        except READ_ERRORS:
            self._index.execute("DELETE FROM entries WHERE segment = ?", (name,))
            return
        for kept in living:
            self._waiting.append(kept)
            if len(self._waiting) >= SEGMENT_ROWS:
                self._flush()

    def _sweep(self) -> None:
        """Remove segments that the index doesn't know: a killed run's, or those that were merged into others."""
        known = {name for (name,) in self._index.execute("SELECT name FROM segments")}
        for path in self._segments.iterdir():
            if path.name not in known:
                path.unlink()

    def _open_index(self) -> sqlite3.Connection:
        path = self.folder / "index.sqlite"
        try:
            index, known = _connect(path)
            if known:
                return index
        except sqlite3.DatabaseError as error:
            if not is_damaged(error):
                raise
            self.repaired.append(f"{path} is damaged ({error}); made again from the segments")
            for leftover in self.folder.glob("index.sqlite*"):
                leftover.unlink()
            index, _ = _connect(path)
        self._read_all_keys(index)
        return index

    def _read_all_keys(self, index: sqlite3.Connection) -> None:
        self._index = index
        with index:
            index.execute("BEGIN")
            for path in sorted(self._segments.glob("*.parquet")):
                try:
                    self._enter(*read_entries(path))
                except READ_ERRORS as error:
                    self.repaired.append(f"{path} is damaged ({error}); its records are examined again")
            index.execute("DELETE FROM wanted")


def _connect(path: Path) -> tuple[sqlite3.Connection, bool]:
    """The index, checked, and whether it was there before. Raises sqlite3.DatabaseError if it is damaged."""
    index = sqlite3.connect(path, isolation_level=None)
    try:
        index.execute("PRAGMA journal_mode = WAL")
        index.execute("PRAGMA synchronous = NORMAL")  # A lost last transaction costs time, not data.
        (verdict,) = index.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        known = index.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchone()
        (made_by,) = index.execute("PRAGMA user_version").fetchone()
        if known and made_by != INDEX_FORMAT:
            raise sqlite3.DatabaseError(f"its format is {made_by}, here it is {INDEX_FORMAT}")
        index.executescript(TABLES)
        index.execute(f"PRAGMA user_version = {INDEX_FORMAT}")
    except sqlite3.DatabaseError:
        index.close()
        raise
    return index, known is not None


def find_kept(folder: Path, article_id: str) -> Article | None:
    """The article of this id as it was examined, with all evidence; None if it isn't kept, or no longer readable.

    Changes nothing, so it may be asked while a run is at work.
    """
    query = "SELECT segment, row FROM entries WHERE article_id = ? ORDER BY fields"
    try:
        with closing(sqlite3.connect(f"{(folder / 'index.sqlite').absolute().as_uri()}?mode=ro", uri=True)) as index:
            places = index.execute(query, (article_id,)).fetchall()
    except sqlite3.DatabaseError:
        return None
    for segment, row in places:
        try:
            return next(decode_article(data) for _, data in read_rows(folder / "segments" / segment, [row]))
        except UNREADABLE:
            continue
    return None
