"""One run at a time."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from copydesk.errors import LockedError, UsageError
from copydesk.state import hold, read_owner

HOLDER = """
import sys, time
from pathlib import Path
from copydesk.state import hold
with hold(Path(sys.argv[1]), "other-run", beat_seconds=0.05):
    print("held", flush=True)
    time.sleep(60)
"""


def start_holder(state: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(state)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    """Kill a process, as kill -9 does, and bury it."""
    process.kill()
    process.communicate()


def test_the_lock_is_held_and_given_back(tmp_path: Path) -> None:
    """While it is held its owner can be read; afterwards nobody holds it and no lock is left."""
    with hold(tmp_path, "r1") as held:
        held.check()
        owner = read_owner(tmp_path)
        assert owner
        assert (owner.run_id, owner.pid) == ("r1", os.getpid())
    assert read_owner(tmp_path) is None
    assert not (tmp_path / "lock").exists()


def test_a_second_run_is_told_who_holds_it(tmp_path: Path) -> None:
    """The error names run, process and host; the first run keeps the lock."""
    process = start_holder(tmp_path)
    try:
        with (
            pytest.raises(LockedError, match=rf"held by run other-run \(process {process.pid} on "),
            hold(tmp_path, "r2"),
        ):
            pytest.fail("two runs hold one corpus")
        assert read_owner(tmp_path)
    finally:
        end(process)


def test_a_killed_runs_lock_is_taken_over(tmp_path: Path) -> None:
    """A process that is gone holds nothing, at once and without waiting for its heart to stop."""
    end(start_holder(tmp_path))
    assert (tmp_path / "lock").exists()
    with hold(tmp_path, "r2") as held:
        held.check()


def test_a_process_that_was_not_buried_is_dead(tmp_path: Path) -> None:
    """A killed run whose parent hasn't asked for its end yet is no living holder."""
    process = start_holder(tmp_path)
    process.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    with hold(tmp_path, "r2") as held:
        held.check()
    end(process)


def test_a_later_process_of_the_same_id_is_another_one(tmp_path: Path) -> None:
    """Ids come round again; the time of the start tells them apart."""
    with hold(tmp_path, "r1", beat_seconds=60):
        rewrite_owner(tmp_path, process_started="12345")
        assert read_owner(tmp_path) is None


def test_a_stopped_run_keeps_its_lock(tmp_path: Path) -> None:
    """A process that was put to sleep may wake up and go on writing: on one machine it is alive."""
    process = start_holder(tmp_path)
    process.send_signal(signal.SIGSTOP)
    try:
        os.utime(tmp_path / "lock", (0, 0))
        with pytest.raises(LockedError), hold(tmp_path, "r2"):
            pytest.fail("a sleeping run was robbed")
    finally:
        end(process)


def test_another_machines_run_lives_as_long_as_its_heart_beats(tmp_path: Path) -> None:
    """Its process can't be asked for; after ten minutes without a beat it is dead."""
    with hold(tmp_path, "r1", beat_seconds=60) as held:
        rewrite_owner(tmp_path, machine="elsewhere", host="elsewhere")
        assert read_owner(tmp_path)
        with pytest.raises(LockedError, match="on elsewhere"), hold(tmp_path, "r2"):
            pytest.fail("a living run was robbed")
        os.utime(tmp_path / "lock", (time.time() - 700, time.time() - 700))
        with hold(tmp_path, "r2") as second:
            second.check()
            with pytest.raises(LockedError, match="r1 has lost the corpus, run r2"):
                held.check()


def test_the_heart_beats(tmp_path: Path) -> None:
    """The lock's time moves on while it is held."""
    with hold(tmp_path, "r1", beat_seconds=0.01):
        os.utime(tmp_path / "lock", (0, 0))
        for _ in range(500):
            if (tmp_path / "lock").stat().st_mtime > 0:
                break
            time.sleep(0.01)
        assert (tmp_path / "lock").stat().st_mtime > 0


def test_who_lost_the_lock_leaves_the_new_holders_alone(tmp_path: Path) -> None:
    """Neither its heart nor its end touches a lock that somebody else has taken over."""
    with hold(tmp_path, "r1", beat_seconds=0.01):
        rewrite_owner(tmp_path, run_id="another", machine="elsewhere")
        os.utime(tmp_path / "lock", (0, 0))
        time.sleep(0.1)
        assert (tmp_path / "lock").stat().st_mtime == 0
    assert (tmp_path / "lock").exists()


def test_of_many_only_one_takes_over(tmp_path: Path) -> None:
    """Ten runs that find the same dead holder at once: one gets the lock."""
    end(start_holder(tmp_path))

    def attempt(number: int) -> bool:
        try:
            with hold(tmp_path, f"r{number}"):
                time.sleep(0.5)
                return True
        except LockedError:
            return False

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(attempt, range(10))) == 1


def test_a_half_written_lock_holds_nobody(tmp_path: Path) -> None:
    """Locks are put in place whole; what can't be read was never one."""
    (tmp_path / "lock").write_text('{"run_id": ')
    with hold(tmp_path, "r1") as held:
        held.check()


def test_a_folder_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    """The message names it."""
    (tmp_path / "state").write_text("a file")
    with pytest.raises(UsageError, match="state can't be written"), hold(tmp_path / "state", "r1"):
        pytest.fail("held nothing")


def rewrite_owner(state: Path, **changes: str) -> None:
    """Put other values into the lock, as another process would have written them."""
    owner = read_owner(state)
    assert owner
    (state / "lock").write_text(json.dumps(dataclasses.asdict(owner) | changes))
