"""Who holds the corpus: one run at a time, told from a dead one by signs of life.

The lock is a file in the state folder that says who holds it. Its time of change is the heartbeat. On the same
machine a holder is alive as long as its process is; on another one as long as its heart beats. Making, taking over and
giving back the lock happen under a short kernel lock (`flock`) on a second file, so two runs that find the same dead
holder can't both take its place.

Rejected: a kernel lock for the whole run. Worker processes inherit it, so a killed run would hold the corpus until
its orphans are gone; and it says nothing about who holds it.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from copydesk.errors import LockedError, UsageError

LOCK = "lock"
GUARD = "lock.guard"

BEAT_SECONDS = 15.0
"""How often a holder shows that it lives. Each beat is one small write."""

STALE_SECONDS = 600.0
"""After so long without a beat, a holder on another machine counts as dead: forty missed beats. Lower, and a network
file system that hangs for some minutes costs a live run its corpus; higher, and a night may be lost after a crash."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds the corpus. `process_started` tells a process from a later one of the same id."""

    run_id: str
    pid: int
    host: str
    machine: str
    process_started: str
    token: str


@dataclass(slots=True)
class Hold:
    """A held lock. `check` raises once it is no longer ours."""

    path: Path
    owner: Owner
    _stopped: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """Nothing, as long as the lock is ours.

        Raises LockedError if somebody has taken it over, as after this machine was asleep. Ask before publishing.
        """
        found = _read_owner(self.path)
        if found != self.owner:
            holder = f"run {found.run_id} on {found.host}" if found else "nobody"
            raise LockedError(
                f"run {self.owner.run_id} has lost the corpus, {holder} holds it now; nothing was published"
            )


@contextmanager
def hold(
    state: Path, run_id: str, *, beat_seconds: float = BEAT_SECONDS, stale_seconds: float = STALE_SECONDS
) -> Iterator[Hold]:
    """The lock of the corpus whose state folder this is, held until the block is left.

    Raises LockedError if a living run holds it, UsageError if the folder can't be written to.
    """
    owner = _this_process(run_id)
    try:
        state.mkdir(parents=True, exist_ok=True)
        _take(state, owner, stale_seconds)
    except OSError as error:
        raise UsageError(f"{state} can't be written: {error.strerror}; name another --clean") from error
    held = Hold(state / LOCK, owner)
    beating = threading.Thread(target=_beat, args=(held, beat_seconds), name="copydesk-heartbeat", daemon=True)
    beating.start()
    try:
        yield held
    finally:
        held._stopped.set()
        beating.join()
        _give_back(state, owner)


def read_owner(state: Path, *, stale_seconds: float = STALE_SECONDS) -> Owner | None:
    """Who holds the corpus, None if nobody alive does."""
    owner = _read_owner(state / LOCK)
    return owner if owner and _alive(state, owner, stale_seconds) else None


@contextmanager
def _guarded(state: Path) -> Iterator[None]:
    """The moment in which nobody else looks at or changes the lock. Ends by itself if the process dies."""
    handle = os.open(state / GUARD, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _take(state: Path, owner: Owner, stale_seconds: float) -> None:
    with _guarded(state):
        holder = _read_owner(state / LOCK)
        if holder and _alive(state, holder, stale_seconds):
            age = _seconds_since_beat(state)
            raise LockedError(
                f"{state} is held by run {holder.run_id} (process {holder.pid} on {holder.host}, last sign of life "
                f"{age:.0f} s ago); wait until it ends"
            )
        temporary = state / f"{LOCK}.new"
        temporary.write_text(json.dumps(asdict(owner)), encoding="utf-8")
        temporary.replace(state / LOCK)


def _give_back(state: Path, owner: Owner) -> None:
    with _guarded(state):
        if _read_owner(state / LOCK) == owner:
            (state / LOCK).unlink()


def _read_owner(path: Path) -> Owner | None:
    """Who a lock file names; None without one. One that can't be understood was never made whole, and names nobody."""
    try:
        return Owner(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _beat(held: Hold, beat_seconds: float) -> None:
    while not held._stopped.wait(beat_seconds):
        if _read_owner(held.path) != held.owner:
            return  # Taken over: a beat now would keep the other one's lock alive. `check` tells the run.
        try:
            os.utime(held.path)
        except OSError:
            continue  # A file system that hangs or is full misses beats; the next one may come through.


def _alive(state: Path, owner: Owner, stale_seconds: float) -> bool:
    """Whether the holder lives. A process of this machine is asked for; of another machine only its beats are seen."""
    if owner.machine == _machine():
        return _process_started(owner.pid) == owner.process_started
    return _seconds_since_beat(state) < stale_seconds


def _seconds_since_beat(state: Path) -> float:
    """By the clock of the file system, which both machines write through: theirs may differ."""
    guard = state / GUARD
    guard.touch()
    try:
        return max(0.0, guard.stat().st_mtime - (state / LOCK).stat().st_mtime)
    except FileNotFoundError:
        return float("inf")


def _this_process(run_id: str) -> Owner:
    pid = os.getpid()
    started = _process_started(pid) or ""
    return Owner(run_id, pid, socket.gethostname(), _machine(), started, secrets.token_hex(8))


def _machine() -> str:
    """What is the same for processes that can see each other: host, boot and, in containers, the set of processes."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    namespace = Path("/proc/self/ns/pid")
    parts = [socket.gethostname()]
    if boot.exists():
        parts.append(boot.read_text(encoding="ascii").strip())
    if namespace.is_symlink():
        parts.append(str(namespace.readlink()))
    return " ".join(parts)


def _process_started(pid: int) -> str | None:
    """When a process was started, as its system writes it; None if there is none of this id, or only its remains."""
    stat = Path(f"/proc/{pid}/stat")
    if not Path("/proc/self/stat").exists():
        found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return found.stdout.strip() or None
    try:
        # proc(5): the name in brackets may hold anything; the state is the 3rd field, the start time the 22nd.
        fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else fields[19]
