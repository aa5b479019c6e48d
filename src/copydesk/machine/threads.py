"""Work on parts of arrays in threads: for loops that spend their time where Python's lock isn't held.

No process has to be started for it, and nothing travels. What is half Python's own goes quicker in forks (`forks.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_THREADS = 4
"""Some of the work is Python's own, which one thread does at a time: more of them would hold parts and wait."""

AHEAD = 2
"""Items per thread that are taken before the oldest result is: bounds what is held."""


def map_in_threads(function: Callable[[Item], Result], items: Iterable[Item], threads: int) -> Iterator[Result]:
    """The results of a function, in the order of the items, which are taken one by one in this thread.

    With one thread there is no other. What the function raises is raised here, and nothing more is begun.

    >>> list(map_in_threads(abs, [-1, 2, -3], 2))
    [1, 2, 3]
    """
    threads = min(threads, MOST_THREADS)
    if threads <= 1:
        yield from map(function, items)
        return
    left = iter(items)
    with ThreadPoolExecutor(threads, thread_name_prefix="copydesk") as pool:
        try:
            waiting: deque[Future[Result]] = deque(
                pool.submit(function, item) for item in islice(left, AHEAD * threads)
            )
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(pool.submit(function, item) for item in islice(left, 1))
        finally:
            pool.shutdown(cancel_futures=True)
