"""Work in threads gives what work in one gives."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from copydesk.machine.threads import AHEAD, map_in_threads


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_are_in_the_order_of_the_items(threads: int) -> None:
    """However many threads there are, and whether or not there are items."""
    assert list(map_in_threads(str, range(40), threads)) == [str(n) for n in range(40)]
    assert list(map_in_threads(str, [], threads)) == []


def test_one_thread_is_this_one() -> None:
    """Nothing is started for it."""
    assert list(map_in_threads(lambda _: threading.current_thread(), [1], 1)) == [threading.current_thread()]
    assert list(map_in_threads(lambda _: threading.current_thread(), [1], 2)) != [threading.current_thread()]


def test_items_are_not_taken_far_ahead() -> None:
    """A stream of parts is held a few at a time."""
    taken: list[int] = []

    def parts() -> Iterator[int]:
        for n in range(100):
            taken.append(n)
            yield n

    results = map_in_threads(abs, parts(), 2)
    assert next(results) == 0
    assert len(taken) <= 2 * AHEAD + 1


def test_errors_are_raised_here() -> None:
    """What the function raises ends the work."""
    with pytest.raises(ZeroDivisionError):
        list(map_in_threads(lambda n: 1 // n, [1, 0, 1], 2))
