"""How far a run has come with its raw files."""

from __future__ import annotations

from collections.abc import Sequence

from copydesk.article import RawRecord
from copydesk.reading import RawFile


class Shares:
    """How much of the raw files each record stands for, in bytes of the files as they lie there, so that it adds up to
    all of them: how many records they hold, nobody knows before the last one is read.

    A packed file is used up before its last record, and its share is then 0: the bar waits, and doesn't run ahead.
    """

    def __init__(self, files: Sequence[RawFile]) -> None:
        self._sizes = {file.path: file.size_bytes for file in files}
        self._left = sum(self._sizes.values())
        self._path, self._in_file = "", 0
        self._records = 0

    def of(self, record: RawRecord) -> int:
        """The share of the next record, in the order of the files: what lies before it in other files included."""
        skipped = 0
        if record.source.path != self._path:
            skipped, self._path = self._in_file, record.source.path
            self._in_file = self._sizes.pop(self._path, 0)
        here = min(len(record.content), self._in_file)
        self._in_file -= here
        self._left -= skipped + here
        self._records += 1
        return skipped + here

    def rest(self) -> int:
        """What no record stood for: markup around them, files without any."""
        rest, self._left = self._left, 0
        return rest

    def note(self, known: int) -> str:
        """How many records there were so far."""
        return f"{self._records:,} records, {known:,} known already"
