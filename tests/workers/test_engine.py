"""Grouping loses nothing, and the simplest engine does what `map` does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copydesk.workers import SerialEngine, group_by_size
from copydesk.workers.engine import GROUP_BYTES


@given(st.lists(st.integers(0, 2 * GROUP_BYTES)))
def test_groups_keep_every_item_in_order(sizes: list[int]):
    """Grouping loses nothing, reorders nothing, and makes no empty group."""
    groups = list(group_by_size(sizes, lambda size: size))
    assert [size for group in groups for size in group] == sizes
    assert all(groups)


def test_serial_engine_maps():
    """The engine without workers gives what `map` gives, also for no items."""
    assert list(SerialEngine().map(str, [1, 2], lambda _: 1)) == ["1", "2"]
    assert list(SerialEngine().map(str, [], lambda _: 1)) == []
