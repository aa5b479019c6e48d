"""What each stage of a run takes: time on the clock, time on processors, memory; workers included.

Whoever reports how far a run is names its stages as they begin, so a meter listens to just that: `metered` stands
between a run and its progress. What has been measured is kept in a file of the run's work folder, because the steps of
a run may be tasks in different processes.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from copydesk.machine.processes import tree_cpu_seconds, tree_memory_bytes
from copydesk.report.progress import StageProgress

COSTS = "costs.jsonl"

LOOK_SECONDS = 0.1
"""Between two looks at the memory: what a stage holds for a shorter time isn't seen. Longer where a look is dear."""

LOOK_SHARE = 0.01
"""The share of time that looking may take: a look costs 0.1 ms for each process, more where they hold gigabytes."""

PREFIX = "cost."
"""Of the costs among the counts of a run: `cost.02.judge.wall_ms`. The number keeps the order of the stages."""


@dataclass(frozen=True, slots=True)
class StageCost:
    """What a stage took. `peak_bytes` is the most that all processes held together; memory they share counts once."""

    stage: str
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


@contextmanager
def metered(progress: StageProgress, folder: Path) -> Iterator[StageProgress]:
    """Progress that passes everything on, and writes down in this folder what each stage took."""
    meter = _Meter(progress, folder / COSTS)
    with meter.looking():
        try:
            yield meter
        finally:
            meter.end()


def read_costs(folder: Path) -> tuple[StageCost, ...]:
    """The costs of all stages that are over, in their order; of one that was tried again, of all tries together."""
    path = folder / COSTS
    if not path.exists():
        return ()
    costs: dict[str, StageCost] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cost = StageCost(**json.loads(line))
        costs[cost.stage] = _add(costs[cost.stage], cost) if cost.stage in costs else cost
    return tuple(costs.values())


def total_cost(costs: Sequence[StageCost]) -> StageCost:
    """All stages as one: times added up, the highest memory.

    >>> total_cost([StageCost("a", 1.0, 2.0, 30), StageCost("b", 1.5, 0.5, 20)])
    StageCost(stage='all', wall_seconds=2.5, cpu_seconds=2.5, peak_bytes=30)
    """
    total = StageCost("all", 0.0, 0.0, 0)
    for cost in costs:
        total = _add(total, cost)
    return total


def encode_costs(costs: Sequence[StageCost]) -> dict[str, int]:
    """The costs as counts for the log of runs, in milliseconds and bytes.

    >>> encode_costs([StageCost("judge", 1.5, 2.0, 30)])
    {'cost.00.judge.wall_ms': 1500, 'cost.00.judge.cpu_ms': 2000, 'cost.00.judge.peak_bytes': 30}
    """
    counts = {}
    for place, cost in enumerate(costs):
        name = f"{PREFIX}{place:02}.{cost.stage}"
        counts[f"{name}.wall_ms"] = round(cost.wall_seconds * 1000)
        counts[f"{name}.cpu_ms"] = round(cost.cpu_seconds * 1000)
        counts[f"{name}.peak_bytes"] = cost.peak_bytes
    return counts


def decode_costs(counts: Mapping[str, int]) -> tuple[StageCost, ...]:
    """The costs among the counts of a run; none for a run that didn't measure.

    >>> decode_costs({"records": 3} | encode_costs([StageCost("judge", 1.5, 2.0, 30)]))
    (StageCost(stage='judge', wall_seconds=1.5, cpu_seconds=2.0, peak_bytes=30),)
    """
    names = sorted(name.removesuffix(".wall_ms") for name in counts if name.startswith(PREFIX) and "wall_ms" in name)
    return tuple(
        StageCost(
            name.split(".", 2)[2],
            counts[f"{name}.wall_ms"] / 1000,
            counts[f"{name}.cpu_ms"] / 1000,
            counts[f"{name}.peak_bytes"],
        )
        for name in names
    )


def _add(one: StageCost, other: StageCost) -> StageCost:
    return StageCost(
        one.stage,
        one.wall_seconds + other.wall_seconds,
        one.cpu_seconds + other.cpu_seconds,
        max(one.peak_bytes, other.peak_bytes),
    )


class _Meter:
    """Progress that measures. A thread looks at the memory from time to time; times are taken where stages meet."""

    def __init__(self, progress: StageProgress, path: Path) -> None:
        self._progress, self._path = progress, path
        self._stage = ""
        self._began, self._before = 0.0, 0.0
        self._memory = _Memory()
        self._over = threading.Event()

    def start(self, stage: str, total: int | None, unit: str = "") -> None:
        """End the stage before, and begin this one."""
        now = self._end()
        self._before, self._began = now, time.monotonic()
        self._memory.begin()
        self._stage = stage
        self._progress.start(stage, total, unit)

    def advance(self, count: int = 1, note: str = "") -> None:
        """Pass it on."""
        self._progress.advance(count, note)

    def close(self) -> None:
        """End the last stage."""
        self.end()
        self._progress.close()

    def end(self) -> None:
        """Write down what the stage took, if one is on."""
        if self._stage:
            self._end()

    def _end(self) -> float:
        """The processor time so far; the stage, if one is on, ends with it."""
        now = tree_cpu_seconds()
        if self._stage:
            self._memory.look()
            wall = time.monotonic() - self._began
            cost = StageCost(self._stage, wall, max(now - self._before, 0.0), self._memory.peak_bytes)
            self._stage = ""
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(asdict(cost)) + "\n")
        return now

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Have somebody look at the memory as long as the block runs."""
        watcher = threading.Thread(target=self._look, name="copydesk-meter", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._over.set()
            watcher.join()

    def _look(self) -> None:
        while not self._over.wait(self._memory.wait_seconds()):
            self._memory.look()


class _Memory:
    """The most that was held since a stage began, as far as anybody looked: not more often than looking may cost."""

    def __init__(self) -> None:
        self.peak_bytes = 0
        self._last_bytes, self._next = 0, 0.0
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Begin anew, with what was held at the last look."""
        self.look()
        self.peak_bytes = self._last_bytes

    def wait_seconds(self) -> float:
        """How long until the next look is due."""
        return max(self._next - time.monotonic(), LOOK_SECONDS / 10)

    def look(self) -> None:
        """Look, if a look is due."""
        with self._lock:
            began = time.monotonic()
            if began < self._next:
                return
            self._last_bytes = tree_memory_bytes()
            self.peak_bytes = max(self.peak_bytes, self._last_bytes)
            ended = time.monotonic()
            self._next = ended + max(LOOK_SECONDS, (ended - began) / LOOK_SHARE)
