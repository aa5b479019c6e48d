"""Columns of lists are read where they lie."""

import numpy as np
import pyarrow as pa

from copydesk.duplicates.lists import hold_lists, read_lists
from copydesk.spread import spread

TABLE = pa.table({"n": pa.array([[1, 2], [], [3], [4, 5, 6]], pa.list_(pa.uint32()))})


def test_rows_of_several_pieces_come_in_the_order_asked_for() -> None:
    """Whichever piece they lie in; a row may be asked for twice, and an empty list is one."""
    own = spread(TABLE.schema, [TABLE.slice(2), TABLE.slice(0, 2)], np.array([1, 0, 1, 0]), np.array([0, 1, 1, 0]))
    lists = read_lists(own, "n")
    assert lists.sizes().tolist() == [2, 3, 0, 1]
    values, starts = lists.take(np.array([3, 2, 1, 3]))
    assert (values.tolist(), starts.tolist()) == ([3, 4, 5, 6, 3], [0, 1, 1, 4, 5])
    assert values.dtype == np.uint32


def test_what_is_copied_is_of_the_type_of_what_lies_in_a_file() -> None:
    """Both are read-only: machine code would be compiled once more for an array that may be written to."""
    values, _ = read_lists(TABLE, "n").take(np.array([0]))
    assert not values.flags.writeable


def test_pieces_name_their_rows_and_whose_they_are() -> None:
    """Only pieces that hold a row that is asked for."""
    own = spread(TABLE.schema, [TABLE.slice(2), TABLE.slice(0, 2)], np.array([1, 0, 1, 0]), np.array([0, 1, 1, 0]))
    ((flat, rows, at),) = read_lists(own, "n").by_piece(np.array([0, 2]))
    assert (flat[0].tolist(), rows.tolist(), at.tolist()) == ([1, 2], [0, 1], [0, 1])


def test_nothing_has_no_lists() -> None:
    """No rows at all, and none of some."""
    assert [part.tolist() for part in read_lists(TABLE.slice(0, 0), "n").take(np.zeros(0, np.int64))] == [[], [0]]
    held = hold_lists(np.array([7, 8], np.uint64), np.array([0, 1, 2]))
    assert [part.tolist() for part in held.take(np.zeros(0, np.int64))] == [[], [0]]
    assert held.take(np.array([1]))[0].tolist() == [8]
