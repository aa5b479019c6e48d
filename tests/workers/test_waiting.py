"""Connections that have something to say are told from those that don't."""

from __future__ import annotations

from multiprocessing.connection import Pipe

from copydesk.workers.waiting import has_answer, ready


def test_only_connections_with_an_answer_are_named() -> None:
    """Of several, those that can be read, at once."""
    (first, first_end), (second, second_end) = Pipe(), Pipe()
    with first, first_end, second, second_end:
        assert ready([first, second], 0) == set()
        second_end.send_bytes(b"done")
        assert ready([first, second], 60) == {second.fileno()}
        assert (has_answer(first), has_answer(second)) == (False, True)
        assert second.recv_bytes() == b"done"
        assert not has_answer(second)


def test_a_connection_whose_other_end_is_gone_can_be_read() -> None:
    """So that a dead worker is noticed at once: reading then says that it is gone."""
    mine, theirs = Pipe()
    with mine:
        theirs.close()
        assert ready([mine], 60) == {mine.fileno()}


def test_no_connections_no_answers() -> None:
    """Nobody to wait for."""
    assert ready([], 0) == set()
