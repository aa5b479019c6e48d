"""Parallel work gives what serial work gives."""

from hypothesis import given
from hypothesis import strategies as st

from copydesk.workers import GROUP_BYTES, group_by_size, map_items


def double(number: int) -> int:
    """Give twice the number; importable, so that a worker process finds it."""
    return 2 * number


def heavy(_: object) -> int:
    """Give a size of a third of a group."""
    return GROUP_BYTES // 3


def test_pool_gives_results_in_the_order_of_the_items():
    """Two processes give the same results in the same order as none."""
    numbers = list(range(40))
    assert list(map_items(double, numbers, heavy, workers=2)) == list(map_items(double, numbers, heavy, workers=1))


def test_nothing_in_nothing_out():
    """An empty stream needs no worker."""
    assert list(map_items(double, [], heavy, workers=2)) == []


def test_little_work_starts_no_worker():
    """A handful of items is done here: a function that no worker could import still works."""
    assert list(map_items(lambda n: n + 1, [1, 2], heavy, workers=2)) == [2, 3]


@given(st.lists(st.integers(0, 2 * GROUP_BYTES)))
def test_groups_keep_every_item_in_order(sizes: list[int]):
    """Grouping loses nothing, reorders nothing, and makes no empty group."""
    groups = list(group_by_size(sizes, lambda size: size))
    assert [size for group in groups for size in group] == sizes
    assert all(groups)
