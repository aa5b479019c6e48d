"""What the stages of a run took in time and memory, beside what they took in earlier runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice
from statistics import median

from copydesk.machine.metering import StageCost, decode_costs, total_cost
from copydesk.report.markup import bar, scrolling, table_head
from copydesk.state import Run

EARLIER_RUNS = 5
"""Earlier runs shown one by one: what fits beside each other."""

WHAT_IS_WHAT = (
    "Time is that on the clock; processors are the seconds that all of them worked, workers included; memory is the "
    "most that all processes held together, looked at several times a second."
)

Costs = Sequence[StageCost]
Earlier = Sequence[tuple[Run, Costs]]
"""Earlier runs with what their stages took, the newest first."""


def earlier_costs(runs: Iterable[Run]) -> Earlier:
    """The last runs that were measured and came to an end, from the log of runs (newest first)."""
    measured = ((run, decode_costs(run.counts)) for run in runs if run.finished)
    return tuple(islice(((run, costs) for run, costs in measured if costs), EARLIER_RUNS))


def costs_table(costs: Costs, earlier: Earlier) -> str:
    """A row per stage: time, processor time, memory, and the time of the same stage in earlier runs."""
    now = {cost.stage: cost for cost in costs}
    stages = list(now) + [c.stage for _, past in earlier for c in past if c.stage not in now]
    stages = list(dict.fromkeys(stages))
    whole = total_cost(costs).wall_seconds
    head = ["stage", "time", "share", "processors", "memory", *(["median before"] if earlier else [])]
    head += [f"{run.started:%d %b %H:%M}" for run, _ in earlier]
    rows = [_row(stage, now.get(stage), earlier, whole) for stage in stages]
    rows.append(_total(costs, earlier, [stage for stage in stages if stage in now]))
    note = "" if "publish" in now else " What publishing took is on the page of the next run."
    return scrolling(f"<table id=costs>{table_head(head)}{''.join(rows)}</table>", "Time and memory by stage") + (
        f"<p class=note>{WHAT_IS_WHAT}{note}</p>"
    )


def _row(stage: str, cost: StageCost | None, earlier: Earlier, whole: float) -> str:
    past = [next((c.wall_seconds for c in costs if c.stage == stage), None) for _, costs in earlier]
    return f"<tr><th scope=row>{escape(stage)}</th>{_cells(cost, whole)}{_past(past)}</tr>"


def _total(costs: Costs, earlier: Earlier, stages: Sequence[str]) -> str:
    """The sums of the stages that this run has, so that they can be compared."""
    past = [total_cost([c for c in costs if c.stage in stages]).wall_seconds for _, costs in earlier]
    total = total_cost(costs)
    return f"<tr class=median><th scope=row>all of these</th>{_cells(total, total.wall_seconds)}{_past(past)}</tr>"


def _cells(cost: StageCost | None, whole: float) -> str:
    if cost is None:
        return "<td class=n></td><td></td><td class=n></td><td class=n></td>"
    share = cost.wall_seconds / whole if whole else 0.0
    return (
        f"<td class=n>{_seconds(cost.wall_seconds)}</td><td>{bar(share)}</td>"
        f"<td class=n>{_seconds(cost.cpu_seconds)}</td><td class=n>{cost.peak_bytes / 1e6:,.0f} MB</td>"
    )


def _past(seconds: Sequence[float | None]) -> str:
    known = [value for value in seconds if value is not None]
    middle = f"<td class=n>{_seconds(median(known)) if known else ''}</td>" if seconds else ""
    return middle + "".join(f"<td class=n>{'' if value is None else _seconds(value)}</td>" for value in seconds)


def _seconds(value: float) -> str:
    """A time to read at a glance.

    >>> _seconds(0.042), _seconds(75.3), _seconds(7200)
    ('0.04 s', '75 s', '120 min')
    """
    if value >= 600:
        return f"{value / 60:,.0f} min"
    return f"{value:.0f} s" if value >= 20 else f"{value:.1f} s" if value >= 1 else f"{value:.2f} s"
