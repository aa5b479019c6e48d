"""Which large files have been read and found whole, so that not all of them are read for it every night.

    state/examined/checked.json

As with raw files, one that is the same inode with the same size and times, the time of its last change of status among
them, holds what it held; but for one that was checked so soon after it was written that it could have been changed
within the same tick of the clock. A disk that loses bits changes no time: every eighth night a file is read all the
same.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

NOTES = "checked.json"
SETTLED_NS = 2_000_000_000
"""A file must have been left alone so long before it was checked: twice the coarsest clock of a file system in use."""
NIGHTS = 7
"""So often a note is believed."""


def still_whole(notes: Path, path: Path, check: Callable[[Path], bool]) -> bool:
    """Whether the file holds what it should: as these notes say of it, or as `check` finds now."""
    known, state, name = _read(notes), _state_of(path), _name(notes, path)
    *before, left = known.pop(name, [0])
    if state and before == state and left > 0:
        _write(notes, known | {name: [*state, left - 1]})
        return True
    whole = check(path)
    _write(notes, known | {name: [*state, NIGHTS]} if whole and state else known)
    if whole and state and max(_state_of(notes), default=0) < state[-1] + SETTLED_NS:
        _write(notes, known)
    return whole


def note_written(notes: Path, path: Path) -> None:
    """Nothing: a file that this process has just written, and read to name it by its digest, counts as checked. Nobody
    else writes there while a run holds the corpus, so it needn't have been left alone first.
    """
    _write(notes, _read(notes) | {_name(notes, path): [*_state_of(path), NIGHTS]})


def note_changed(notes: Path, path: Path) -> None:
    """Nothing: a file that was found whole, and that this process alone has changed since, goes on to count as that for
    as many nights as it would have.
    """
    known, name = _read(notes), _name(notes, path)
    if name in known:
        _write(notes, known | {name: [*_state_of(path), known[name][-1]]})


def _name(notes: Path, path: Path) -> str:
    """What the notes call a file, which lies beside them or in a folder there."""
    return path.relative_to(notes.parent).as_posix()


def _state_of(path: Path) -> list[int]:
    """What marks a file as it is now, the time of its last change at the end; nothing where it is gone."""
    try:
        state = path.stat()
    except OSError:
        return []
    return [state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns]


def _read(notes: Path) -> dict[str, list[Any]]:
    """The notes; none where they are lost or damaged, for they can be made again."""
    try:
        found = json.loads(notes.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and all(isinstance(state, list) for state in found.values()) else {}


def _write(notes: Path, known: dict[str, list[Any]]) -> None:
    """Nothing: the notes on those files that are there are kept. A write that gets lost costs another look."""
    there = {name: state for name, state in known.items() if (notes.parent / name).exists()}
    part = notes.with_name(f".{notes.name}.part")
    with suppress(OSError):  # Nothing rests on it, and a full disk must not look like a damaged file.
        part.write_text(json.dumps(there, sort_keys=True), encoding="utf-8")
        part.replace(notes)
