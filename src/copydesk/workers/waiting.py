"""Which workers have something to say, and what.

`ready` is `multiprocessing.connection.wait`, which builds a table of everything it waits for anew and takes fifteen
microseconds for that, three times for each answer: a twentieth of what a plain text costs in all. `Answers` is
`Connection.recv_bytes`, which reads twice for each answer and can't tell whether another one is there.
"""

from __future__ import annotations

import math
import os
import select
import struct
from collections.abc import Iterable
from multiprocessing.connection import Connection
from typing import Any


def ready(connections: Iterable[Connection[Any, Any]], seconds: float) -> set[int]:
    """The file numbers of the connections that can be read, or whose other end is gone; waits so long for the first.

    >>> from multiprocessing.connection import Pipe
    >>> mine, theirs = Pipe()
    >>> ready([mine], 0) == set()
    True
    >>> theirs.send_bytes(b"done")
    >>> ready([mine], 10) == {mine.fileno()}
    True
    """
    poll = select.poll()
    for connection in connections:
        poll.register(connection.fileno(), select.POLLIN)
    return {number for number, _ in poll.poll(math.ceil(seconds * 1_000))}


READ_BYTES = 1 << 18
"""What is read at a time: as much as a socket holds."""

MOST_ROOM = 1 << 23
"""Room for a larger message isn't kept for the next one."""

SIZE, LARGE_SIZE = struct.Struct("!i"), struct.Struct("!Q")
"""How `Connection.send_bytes` says what a message's size is; before a large one stands -1."""


class Answers:
    """What comes over a connection, in large pieces: several messages at once, or parts of one.

    It is read into the same room again and again: new room for each piece would be asked of the system, and given back.

    >>> from multiprocessing.connection import Pipe
    >>> mine, theirs = Pipe()
    >>> theirs.send_bytes(b"one"); theirs.send_bytes(b"two")
    >>> Answers(mine).read()
    [b'one', b'two']
    """

    __slots__ = ("_connection", "_held", "_room")

    def __init__(self, connection: Connection[Any, Any]) -> None:
        self._connection = connection
        self._room = bytearray(READ_BYTES)
        self._held = 0
        """Bytes at the beginning of the room that belong to a message of which the rest is still to come."""

    def read(self) -> list[bytes]:
        """The messages that have come as a whole, after one read, which waits if there is nothing to be read.

        Raises EOFError where the other end is gone and has left nothing, OSError for a connection that fails.
        """
        if self._held == len(self._room):  # No more than has come is trusted to come: a size may be a lie.
            self._room += bytes(self._held)
        room = memoryview(self._room)
        count = os.readv(self._connection.fileno(), [room[self._held :]])
        if not count:
            raise EOFError
        there = room[: self._held + count]
        messages, at = [], 0
        while (place := _message_at(there, at)) is not None:
            start, at = place
            messages.append(bytes(there[start:at]))
        self._held = len(there) - at
        if not self._held and len(room) > MOST_ROOM:
            self._room = bytearray(READ_BYTES)
        elif at:
            room[: self._held] = bytes(there[at:])
        return messages


def _message_at(there: memoryview, at: int) -> tuple[int, int] | None:
    """Where the message lies of which the size stands here; None if it hasn't come yet, or only a part of it."""
    if len(there) < at + SIZE.size:
        return None
    (size,) = SIZE.unpack_from(there, at)
    start = at + SIZE.size
    if size < 0:
        if len(there) < start + LARGE_SIZE.size:
            return None
        (size,) = LARGE_SIZE.unpack_from(there, start)
        start += LARGE_SIZE.size
    return (start, start + size) if start + size <= len(there) else None
