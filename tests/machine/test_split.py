"""A process that goes on from where another one is."""

from __future__ import annotations

import signal
import subprocess
import sys

from copydesk.machine.split import LOST

PREPARE = """
import os, socket, sys, time
from copydesk.machine.split import split_off, stand_alone
mine, theirs = socket.socketpair()
def job():
    stand_alone(theirs.fileno())
    {job}
split = split_off(job)
theirs.close()
"""


def _run(job: str, then: str) -> str:
    code = PREPARE.format(job=job) + then
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.strip()


def test_it_has_what_was_imported_and_its_end_of_the_socket():
    """Nothing is imported twice, and it answers over the descriptor that it was left."""
    job = "theirs.sendall(repr(sys.modules['copydesk.machine.split'] is not None).encode())"
    assert _run(job, "print(mine.recv(9).decode(), split.wait(), split.poll())") == "True 0 0"


def test_it_hears_when_its_user_is_gone():
    """The other end of the socket is closed in it, as all else that its user has open."""
    job = "theirs.sendall(str(len(os.listdir('/proc/self/fd'))).encode()); theirs.recv(1); os._exit(7)"
    # The three streams, its end of the socket, and the list itself, which is read through a number, too.
    assert _run(job, "print(mine.recv(9).decode()); mine.close(); print(split.wait())") == "5\n7"


def test_it_is_a_session_of_its_own():
    """Ctrl-C on the terminal reaches only its user."""
    job = "theirs.sendall(str(os.getsid(0) == os.getpid()).encode())"
    assert _run(job, "print(mine.recv(9).decode())") == "True"


def test_what_it_raises_ends_it_alone():
    """An error in it is its status, and nothing that its user had to tidy up is done twice."""
    then = "print(split.wait())\nimport atexit; atexit.register(print, 'tidied up')"
    assert _run("raise KeyError(1)", then) == "1\ntidied up"


def test_it_is_killed():
    """Whoever is still at work ends; to end it again does nothing."""
    then = "print(split.poll()); split.kill(); print(split.wait()); split.kill()"
    assert _run("time.sleep(60)", then) == f"None\n{-signal.SIGKILL}"


def test_nobody_may_wait_for_it():
    """Who ignores what becomes of children learns no status, and isn't kept waiting."""
    then = "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN); mine.close(); print(split.wait())"
    assert _run("theirs.recv(1)", then) == str(LOST)


NURSERY = """
from copydesk.machine import lean
lean.begin()
import threading, copydesk.running.examining
from copydesk.settings import RunningSettings
from copydesk.workers import ProcessEngine
from copydesk.workers.nursery import nursery
from copydesk.machine.split import Split
{before}
print(isinstance(nursery(shared=True)._process, Split))
print(list(ProcessEngine(2, RunningSettings()).map(len, ["a", "bcd"], len)))
"""


def _examine(before: str) -> str:
    code = NURSERY.format(before=before)
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_workers_come_from_it():
    """A process that is ours alone needn't start another one for its workers."""
    assert _examine("") == "True\n[1, 3]"


def test_a_process_with_threads_is_not_split():
    """A lock that another thread holds would be held for ever in the part that was split off."""
    assert _examine("threading.Thread(target=threading.Event().wait, daemon=True).start()") == "False\n[1, 3]"
