"""The index of what was examined: which record lies in which row of which segment, in SQLite.

It says nothing that the segments don't, so a lost or damaged one is made again from them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from copydesk.article import Article, Outcome
from copydesk.state.checked import NOTES, note_changed, still_whole
from copydesk.state.failures import is_damaged, one_line
from copydesk.state.segments import (
    READ_ERRORS,
    SUFFIXES,
    UNREADABLE,
    Entry,
    RecordKey,
    Segment,
    read_entries,
    read_rows,
)
from copydesk.state.serial import decode_article

NAME = "index.sqlite"

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
CREATE TEMP TABLE missing (article_id TEXT NOT NULL, fields TEXT NOT NULL);
"""

_FORGET = """
DELETE FROM entries WHERE (article_id, fields) IN (SELECT article_id, fields FROM missing)
    AND (article_id, fields) NOT IN (SELECT article_id, fields FROM wanted)
"""


class Index:
    """The index in a folder, for what was examined under one fingerprint. Only for who holds the lock.

    Records asked for one by one count as wanted: `forget` keeps them. `repaired` takes a line for each thing that was
    found damaged and made anew.
    """

    def __init__(self, folder: Path, fingerprint: str, repaired: list[str]) -> None:
        self.folder = folder
        self.fingerprint = fingerprint
        self.repaired = repaired
        self._questions = 0
        self._user = os.getpid()
        self._database = self._open()
        self._empty = not self.ask("SELECT 1 FROM segments LIMIT 1")

    def close(self) -> None:
        """Let go of the index."""
        self._database.close()
        note_changed(self.folder / NOTES, self.folder / NAME)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """All changes within are made, or none."""
        with self._database:
            self._database.execute("BEGIN")
            yield

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows that answer a question in SQL."""
        return self._database.execute(question, values).fetchall()

    def look_up(self, columns: str, keys: Iterable[RecordKey]) -> list[tuple[Any, ...]]:
        """These columns of the entries of these records, by segment and row; they are wanted from now on."""
        if self._empty:  # as in all of a first run, of which asking took a hundredth
            return []
        self._questions += 1
        with one_line(self.folder), self.changing():
            asked = ((*key, self._questions) for key in keys)
            self._database.executemany("INSERT OR REPLACE INTO wanted VALUES (?, ?, ?, ?)", asked)
        query = (
            f"SELECT {columns} FROM wanted JOIN entries USING (article_id, fields)"  # noqa: S608 - the columns are ours
            " JOIN segments ON segments.name = segment WHERE fingerprint = ? AND question = ? ORDER BY segment, row"
        )
        return self.ask(query, self.fingerprint, self._questions)

    def count(self, *, present: bool) -> int:
        """How many articles were examined under the present fingerprint, or under others."""
        sign = "=" if present else "!="
        query = f"SELECT count(*) FROM entries WHERE segment IN (SELECT name FROM segments WHERE fingerprint {sign} ?)"  # noqa: S608 - the sign is ours
        return int(self.ask(query, self.fingerprint)[0][0])

    def sizes(self, *, every: bool = False) -> list[tuple[str, int, int]]:
        """The segments by name with their rows and how many of these the index knows; only those of the present
        fingerprint, or `every` one.
        """
        query = (
            "SELECT name, rows, living FROM segments JOIN"
            " (SELECT segment, count(*) AS living FROM entries GROUP BY segment) ON segment = name"
            " WHERE fingerprint = ? OR ? ORDER BY name"
        )
        return self.ask(query, self.fingerprint, every)

    def names(self) -> list[str]:
        """The names of all segments."""
        return [name for (name,) in self.ask("SELECT name FROM segments")]

    def rows_of(self, segment: str) -> int:
        """How many rows a segment has."""
        return int(self.ask("SELECT rows FROM segments WHERE name = ?", segment)[0][0])

    def entries(self, segment: str) -> dict[int, Entry]:
        """What the index knows of a segment's articles, by row."""
        found = self.ask("SELECT row, article_id, fields, outcome FROM entries WHERE segment = ? ORDER BY row", segment)
        return {row: Entry(*entry) for row, *entry in found}

    def read_once(self) -> list[tuple[str, int, str, str, str, str]]:
        """Segment, row, id, fields, outcome and fingerprint of all articles that could be read, by segment and row."""
        return self.ask(
            "SELECT segment, row, article_id, entries.fields, outcome, fingerprint FROM entries"
            " JOIN segments ON segments.name = segment WHERE outcome != ? ORDER BY segment, row",
            Outcome.QUARANTINED.value,
        )

    def enter(self, segment: Segment, entries: Sequence[Entry]) -> None:
        """A segment with its articles, which are wanted; within `changing`."""
        self._empty = False
        self._database.execute(
            "INSERT OR REPLACE INTO segments VALUES (?, ?, ?)", (segment.name, segment.fingerprint, segment.rows)
        )
        rows = (
            (article_id, fields, outcome, segment.name, row)
            for row, (article_id, fields, outcome) in enumerate(entries)
        )
        self._database.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)", rows)
        keys = ((article_id, fields) for article_id, fields, _ in entries)
        self._database.executemany("INSERT OR IGNORE INTO wanted VALUES (?, ?, 0, 0)", keys)

    def forget(self, missing: Iterable[tuple[str, str]] | None) -> None:
        """Forgets all records that aren't wanted; of these alone if some (id, fields) are given. Within `changing`."""
        if missing is None:
            self._database.execute(
                "DELETE FROM entries WHERE (article_id, fields) NOT IN (SELECT article_id, fields FROM wanted)"
            )
            return
        self._database.execute("DELETE FROM missing")
        self._database.executemany("INSERT INTO missing VALUES (?, ?)", missing)
        self._database.execute(_FORGET)

    def forget_others(self) -> None:
        """Forgets what was examined under other fingerprints; within `changing`."""
        self._database.execute(
            "DELETE FROM entries WHERE segment IN (SELECT name FROM segments WHERE fingerprint != ?)",
            (self.fingerprint,),
        )

    def forget_empty(self) -> None:
        """Forgets segments of which no article is known; within `changing`."""
        self._database.execute("DELETE FROM segments WHERE name NOT IN (SELECT segment FROM entries)")

    def forget_segment(self, segment: str) -> None:
        """Forgets a segment's articles; within `changing`."""
        self._database.execute("DELETE FROM entries WHERE segment = ?", (segment,))

    def drop(self, segment: str, path: Path, reason: str) -> None:
        """Forgets a damaged segment at once: a run that fails for it finds it gone the next time.

        Raises RuntimeError in a fork of who has opened the index: there it mustn't be changed, and what a fork fails at
        is done again where it was forked.
        """
        if os.getpid() != self._user:
            raise RuntimeError(f"{path} is damaged ({reason})")
        self.repaired.append(f"{path} is damaged ({reason}); its records are examined again")
        with one_line(self.folder), self.changing():
            self.forget_segment(segment)
            self._database.execute("DELETE FROM segments WHERE name = ?", (segment,))

    def _open(self) -> sqlite3.Connection:
        path = self.folder / NAME
        try:
            database, known = _connect(path)
            if known:
                return database
        except sqlite3.DatabaseError as error:
            if not is_damaged(error):
                raise
            self.repaired.append(f"{path} is damaged ({error}); made again from the segments")
            for leftover in self.folder.glob(f"{NAME}*"):
                leftover.unlink()
            database, _ = _connect(path)
        self._read_all_keys(database)
        return database

    def _read_all_keys(self, database: sqlite3.Connection) -> None:
        self._database = database
        with self.changing():
            for path in sorted((self.folder / "segments").iterdir()):
                try:
                    if path.suffix in SUFFIXES:
                        self.enter(*read_entries(path))
                except READ_ERRORS as error:
                    self.repaired.append(f"{path} is damaged ({error}); its records are examined again")
            database.execute("DELETE FROM wanted")


def _connect(path: Path) -> tuple[sqlite3.Connection, bool]:
    """The index, checked, and whether it was there before. Raises sqlite3.DatabaseError if it is damaged."""
    index = sqlite3.connect(path, isolation_level=None)
    try:
        index.execute("PRAGMA journal_mode = WAL")
        index.execute("PRAGMA synchronous = NORMAL")  # A lost last transaction costs time, not data.
        still_whole(path.with_name(NOTES), path, lambda _: _is_sound(index))
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


def _is_sound(index: sqlite3.Connection) -> bool:
    """True. Raises sqlite3.DatabaseError if it is damaged. All of it is read, a twentieth of a second for a hundred
    thousand articles, so that isn't done at every opening.
    """
    (verdict,) = index.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    return True


def find_kept(folder: Path, article_id: str) -> Article | None:
    """The article of this id as it was examined, with all evidence; None if it isn't kept, or no longer readable.

    Changes nothing, so it may be asked while a run is at work.
    """
    query = "SELECT segment, row FROM entries WHERE article_id = ? ORDER BY fields"
    try:
        with closing(sqlite3.connect(f"{(folder / NAME).absolute().as_uri()}?mode=ro", uri=True)) as index:
            places = index.execute(query, (article_id,)).fetchall()
    except sqlite3.DatabaseError:
        return None
    for segment, row in places:
        try:
            return next(decode_article(data) for _, data in read_rows(folder / "segments" / segment, [row]))
        except UNREADABLE:
            continue
    return None
