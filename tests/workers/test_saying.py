"""Messages go several at once, and none is held back for long."""

from __future__ import annotations

import threading
from multiprocessing.connection import Pipe

from copydesk.workers.saying import HELD_BYTES, Speaker
from copydesk.workers.waiting import Answers


def test_messages_wait_for_each_other() -> None:
    """Nothing is sent before it is asked for, then everything at once, in order, empty messages too."""
    mine, theirs = Pipe()
    with mine, theirs:
        speaker = Speaker(theirs)
        for message in (b"one", b"", b"three"):
            speaker.say(message)
        assert not mine.poll()
        speaker.send()
        assert Answers(mine).read() == [b"one", b"", b"three"]
        speaker.send()
        assert not mine.poll()


def test_the_careful_hold_nothing_back() -> None:
    """Each message is sent at once: what was said is then known, however the speaker ends."""
    mine, theirs = Pipe()
    with mine, theirs:
        speaker = Speaker(theirs)
        speaker.careful = True
        speaker.say(b"r", b"est")
        assert Answers(mine).read() == [b"rest"]


def test_much_is_not_held() -> None:
    """What is enough for a call of the system goes at once, also where it is more than the connection takes."""
    mine, theirs = Pipe()
    with mine, theirs:
        speaker = Speaker(theirs)
        text = b"x" * (8 * HELD_BYTES)
        sender = threading.Thread(target=speaker.say, args=(text,))
        sender.start()
        assert mine.recv_bytes() == text
        sender.join()
