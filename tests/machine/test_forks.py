"""Work in forks gives what work in one process gives, whatever becomes of them."""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from copydesk.machine import forks
from copydesk.machine.forks import LEAST_ITEMS, map_in_forks
from copydesk.machine.work import Work

MANY = range(40)


@pytest.fixture(autouse=True)
def _ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take this process for one of ours: threads that other tests have left (servers, schedulers) only wait."""
    left, is_harmless = threading.enumerate(), forks._is_harmless
    monkeypatch.setattr(forks, "is_ours", lambda: True)
    monkeypatch.setattr(forks, "_is_harmless", lambda thread: thread in left or is_harmless(thread))


def in_a_fork(user: int) -> bool:
    """Whether this isn't the process of the test."""
    return os.getpid() != user


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_results_are_in_the_order_of_the_items(processes: int, tmp_path: Path) -> None:
    """However many processes there are, wherever results lie, and whether or not there are items."""
    assert map_in_forks(str, MANY, Work(processes)) == [str(n) for n in MANY]
    assert map_in_forks(str, MANY, Work(processes, tmp_path)) == [str(n) for n in MANY]
    assert map_in_forks(str, [], Work(processes)) == []
    assert not any(tmp_path.iterdir())


def test_others_share_the_work_and_what_is_held() -> None:
    """Forks look at arrays of this process, and what they find comes back whole."""
    held = np.arange(1000)

    def take(n: int) -> tuple[int, np.ndarray]:
        time.sleep(0.01)
        return os.getpid(), held[n : n + 3]

    found = map_in_forks(take, MANY, Work(2))
    assert [own.tolist() for _, own in found] == [[n, n + 1, n + 2] for n in MANY]
    assert len({pid for pid, _ in found}) == 2
    assert found[0][0] == os.getpid()


def test_little_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few items are worth no fork, and none may be among somebody else's threads."""
    few = map_in_forks(lambda _: os.getpid(), range(LEAST_ITEMS - 1), Work(2))
    over = threading.Event()
    stranger = threading.Thread(target=over.wait)
    stranger.start()
    among = map_in_forks(lambda _: os.getpid(), MANY, Work(2))
    over.set()
    stranger.join()
    monkeypatch.setattr(forks, "is_ours", lambda: False)
    assert {*few, *among, *map_in_forks(lambda _: os.getpid(), MANY, Work(2))} == {os.getpid()}


@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: os._exit(0), lambda: 1 // 0])
def test_what_a_fork_that_died_had_to_do_is_done_here(end: object) -> None:
    """Killed by the system, ended by a library, out of memory: nothing is lost, and nothing is said twice."""
    user = os.getpid()

    def double(n: int) -> int:
        time.sleep(0.005)
        if in_a_fork(user) and n % 3 == 2:
            end()  # type: ignore[operator]  # one of those above
        return 2 * n

    assert map_in_forks(double, MANY, Work(3)) == [2 * n for n in MANY]


def test_a_fork_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it was at is done here after a while."""
    monkeypatch.setattr(forks, "PATIENCE_SECONDS", 0.2)
    user = os.getpid()

    def wait(n: int) -> int:
        time.sleep(1000 if in_a_fork(user) else 0.005)
        return n

    assert map_in_forks(wait, MANY, Work(2)) == list(MANY)


def test_no_room_for_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system gives none, all is done here."""

    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    assert map_in_forks(abs, MANY, Work(2)) == list(MANY)


def test_errors_are_raised_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the function raises ends the work, wherever it came up, and leaves no process behind."""
    forked, fork = [], os.fork

    def note() -> int:
        forked.append(fork())
        return forked[-1]

    monkeypatch.setattr(os, "fork", note)
    with pytest.raises(ZeroDivisionError):
        map_in_forks(lambda n: 1 // (n - 7), MANY, Work(2))
    with pytest.raises(ProcessLookupError):
        os.kill(forked[0], 0)


def test_forks_end_with_their_user() -> None:
    """A user that is killed leaves none behind that would hold its files open."""
    mine, theirs = os.pipe()
    user = os.fork()
    if not user:
        try:
            map_in_forks(lambda n: time.sleep(n and 1000), MANY, Work(2))
        finally:
            os._exit(1)
    os.close(theirs)
    time.sleep(0.3)
    os.kill(user, signal.SIGKILL)
    os.waitpid(user, 0)
    assert select.select([mine], [], [], 10)[0]  # Nobody has the other end any more.
    os.close(mine)
