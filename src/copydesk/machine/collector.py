"""What a run holds: Python's search for cycles made rarer, and memory given back between steps."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes import CDLL

import pyarrow as pa

RARELY = (50_000, 20, 100)
"""New objects between two looks at the young ones, and how many of these make a look at older ones. Articles hold no
cycles, and each look goes through all that is held: with Python's own 700 it was a tenth of a run's main process."""

MANY_ARTICLES = 200_000
"""From here on memory goes back to the system between the steps of judging. Of fewer articles that is little, and to
have it again and again takes up to .8 s of a night."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """While this holds, objects are looked through rarely; afterwards as often as before."""
    before = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def trim() -> None:
    """Nothing: memory that is free goes back to the system. Unlike `give_back` it looks for no cycles, so it takes
    milliseconds, and may be asked for between the steps of a stage.

    What one step of judging needs for a moment, allocators would keep for the next ones: of a corpus of three hundred
    thousand articles a third of all memory.
    """
    pa.default_memory_pool().release_unused()
    with suppress(AttributeError, OSError):  # Only the GNU library has it; others give back by themselves.
        CDLL(None).malloc_trim(0)


def trim_between(articles: int) -> None:
    """Nothing: as `trim`, between two steps that go over so many articles, if these are MANY_ARTICLES."""
    if articles >= MANY_ARTICLES:
        trim()


def give_back() -> None:
    """Nothing: what nobody uses any more goes back to the system, as far as allocators can tell.

    Python, Arrow and the C library each keep freed memory for later. After a corpus was judged they held 455 MB, of
    which 160 were needed by nobody; publishing came on top of it.
    """
    gc.collect()
    trim()
