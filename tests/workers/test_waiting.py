"""Connections that have something to say are told from those that don't."""

from __future__ import annotations

import os
from multiprocessing.connection import Pipe

import pytest

from copydesk.workers.waiting import SIZE, Answers, ready


def test_only_connections_with_an_answer_are_named() -> None:
    """Of several, those that can be read, at once."""
    (first, first_end), (second, second_end) = Pipe(), Pipe()
    with first, first_end, second, second_end:
        assert ready([first, second], 0) == set()
        second_end.send_bytes(b"done")
        assert ready([first, second], 60) == {second.fileno()}
        assert Answers(second).read() == [b"done"]
        assert ready([first, second], 0) == set()


def test_a_connection_whose_other_end_is_gone_can_be_read() -> None:
    """So that a dead worker is noticed at once: reading then says that it is gone."""
    mine, theirs = Pipe()
    with mine:
        theirs.close()
        assert ready([mine], 60) == {mine.fileno()}


def test_no_connections_no_answers() -> None:
    """Nobody to wait for."""
    assert ready([], 0) == set()


def test_parts_of_a_message_wait_for_the_rest() -> None:
    """A message counts when it is whole, an empty one too; what has come of the next one isn't lost."""
    mine, theirs = Pipe()
    with mine, theirs:
        answers = Answers(mine)
        whole = SIZE.pack(0) + SIZE.pack(6) + b"twelve"
        os.write(theirs.fileno(), whole[:10])
        assert answers.read() == [b""]
        os.write(theirs.fileno(), whole[10:] + SIZE.pack(3)[:2])
        assert answers.read() == [b"twelve"]
        os.write(theirs.fileno(), SIZE.pack(3)[2:] + b"end")
        assert answers.read() == [b"end"]


def test_a_size_of_more_than_two_gigabytes_is_read() -> None:
    """Behind -1 the size has eight bytes."""
    mine, theirs = Pipe()
    with mine, theirs:
        os.write(theirs.fileno(), SIZE.pack(-1) + (4).to_bytes(8) + b"port")
        assert Answers(mine).read() == [b"port"]


def test_who_is_gone_has_nothing_more_to_say() -> None:
    """What was said before is read, also where the last message has no end; then it is known."""
    mine, theirs = Pipe()
    with mine:
        theirs.send_bytes(b"last")
        os.write(theirs.fileno(), SIZE.pack(9) + b"cut")
        theirs.close()
        answers = Answers(mine)
        assert answers.read() == [b"last"]
        with pytest.raises(EOFError):
            answers.read()
