"""Whole nights, killed at any point: whatever is published is what some finished night would have published, and the
next run arrives at what a run that nobody killed arrives at.

Each night adds, changes and takes away files. A run of it is killed with `kill -9` after a time chosen at random, alone
or with all its workers, then tried again; some nights are killed several times, the first one too. After each kill the
published tables must be, row for row, those of the last finished night or of this one.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.properties.test_law import NAMES, PIECES, TABLES, Folder, rows, run, write

from copydesk.writing import current_snapshot, locate, validate

KILLS = int(os.environ.get("COPYDESK_KILLS", "4"))
"""How many runs are killed. The nightly suite sets 200."""

SEED = int(os.environ.get("COPYDESK_KILL_SEED", "20260115"))

NIGHTS = 3
"""Different raw folders, one after the other, round and round."""

RUNS = """
import os, signal, sys, traceback
from contextlib import suppress
from pathlib import Path
sys.path[:0] = [sys.argv[3]]
from tests.properties.test_law import run

# Imports take longer than the nights: runs are forked from a process that has done them and nothing else.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for number in sys.stdin:
    pid = os.fork()
    if pid == 0:
        said = "failed"
        try:
            run(Path(sys.argv[1]), Path(sys.argv[2]), int(number))
            said = "done"
        except BaseException:
            traceback.print_exc()
        finally:
            os.write(1, f"{said}\\n".encode())  # in one write: it may be killed, and the other process writes here too
            os._exit(0)
    # Before anybody knows of it, or it might be killed as a group that isn't one yet, and live on with the lock.
    with suppress(ProcessLookupError):
        os.setpgid(pid, pid)
    os.write(1, f"{pid}\\n".encode())
"""


class Runs:
    """Runs in processes of their own, one at a time."""

    def __init__(self, raw: Path, clean: Path) -> None:
        command = [sys.executable, "-c", RUNS, str(raw), str(clean), str(Path(__file__).parents[2])]
        self.parent = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.number = 0

    def start(self) -> int:
        """Begin a run; the id of its process."""
        assert self.parent.stdin
        assert self.parent.stdout
        self.parent.stdin.write(f"{self.number}\n")
        self.parent.stdin.flush()
        self.number += 1
        line = self.parent.stdout.readline()
        while line == "done\n":  # of a run that was through before it could be killed
            line = self.parent.stdout.readline()
        return int(line)

    def finish(self) -> None:
        """Have a run that nobody kills."""
        self.start()
        assert self.parent.stdout
        assert self.parent.stdout.readline() == "done\n"

    def kill(self, seconds: float, *, workers: bool) -> None:
        """Begin a run and kill it after so many seconds, with its workers or without."""
        pid = self.start()
        time.sleep(seconds)
        try:
            os.killpg(pid, signal.SIGKILL) if workers else os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # It was through before.
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.001)

    def end(self) -> None:
        """No more runs."""
        self.parent.kill()
        self.parent.communicate()


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    """Runs over `tmp_path / "raw"` into `tmp_path / "clean"`."""
    (tmp_path / "raw").mkdir()
    processes = Runs(tmp_path / "raw", tmp_path / "clean")
    try:
        yield processes
    finally:
        processes.end()


def draw_nights(draw: random.Random) -> list[Folder]:
    """Draw what lies in the raw folder each night: most of it as the night before."""
    folder: Folder = {}
    nights = []
    for _ in range(NIGHTS):
        for name in draw.sample(NAMES, 4):
            folder[name] = tuple(draw.choice(PIECES) for _ in range(3 if name == "crawl.jsonl" else 1))
        for name in draw.sample(sorted(folder), min(1, len(folder) - 3)):
            del folder[name]
        nights.append(dict(folder))
    return nights


def tables_of(corpus: Path) -> dict[str, list[dict[str, object]]]:
    """Read all tables, run ids and times aside."""
    return {table: rows(corpus, table) for table in TABLES}


def test_killed_nights_cannot_be_told_from_finished_ones(tmp_path: Path, runs: Runs):
    """After each kill the corpus is that of the night before or of this one; what is tried again comes out right."""
    draw = random.Random(SEED)  # noqa: S311
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    nights = draw_nights(draw)
    expected = []
    started = time.monotonic()
    for folder in nights:
        write(raw, folder)
        run(raw, tmp_path / "once", len(expected), rebuild=True)
        expected.append(tables_of(tmp_path / "once"))
    duration = (time.monotonic() - started) / NIGHTS
    shutil.rmtree(raw)
    raw.mkdir()
    finished: int | None = None
    left = KILLS
    number = 0
    while left or number < NIGHTS:
        night = number % NIGHTS
        write(raw, nights[night])
        for _ in range(min(left, draw.randint(0, 3))):
            left -= 1
            runs.kill(draw.uniform(0, duration * 1.2), workers=draw.random() < 0.5)
            check(clean, [expected[n] for n in (finished, night) if n is not None], finished is None)
        runs.finish()
        check(clean, [expected[night]], first=False)
        finished = night
        number += 1
    state = locate(clean).state
    assert list((state / "work").iterdir()) == []
    assert [path.name for path in locate(clean).snapshots.iterdir() if path.name.startswith(".")] == []


def check(clean: Path, allowed: list[dict[str, list[dict[str, object]]]], first: bool) -> None:
    """Nothing is published yet on the first night; else it is whole, and one of these."""
    if first and current_snapshot(clean) is None:
        return
    assert validate(clean) == (), f"seed {SEED}"
    assert tables_of(clean) in allowed, f"seed {SEED}"
