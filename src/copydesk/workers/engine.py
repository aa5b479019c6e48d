"""One protocol for parallel work, and its simplest engine.

Items are grouped by size before they travel, so that a worker gets some hundred plain texts or a few heavy pages at a
time, and no more than a few groups wait: memory stays bounded however long the stream is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from copydesk.article import Refusal

Item = TypeVar("Item")
Result = TypeVar("Result")

GROUP_BYTES = 512 * 1024
"""Size of a group of items. Smaller ones spend their time travelling, larger ones leave workers idle at the end."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a worker says about the last `count` results that it gave; nothing (0) where it died over it."""

    count: int
    value: bytes


@dataclass(frozen=True, slots=True)
class GroupWork:
    """Work on groups: something is made of each item and sent, and something is said about all that was made.

    For what pays only for many at once. It stands for a function in `map`: the results are what `send` gives, and
    behind those of each group comes a `Summary`. `prepare` is a `module:function` that makes the process that workers
    come from ready, at once for all of them; `group_bytes` is about how large a group shall be.
    """

    make: Callable[[Any], Any]
    send: Callable[[Any], Any]
    sum_up: Callable[[Sequence[Any]], bytes]
    prepare: str = ""
    group_bytes: int = GROUP_BYTES

    def do(self, items: Iterable[Any]) -> Iterator[Any]:
        """What comes of a group: a result for each item, then what is said about them."""
        made = []
        for item in items:
            made.append(self.make(item))
            yield self.send(made[-1])
        yield Summary(len(made), self.sum_up(made))


def do_all(function: Callable[[Any], Any] | GroupWork, items: Iterable[Any]) -> Iterator[Any]:
    """What comes of a group of items by either kind of work.

    >>> list(do_all(GroupWork(str.encode, len, b" ".join), ["ice", "port"]))
    [3, 4, Summary(count=2, value=b'ice port')]
    """
    return function.do(items) if isinstance(function, GroupWork) else map(function, items)


class Engine(Protocol):
    """Someone who does work: here, in worker processes, or on a cluster. All give the same."""

    def map(
        self, function: Callable[[Item], Result] | GroupWork, items: Iterable[Item], size: Callable[[Item], int]
    ) -> Generator[Result | Refusal, None, None]:
        """The results of `function`, in the order of the items; a refusal for an item that no worker survived.

        `function` must be importable and pure; `size` gives an item's bytes. No items give no results.
        """


class SerialEngine:
    """All work in this process, without any protection: for functions that need none, and to compare others with."""

    def map(
        self, function: Callable[[Item], Result] | GroupWork, items: Iterable[Item], size: Callable[[Item], int]
    ) -> Generator[Result | Refusal, None, None]:
        """The results of `function`, one after the other; what it raises is raised here."""
        if isinstance(function, GroupWork):
            for group in group_by_size(items, size, function.group_bytes):
                yield from function.do(group)
        else:
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
