"""The walk of the language detector, for machine code."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from copydesk.machine.compiling import digest_sources, machine_code

KEPT_AS = f"walk_{digest_sources([Path(__file__)])}"
"""The name under which the machine code is kept."""


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


@cache
def compiled_walk() -> Any:
    """The walk as machine code, kept on disk."""
    return machine_code(_walk, kept_as=KEPT_AS)
