"""What takes things apart may die half-way: the parts before and all other items are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.workers.deeds import take_apart

from copydesk.article import Refusal
from copydesk.settings import RunningSettings
from copydesk.workers import stream_parts

LIMITS = RunningSettings(record_seconds=1, worker_bytes=1 << 30)
DEAD = Refusal("crashed", "the worker died with signal 11")


def parts(*orders: str) -> list[tuple[str, str | Refusal]]:
    """Give all parts of all orders."""
    return list(stream_parts(take_apart, orders, LIMITS))


def test_parts_come_in_order_with_their_items():
    """Each part names its item; an item without parts gives nothing."""
    assert parts("a b", "", "c") == [("a b", "A"), ("a b", "B"), ("c", "C")]
    assert parts() == []


def test_more_items_than_are_given_at_once():
    """No item is lost where one portion ends and the next begins."""
    orders = [f"x{number}" for number in range(600)]
    assert [part for _, part in parts(*orders)] == [order.upper() for order in orders]


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        ("segfault", DEAD),
        ("exit", Refusal("crashed", "the worker ended itself with status 3")),
        ("hang", Refusal("deadline", "nothing was read in 1 s")),
    ],
)
def test_deadly_part_costs_what_lies_behind_it(order: str, refusal: Refusal):
    """Parts before it are given once, a refusal stands for the rest, the next item is whole."""
    item = f"a b {order} c"
    assert parts("x", item, "y z") == [
        ("x", "X"),
        (item, "A"),
        (item, "B"),
        (item, refusal),
        ("y z", "Y"),
        ("y z", "Z"),
    ]


def test_one_deadly_item_behind_another():
    """Each has its own refusal."""
    assert parts("segfault", "segfault a", "b") == [("segfault", DEAD), ("segfault a", DEAD), ("b", "B")]


def test_accident_that_does_not_happen_again_leaves_no_trace(tmp_path: Path):
    """The item is taken apart once more from the start, and no part comes twice."""
    order = f"a b once:{tmp_path / 'mark'} c"
    assert [part for _, part in parts(order)] == [word.upper() for word in order.split()]


def test_mistake_of_ours_is_raised():
    """What the function raises ends the run."""
    with pytest.raises(RuntimeError, match="LookupError: a mistake of ours"):
        parts("a bug")
