"""Few segments, and full ones: the living articles of half-empty and of many small ones are written into others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from copydesk.state.index import Index
from copydesk.state.segments import READ_ERRORS, SEGMENT_ROWS, Kept, read_rows

SMALL_SEGMENTS = 8
"""So many segments below half the full size are merged into one. A month of nights would otherwise be thirty files."""


def choose_segments(index: Index) -> list[str]:
    """The segments that are to be written anew: half-empty ones, and small ones once they are many."""
    sizes = index.sizes(every=True)
    half_empty = [name for name, rows, living in sizes if living * 2 < rows]
    small = [name for name, _, living in sizes if living * 2 < SEGMENT_ROWS and name not in half_empty]
    return half_empty + (small if len(small) >= SMALL_SEGMENTS else [])


def read_living(index: Index, path: Path) -> Iterator[Kept]:
    """The articles of a segment that the index knows; none, and forgotten, if it is damaged. Within `changing`."""
    entries = index.entries(path.name)
    try:
        yield from [Kept(*entries[row], data) for row, data in read_rows(path, list(entries))]
    except READ_ERRORS:
        index.forget_segment(path.name)


def sweep(index: Index, folder: Path) -> None:
    """Nothing: segments that the index doesn't know are removed: a killed run's, or those merged into others."""
    known = set(index.names())
    for path in folder.iterdir():
        if path.name not in known:
            path.unlink()
