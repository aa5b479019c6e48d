"""What takes things apart may die half-way: the parts before and all other items are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.workers.deeds import COMPILE_LIMITS, take_apart

from copydesk.article import Refusal
from copydesk.settings import RunningSettings
from copydesk.workers import stream_parts

LIMITS = RunningSettings(record_seconds=1, worker_bytes=1 << 30, readers=2)
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


def test_time_of_the_compiler_is_no_item_s():
    """Machine code may take longer to be made than a part may to be read."""
    found = list(stream_parts(take_apart, ["a compile b"], COMPILE_LIMITS))
    assert found == [("a compile b", part) for part in ("A", "COMPILE", "B")]


def test_one_deadly_item_behind_another():
    """Each has its own refusal."""
    assert parts("segfault", "segfault a", "b") == [("segfault", DEAD), ("segfault a", DEAD), ("b", "B")]


def test_accident_that_does_not_happen_again_leaves_no_trace(tmp_path: Path):
    """The item is taken apart once more from the start, and no part comes twice."""
    order = f"a b once:{tmp_path / 'mark'} c"
    assert [part for _, part in parts(order)] == [word.upper() for word in order.split()]


@pytest.mark.parametrize("place", [0, 2, 4])
def test_deadly_item_is_tried_twice(tmp_path: Path, place: int):
    """Also behind others in its portion, of which nothing had been heard yet; those are taken apart again once."""
    orders = [f"a{number} note:{tmp_path / str(number)}" for number in range(5)]
    orders[place] = orders[place].replace("note", "note-and-die")
    assert len(parts(*orders)) == 10
    tries = [len((tmp_path / str(number)).read_text()) for number in range(5)]
    assert tries[place] == max(tries) == 2


def test_item_before_a_deadly_one_may_have_its_own_accident(tmp_path: Path):
    """What another item did is not held against it: it is tried again after an accident of its own."""
    orders = (f"second:{tmp_path / 'notes'}", "segfault", "b")
    assert parts(*orders) == [(orders[0], orders[0].upper()), ("segfault", DEAD), ("b", "B")]


def test_several_readers_give_what_one_gives(tmp_path: Path):
    """Items of any size, deadly ones among them, one at a time or many: the order is that of the items."""
    orders = ["a b", "segfault c", "", "d", f"e once:{tmp_path / 'mark'}", "exit", "f g"] * 3
    for readers in (1, 3):
        limits = RunningSettings(record_seconds=1, readers=readers, shard_bytes=10)
        expected = [(order, word.upper()) for order in orders for word in order.split()]
        found = list(stream_parts(take_apart, orders, limits, len))
        assert [part for part in found if isinstance(part[1], str)] == [
            part for part in expected if part[1] not in {"SEGFAULT", "EXIT", "C"}
        ]


def test_reading_ahead_is_bounded():
    """What other readers give waits only up to a limit; beyond it they wait, and nothing is lost."""
    limits = RunningSettings(readers=3, shard_bytes=1, memory_bytes=16)
    orders = [" ".join(f"{letter}{number}" for number in range(2_000)) for letter in "abc"]
    found = list(stream_parts(take_apart, orders, limits, len))
    assert [part for _, part in found] == [word.upper() for order in orders for word in order.split()]


def test_mistake_of_ours_is_raised():
    """What the function raises ends the run."""
    with pytest.raises(RuntimeError, match="LookupError: a mistake of ours"):
        parts("a bug")
