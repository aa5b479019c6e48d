"""One protocol for parallel work: a pure function over items, results in the order of the items.

Items are grouped by size before they travel, so that a worker gets some hundred plain texts or a few heavy pages at a
time, and no more than a few groups wait: memory stays bounded however long the stream is.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import chain, islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

GROUP_BYTES = 512 * 1024
"""Size of a group of items. Smaller ones spend their time travelling, larger ones leave workers idle at the end."""
GROUPS_AHEAD = 3
"""Groups per worker that are read before the first is done: bounds memory, keeps workers fed."""
SERIAL_GROUPS = 2
"""So little work isn't worth a worker's start (about 1.5 s with all imports)."""


def map_items(
    function: Callable[[Item], Result], items: Iterable[Item], size: Callable[[Item], int], workers: int
) -> Iterator[Result]:
    """The results of `function`, in the order of the items, from `workers` processes (this one, if 1).

    `function` must be importable and pure; `size` gives an item's bytes. No items give no results.
    """
    groups = group_by_size(items, size)
    first = list(islice(groups, SERIAL_GROUPS + 1))
    everything = chain(first, groups)
    if workers <= 1 or len(first) <= SERIAL_GROUPS:
        for group in everything:
            yield from map(function, group)
        return
    yield from _map_in_pool(function, everything, workers)


def group_by_size(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    """The items in groups of about `GROUP_BYTES`, in order.

    >>> [len(group) for group in group_by_size(["x" * 300_000] * 3, len)]
    [2, 1]
    """
    group: list[Item] = []
    total = 0
    for item in items:
        group.append(item)
        total += size(item)
        if total >= GROUP_BYTES:
            yield group
            group, total = [], 0
    if group:
        yield group


def _map_in_pool(function: Callable[[Item], Result], groups: Iterable[list[Item]], workers: int) -> Iterator[Result]:
    # Spawned, not forked: a flow runs in threads, and a fork takes their locks along.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting: deque[Future[list[Result]]] = deque()
        for group in groups:
            waiting.append(pool.submit(partial(_map_group, function), group))
            if len(waiting) >= workers * GROUPS_AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _map_group(function: Callable[[Item], Result], group: list[Item]) -> list[Result]:
    return [function(item) for item in group]
