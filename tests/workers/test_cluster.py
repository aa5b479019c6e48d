"""A Dask cluster gives what worker processes here give, whatever dies."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.conftest import FERRY, write_raw
from tests.workers import deeds

from copydesk.article import Refusal
from copydesk.errors import RunError, UsageError
from copydesk.report.progress import Silent
from copydesk.run import RunRequest, clean_corpus
from copydesk.running import examining
from copydesk.settings import RunningSettings, Settings
from copydesk.workers import GroupWork, Summary, cluster
from copydesk.workers.cluster import DaskEngine, do_group
from copydesk.workers.engine import GROUP_BYTES

pytest.importorskip("distributed", reason="needs the [dask] extra")

PORTS = ("--dashboard-address", "127.0.0.1:0")
NIGHT = dt.datetime(2024, 3, 5, 2, 0, tzinfo=dt.UTC)
LIMITS = RunningSettings(record_seconds=1, worker_bytes=1 << 30)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a cluster of two workers."""
    with started(tmp_path_factory.mktemp("dask"), workers=2) as (address, _):
        yield address


@contextmanager
def started(folder: Path, workers: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler and workers, each a process of its own; what dies isn't replaced."""
    found = folder / "scheduler.json"
    paths = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    with ExitStack() as stack:

        def start(*words: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", *words, "--scheduler-file", str(found), *PORTS],
                env=os.environ | {"PYTHONPATH": paths},
                stderr=subprocess.DEVNULL,
                cwd=folder,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        served = start("distributed.cli.dask_scheduler", "--port", "0", "--host", "127.0.0.1")
        # Workers would read the file half written as well, and die of it.
        address = address_of(found, served)
        for _ in range(workers):
            start("distributed.cli.dask_worker", "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1")
        yield address, served


def address_of(found: Path, served: subprocess.Popen[bytes]) -> str:
    """Wait until the scheduler's file is whole: it is made empty first, and a busy machine shows it so."""
    while not found.exists() or not found.read_text().endswith("\n}"):
        assert served.poll() is None, "the scheduler died before it said where it listens"
        time.sleep(0.05)
    return json.loads(found.read_text())["address"]


def heavy(_: object) -> int:
    """Give a size of half a group."""
    return cluster.SHARD_BYTES // 2


def files_of(corpus: Path) -> dict[str, bytes]:
    """Give all files of the published snapshot but the pages about the run."""
    files = (path for path in corpus.rglob("*") if path.is_file())
    found = {path.relative_to(corpus).as_posix(): path.read_bytes() for path in files}
    return {name: data for name, data in found.items() if not name.startswith("reports/")}


def test_deadly_items_cost_themselves_alone_on_a_cluster(scheduler: str):
    """A crash, an endless loop: what is known of them is what worker processes here know."""
    orders = ["a", "segfault", "b", "hang", "c"]
    results = list(DaskEngine(2, LIMITS, scheduler).map(deeds.act, orders, heavy))
    assert list(map(str, results)) == [
        "A",
        "crashed: the worker died with signal 11",
        "B",
        "deadline: not examined after 1 s",
        "C",
    ]


def test_item_that_kills_every_dask_worker_is_refused_alone(monkeypatch: pytest.MonkeyPatch):
    """Its neighbour in the same group has its result; a local cluster starts anew."""
    monkeypatch.setattr(cluster, "ATTEMPTS_ALONE", 1)
    orders = ["a", "kill dask"]
    results = list(DaskEngine(1, LIMITS).map(deeds.act_on_cluster, orders, heavy))
    assert results == ["A", Refusal("crashed", "the Dask worker died")]


def test_result_that_comes_as_a_wait_ends_is_a_result(scheduler: str, monkeypatch: pytest.MonkeyPatch):
    """Waits end all the time here, before tasks, behind them, and as they end."""
    monkeypatch.setattr(cluster, "LOOK_SECONDS", 0.001)
    orders = [f"x{number}" for number in range(40)]
    results = list(DaskEngine(2, LIMITS, scheduler).map(deeds.act, orders, lambda _: GROUP_BYTES))
    assert results == [order.upper() for order in orders]


def test_scheduler_that_dies_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What is known until then is given; what to do is said."""
    monkeypatch.setattr(cluster, "LOOK_SECONDS", 0.2)
    with started(tmp_path, workers=1) as (address, served):
        results = DaskEngine(1, LIMITS, address).map(deeds.act, ["a", *["hang"] * 5], lambda _: GROUP_BYTES)
        assert next(results) == "A"
        served.kill()
        with pytest.raises(RunError, match="the Dask scheduler is gone; nothing was published, run again"):
            list(results)


def test_nothing_in_nothing_out(scheduler: str):
    """An empty stream gives nothing."""
    assert list(DaskEngine(1, LIMITS, scheduler).map(deeds.act, [], heavy)) == []


def test_groups_are_summed_up_on_a_cluster(scheduler: str):
    """What is said about the results of a group stands behind them, here as anywhere."""
    work = GroupWork(deeds.act, str.lower, deeds.join)
    results = list(DaskEngine(2, LIMITS, scheduler).map(work, ["a", "segfault", "b"], heavy))
    assert results == [
        "a",
        Refusal("crashed", "the worker died with signal 11"),
        Summary(0, b""),
        "b",
        Summary(1, b"B"),
    ]


def test_mistake_of_ours_is_raised(scheduler: str):
    """What the function raises ends the run, with its traceback, from wherever it was."""
    with pytest.raises(RuntimeError, match="LookupError: a mistake of ours"):
        list(DaskEngine(1, LIMITS, scheduler).map(deeds.act, ["a", "bug"], heavy))


def test_worker_of_another_build_is_refused():
    """A machine with other versions could give other results: nothing is examined there."""
    with pytest.raises(UsageError, match="has another copydesk"):
        do_group(deeds.act, b"", LIMITS, "another build")


def test_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch):
    """The address is in the message, and no time is lost."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(UsageError, match=r"--scheduler tcp://127\.0\.0\.1:1: no Dask scheduler answers"):
        list(DaskEngine(1, LIMITS, "tcp://127.0.0.1:1").map(deeds.act, ["a"], heavy))


def test_three_engines_give_the_same_bytes_though_a_worker_is_killed(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Manifest and tables of a run in this process, in worker processes, and on a cluster that loses one of its two
    workers half-way, byte for byte.
    """
    raw = write_raw(tmp_path / "raw")
    mark = tmp_path / "mark"
    stories = [f"{FERRY}\nIt was trip {number}.\n" for number in range(30)]
    stories[15] += f"\nMARK {mark} was written on the quay.\n"
    for number, story in enumerate(stories):
        (raw / f"trip-{number:02}.txt").write_text(story, encoding="utf-8")
    monkeypatch.setattr(examining, "examine_encoded", deeds.examine_and_kill_once)
    monkeypatch.setattr(cluster, "SHARD_BYTES", 10_000)
    found = {}
    for engine, address in (("serial", None), ("processes", None), ("dask", scheduler)):
        mark.unlink(missing_ok=True)
        settings = Settings(running=LIMITS)
        target = tmp_path / engine
        request = RunRequest(raw, target, settings, 2, NIGHT, engine=engine, scheduler=address)
        clean_corpus(request, Silent())
        found[engine] = files_of(target)
        assert mark.exists()
    assert found["serial"] == found["processes"] == found["dask"]
    assert len(found["dask"]) > 4
