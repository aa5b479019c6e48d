"""What this process and all that it started have used: processor time, and memory that is held right now.

Linux tells it in `/proc` (`man 5 proc`). Elsewhere the system knows only of processes that have ended, and of the
largest one: times are then complete once workers have ended, and memory is this process's own.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")

FIRST_TIME, LAST_TIME = 11, 15
"""Where in `/proc/*/stat`, behind the name in brackets, the times stand: user and system of the process, and both of
its children that have ended and were waited for."""


def tree_cpu_seconds() -> float:
    """The processor time of this process, its children, and theirs: a fraction of a millisecond for the answer."""
    if not _is_told():
        return _own_cpu_seconds()
    return sum(int(field) for entry in _tree() for field in _stat(entry)[FIRST_TIME:LAST_TIME]) / TICKS_PER_SECOND


def tree_memory_bytes() -> int:
    """What they hold together: twenty milliseconds for the answer where it is a gigabyte."""
    return sum(map(_memory_bytes, _tree())) if _is_told() else _own_memory_bytes()


def _is_told() -> bool:
    return (PROC / "self" / "task").exists()


def _tree() -> Iterator[Path]:
    """The folders of this process, its children, and theirs."""
    tree = [os.getpid()]
    for process_id in tree:  # Grows as children are found.
        entry = PROC / str(process_id)
        yield entry
        tree += _children(entry)


def _children(entry: Path) -> list[int]:
    """The processes that this one started, by whichever of its threads; none for one that has ended."""
    try:
        lists = [(thread / "children").read_text(encoding="ascii") for thread in (entry / "task").iterdir()]
    except OSError:
        return []
    return [int(process_id) for line in lists for process_id in line.split()]


def _stat(entry: Path) -> list[str]:
    """The fields behind the process's name, which may hold blanks and brackets itself; none for one that has ended."""
    try:
        return (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _memory_bytes(entry: Path) -> int:
    """What the process holds; a page that several share counts in parts (`Pss`), so that a sum counts it once."""
    for name, key in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        try:
            lines = (entry / name).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:  # It has ended, is somebody else's, or the kernel is older than the file.
            continue
        found = next((line for line in lines if line.startswith(key)), None)
        if found:
            return int(found.split()[1]) * 1024
    return 0


def _own_cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _own_memory_bytes() -> int:
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts in bytes, the others in kilobytes.
    return largest if sys.platform == "darwin" else largest * 1024
