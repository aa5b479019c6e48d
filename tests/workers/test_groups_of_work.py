"""What is said about a group of results stands behind them, whatever dies."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.workers.deeds import act, join, tell_process
from tests.workers.test_pool import LIMITS, heavy

from copydesk.article import Refusal
from copydesk.workers import Engine, GroupWork, ProcessEngine, SerialEngine, Summary
from copydesk.workers.nursery import nursery

JOINED = GroupWork(act, str.lower, join)


def run(orders: list[str], engine: Engine | None = None, work: GroupWork = JOINED) -> list[str | Refusal | Summary]:
    """Give the results of all orders and what is said about them; three orders are a group."""
    return list((engine or ProcessEngine(1, LIMITS)).map(work, orders, heavy))


def covered(results: list[str | Refusal | Summary]) -> list[tuple[str | Refusal, str | None]]:
    """Give each result with what was said of its group, None for nothing."""
    found: list[tuple[str | Refusal, str | None]] = []
    for result in results:
        if isinstance(result, Summary):
            first = len(found) - result.count
            found[first:] = [(one, result.value.decode()) for one, _ in found[first:]]
        else:
            found.append((result, None))
    return found


@pytest.mark.parametrize("engine", [SerialEngine(), ProcessEngine(1, LIMITS), ProcessEngine(2, LIMITS)])
def test_every_group_is_summed_up(engine: Engine):
    """The results of each group come in order, then what was made of all of them before it was sent."""
    assert run(["a", "b", "c", "d"], engine) == ["a", "b", "c", Summary(3, b"A,B,C"), "d", Summary(1, b"D")]
    assert run([], engine) == []


@pytest.mark.parametrize(
    ("orders", "said"),
    [
        (["exit", "a", "b"], [None, "A,B", "A,B"]),
        (["a", "exit", "b"], [None, None, "B"]),
        (["a", "b", "exit"], [None, None, None]),
    ],
)
def test_nothing_is_said_of_what_died_with_its_worker(orders: list[str], said: list[str | None]):
    """A worker that dies takes along what it would have said; the rest of its group is summed up by the next one."""
    results = covered(run([*orders, "c"]))
    assert [one for _, one in results] == [*said, "C"]
    assert [str(result)[:7] for result, _ in results] == [*(o.replace("exit", "crashed") for o in orders), "c"]


def test_worker_that_dies_of_summing_up_costs_nothing_else():
    """The results are there; nothing is said about them."""
    work = GroupWork(str, str.lower, tell_and_die)
    assert run(["a", "b", "c", "d"], work=work) == ["a", "b", "c", Summary(0, b""), "d", Summary(0, b"")]


def tell_and_die(results: Sequence[str]) -> bytes:
    """Die of any group."""
    return act("exit" if results else "never").encode()


@settings(max_examples=6, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "exit", "segfault"]), max_size=6), st.integers(1, 2))
def test_every_order_has_its_result_and_no_other_is_spoken_of(orders: list[str], workers: int):
    """Whatever dies where, what is said of a result is of a group that it is in."""
    results = covered(run(orders, ProcessEngine(workers, LIMITS)))
    assert [str(result)[:7] for result, _ in results] == [order if len(order) == 1 else "crashed" for order in orders]
    assert all(said is None or str(result).upper() in said.split(",") for result, said in results)


def test_all_workers_have_what_was_prepared():
    """What is called where workers come from is there in each of them, and is called once."""
    work = GroupWork(tell_process, str, count, "tests.workers.deeds:prepare")
    run(["a"], work=work)
    nursery().prepare("tests.workers.deeds:prepare")
    [prepared, _] = run(["a"], work=GroupWork(tell_prepared, str, count))
    assert prepared == "1"


def tell_prepared(_: object) -> int:
    """Give how often `prepare` was called in the process that the worker comes from."""
    from tests.workers import deeds

    return deeds.PREPARED


def count(results: Sequence[int]) -> bytes:
    """Give how many results there are."""
    return str(len(results)).encode()
