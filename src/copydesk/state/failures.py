"""Errors of the disk and of SQLite → one line for people; and which of them mean that a file is damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from copydesk.errors import RunError

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""The primary codes of a file that is no database any more. Others (full, locked, read-only) say nothing about it, and
throwing it away would lose what is in it."""


def is_damaged(error: sqlite3.DatabaseError) -> bool:
    """Whether the error says that the file itself is broken."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return (code & 0xFF) in DAMAGED


@contextmanager
def one_line(folder: Path) -> Iterator[None]:
    """Turns errors of writing into this folder into a RunError that names it and the way out."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunError(f"{error.filename or folder}: {reason}; make room or see to the disk, then run again") from error
    except sqlite3.DatabaseError as error:
        raise RunError(f"{folder}: {error}; make room or see to the disk, then run again") from error
