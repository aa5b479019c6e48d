"""The walk of the language detector as machine code. Imported only where the compiler is loaded already."""

from __future__ import annotations

from typing import Any

import numba as nb


def _walk(text: Any, moves: Any, rows: Any, met: Any, room: Any, found: Any, counts: Any) -> int:
    """How many different things are met on the way of a text; they stand in `found` in the order in which each is first
    met (which is the order of the sum that follows, so it is kept), and in `counts` how often.

    `room` has a zero for each thing that can be met, and is left so.
    """
    state, size = 0, 0
    for letter in text:
        state = moves[rows[state] + letter]
        thing = met[state]
        if thing >= 0:
            if room[thing] == 0:
                found[size] = thing
                size += 1
            room[thing] += 1
    for i in range(size):
        counts[i] = room[found[i]]
        room[found[i]] = 0
    return size


def _compiled() -> Any:
    """The walk, compiled when first taken and kept on disk; in memory only where no folder can be written."""
    try:
        return nb.njit(cache=True, nogil=True)(_walk)
    except RuntimeError:
        return nb.njit(nogil=True)(_walk)


walk = _compiled()
