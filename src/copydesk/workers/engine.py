"""One protocol for parallel work, and its simplest engine.

Items are grouped by size before they travel, so that a worker gets some hundred plain texts or a few heavy pages at a
time, and no more than a few groups wait: memory stays bounded however long the stream is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Protocol, TypeVar

from copydesk.article import Refusal

Item = TypeVar("Item")
Result = TypeVar("Result")

GROUP_BYTES = 512 * 1024
"""Size of a group of items. Smaller ones spend their time travelling, larger ones leave workers idle at the end."""


class Engine(Protocol):
    """Someone who does work: here, in worker processes, or on a cluster. All give the same."""

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], size: Callable[[Item], int]
    ) -> Generator[Result | Refusal, None, None]:
        """The results of `function`, in the order of the items; a refusal for an item that no worker survived.

        `function` must be importable and pure; `size` gives an item's bytes. No items give no results.
        """


class SerialEngine:
    """All work in this process, without any protection: for functions that need none, and to compare others with."""

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], size: Callable[[Item], int]
    ) -> Generator[Result | Refusal, None, None]:
        """The results of `function`, one after the other; what it raises is raised here."""
        del size
        yield from map(function, items)


def group_by_size(items: Iterable[Item], size: Callable[[Item], int], limit: int = GROUP_BYTES) -> Iterator[list[Item]]:
    """The items in groups of about `limit` bytes, in order.

    >>> [len(group) for group in group_by_size(["x" * 300_000] * 3, len)]
    [2, 1]
    """
    group: list[Item] = []
    total = 0
    for item in items:
        group.append(item)
        total += size(item)
        if total >= limit:
            yield group
            group, total = [], 0
    if group:
        yield group
