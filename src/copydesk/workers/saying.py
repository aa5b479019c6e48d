"""What a worker has to say, held back for a moment: each message by itself costs both sides a call of the system.

A text of a few paragraphs takes half a millisecond to be examined, and to send, to wake who waits for it and to read it
took a tenth of that. So answers go in dozens. What is held is lost where the worker dies; then nobody knows which item
it was at, and the rest of the group is done again by a worker that holds nothing back (`careful`).
"""

from __future__ import annotations

import os
import time
from multiprocessing.connection import Connection
from typing import Any

from copydesk.workers.waiting import SIZE

HELD_BYTES = 1 << 16
"""What is held at most: a third of what a socket takes before its writer has to wait."""

HELD_SECONDS = 0.05
"""How long it is held at most, once there is something more to say: a page may take that long by itself."""


class Speaker:
    """Sends messages of less than two gigabytes as `Connection.send_bytes` does, several at once.

    >>> from multiprocessing.connection import Pipe
    >>> mine, theirs = Pipe()
    >>> speaker = Speaker(theirs)
    >>> speaker.say(b"one"); speaker.say(b"two"); mine.poll()
    False
    >>> speaker.send(); mine.recv_bytes(), mine.recv_bytes()
    (b'one', b'two')
    """

    __slots__ = ("_connection", "_held", "_held_bytes", "_since", "careful")

    def __init__(self, connection: Connection[Any, Any]) -> None:
        self._connection = connection
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._since = 0.0
        self.careful = False

    def say(self, *parts: bytes) -> None:
        """Send these parts as one message, now or soon."""
        now = time.monotonic()
        if not self._held:
            self._since = now
        size = sum(map(len, parts))
        self._held += (SIZE.pack(size), *parts)
        self._held_bytes += size
        if self.careful or self._held_bytes >= HELD_BYTES or now - self._since >= HELD_SECONDS:
            self.send()

    def send(self) -> None:
        """Send what is held."""
        left = memoryview(b"".join(self._held))
        self._held, self._held_bytes = [], 0
        while left:
            left = left[os.write(self._connection.fileno(), left) :]
