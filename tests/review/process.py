"""A review in a thread, and one in a process of its own, to be ended and killed."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from copydesk.review.desk import Desk
from copydesk.review.server import ReviewServer

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/[\w-]{43}/")


@contextmanager
def reviewing(clean: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A review in a process of its own, and its address."""
    command = [sys.executable, "-m", "copydesk.cli", "review", "--clean", str(clean), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        found = ADDRESS.search(process.stdout.readline())
        assert found
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()


@contextmanager
def serving(desk: Desk) -> Iterator[ReviewServer]:
    """A server of this desk at work, on a port of its own."""
    server = ReviewServer(desk)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
