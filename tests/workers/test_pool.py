"""Items that kill their worker, hang it or eat all memory cost themselves alone."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.workers.deeds import COMPILE_LIMITS, act, double, tell_process

from copydesk.article import Refusal
from copydesk.errors import RunError
from copydesk.settings import RunningSettings
from copydesk.workers import ProcessEngine
from copydesk.workers import nursery as nursery_module
from copydesk.workers.engine import GROUP_BYTES

LIMITS = RunningSettings(record_seconds=1, worker_bytes=1 << 30, records_per_worker=1000)


Size = Callable[[str], int]


def heavy(_: object) -> int:
    """Give a size of a third of a group."""
    return GROUP_BYTES // 3 + 1


def run(orders: list[str], workers: int = 1, limits: RunningSettings = LIMITS) -> list[str | Refusal]:
    """Give the results of all orders."""
    return list(ProcessEngine(workers, limits).map(act, orders, heavy))


def alive_children() -> set[int]:
    """Give the workers that the nursery has now."""
    zygote = nursery_module.nursery()._process.pid
    return set(map(int, Path(f"/proc/{zygote}/task/{zygote}/children").read_text().split()))


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_items(workers: int):
    """Any number of workers gives what `map` gives."""
    numbers = list(range(40))
    assert list(ProcessEngine(workers, LIMITS).map(double, numbers, heavy)) == list(map(double, numbers))


def test_nothing_in_nothing_out():
    """An empty stream gives nothing."""
    assert run([]) == []


@pytest.mark.parametrize(
    ("order", "code", "detail"),
    [
        ("segfault", "crashed", "the worker died with signal 11"),
        ("killed", "crashed", "the worker died with signal 9"),
        ("exit", "crashed", "the worker ended itself with status 3"),
        ("memory", "crashed", "the worker needed more than 1,073,741,824 bytes of memory"),
        ("hang", "deadline", "not examined after 1 s"),
    ],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_deadly_item_costs_itself_alone(order: str, code: str, detail: str, workers: int):
    """The items before and behind it, of its group and of others, have the results they would have had."""
    expected = ["A", "B", Refusal(code, detail), "C", "D", "E", "F", "G"]
    assert run(["a", "b", order, "c", "d", "e", "f", "g"], workers) == expected


def test_time_of_the_compiler_is_no_item_s():
    """Machine code may take longer to be made than an item may to be examined; behind it the clock runs as ever."""
    assert run(["a", "compile", "b"], limits=COMPILE_LIMITS) == ["A", "COMPILE", "B"]
    refused = Refusal("deadline", "not examined after 3 s")
    assert run(["compile-and-hang", "a"], limits=COMPILE_LIMITS) == [refused, "A"]


def test_every_item_may_be_deadly():
    """First, last, one behind the other: each is one refusal."""
    results = run(["exit", "exit", "a", "segfault", "exit"], workers=2)
    assert [str(result)[:7] for result in results] == ["crashed", "crashed", "A", "crashed", "crashed"]


def test_accident_that_does_not_happen_again_leaves_no_trace(tmp_path: Path):
    """An item is tried twice: what a neighbour or the machine did to it is not held against it."""
    orders = ["a", f"once:{tmp_path / 'mark'}", "b"]
    assert run(orders) == [order.upper() for order in orders]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("size", [heavy, len], ids=["three in a group", "all in a group"])
def test_deadly_item_is_tried_twice_and_its_neighbours_no_more_often(tmp_path: Path, workers: int, size: Size):
    """Once in its group, wherever it stands there, and once alone; what was done when it died is done again once."""
    orders = [f"note{'-and-die' * (number in (0, 5, 6, 9, 11))}:{tmp_path / str(number)}" for number in range(12)]
    results = list(ProcessEngine(workers, LIMITS).map(act, orders, size))
    dead = Refusal("crashed", "the worker ended itself with status 1")
    assert results == [dead if "die" in order else order.upper() for order in orders]
    tries = [len((tmp_path / str(number)).read_text()) for number in range(12)]
    assert [tries[number] for number in (0, 5, 6, 9, 11)] == [2] * 5
    assert max(tries) == 2


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "exit", "segfault"]), max_size=12), st.integers(1, 3))
def test_results_do_not_depend_on_the_number_of_workers(orders: list[str], workers: int):
    """Whatever dies where, each item has the result it has by itself."""
    alone = {
        "exit": "crashed: the worker ended itself with status 3",
        "segfault": "crashed: the worker died with signal 11",
    }
    assert [str(result) for result in run(orders, workers)] == [alone.get(order, order.upper()) for order in orders]


def test_mistake_of_ours_is_raised_with_its_traceback():
    """What the function raises is no item's fault: it ends the run, and says where."""
    with pytest.raises(RuntimeError, match="LookupError: a mistake of ours"):
        run(["a", "bug"])
    assert alive_children() == set()


def test_workers_are_replaced_after_so_many_records():
    """A worker takes no new group when it has had its number of records."""
    limits = RunningSettings(records_per_worker=5)
    workers = list(ProcessEngine(1, limits).map(tell_process, range(12), heavy))
    assert [workers.count(process) for process in dict.fromkeys(workers)] == [6, 6]


def test_items_are_read_only_as_far_as_they_are_needed():
    """A stream is not read to its end before the first results are taken."""
    read = 0

    def numbers() -> Iterator[int]:
        nonlocal read
        for read in range(10_000):  # noqa: UP028 - how far it got is the point
            yield read

    results = ProcessEngine(1, LIMITS).map(double, numbers(), heavy)
    assert next(results) == 0
    assert read < 100
    results.close()


def test_no_worker_is_left_behind_by_an_iterator_that_is_closed():
    """Who stops half-way, as an interrupt does, leaves no process."""
    results = ProcessEngine(2, LIMITS).map(act, ["a", "b", "c", "hang", "hang", "hang", "hang"], heavy)
    assert next(results) == "A"
    assert alive_children()
    results.close()
    assert alive_children() == set()


def test_idle_worker_that_is_killed_is_replaced():
    """A worker that somebody kills between two groups costs nothing."""
    results = ProcessEngine(1, LIMITS).map(act, list("abcdefghijkl"), heavy)
    taken = [next(results)]
    for process_id in alive_children():
        os.kill(process_id, signal.SIGKILL)
    assert taken + list(results) == list("ABCDEFGHIJKL")


@pytest.mark.parametrize("workers", [1, 2])
def test_nursery_that_is_killed_costs_nothing(workers: int):
    """What examined or waited when the process was killed that workers come from is done by workers of a new one."""
    killed: list[int] = []

    def orders() -> Iterator[str]:
        for order in "abcdefghijkl":
            if order == "i":
                killed.extend([nursery_module.nursery()._process.pid, *alive_children()])
                os.kill(killed[0], signal.SIGKILL)
            yield order

    limits = RunningSettings(record_seconds=1, worker_bytes=1 << 30, records_per_worker=5)
    assert list(ProcessEngine(workers, limits).map(act, orders(), heavy)) == list("ABCDEFGHIJKL")
    assert len(killed) > 1
    while any(is_running(process) for process in killed):
        time.sleep(0.01)


def test_nursery_that_always_dies_is_an_error(monkeypatch: pytest.MonkeyPatch):
    """Where no worker can be had, not from a second nursery either, the run says so instead of trying for ever."""
    monkeypatch.setattr(nursery_module, "_nurseries", [])
    monkeypatch.setattr(nursery_module, "COMMAND", "raise SystemExit(3)")
    with pytest.raises(RunError, match="nothing was published"):
        run(["a"])


def test_hanging_worker_of_a_nursery_that_is_killed_ends_with_it():
    """A worker in an endless loop is not left behind, and its item is refused for what it does to a second one."""
    results = ProcessEngine(1, LIMITS).map(act, ["a", "hang", "b"], heavy)
    assert next(results) == "A"
    zygote, hanging = nursery_module.nursery()._process.pid, alive_children()
    os.kill(zygote, signal.SIGKILL)
    while any(is_running(process) for process in hanging):
        time.sleep(0.01)
    assert list(results) == [Refusal("deadline", "not examined after 1 s"), "B"]


def test_workers_end_when_their_user_is_killed(tmp_path: Path):
    """Even `kill -9` of the parent, with a worker in an endless loop, leaves no process behind."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            nursery_module._nurseries.clear()
            results = ProcessEngine(1, RunningSettings()).map(act, ["a", "hang"], heavy)
            next(results)
            zygote = nursery_module.nursery()._process.pid
            os.write(write, " ".join(map(str, [zygote, *alive_children()])).encode())
            time.sleep(60)
        finally:
            os._exit(0)
    processes = [int(word) for word in os.read(read, 100).split()]
    os.close(read)
    os.close(write)
    assert len(processes) == 2
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while any(is_running(process) for process in processes):
        time.sleep(0.01)


def is_running(process: int) -> bool:
    """Whether there is such a process, and it is no zombie that waits for the system to notice."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
