"""Python's search for cycles of objects, made rarer while millions of objects are made that have none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = (50_000, 20, 100)
"""New objects between two looks at the young ones, and how many of these make a look at older ones. Articles hold no
cycles, and each look goes through all that is held: with Python's own 700 it was a tenth of a run's main process."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """While this holds, objects are looked through rarely; afterwards as often as before."""
    before = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
