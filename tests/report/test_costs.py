"""What the stages took stands beside what they took before."""

from __future__ import annotations

import datetime as dt

from copydesk.machine.metering import StageCost, encode_costs
from copydesk.report.costs import costs_table, earlier_costs
from copydesk.state import Run

NIGHT = dt.datetime(2026, 1, 15, 2, tzinfo=dt.UTC)


def run(night: int, seconds: float) -> Run:
    """Log a run whose examination took so long."""
    started = NIGHT + dt.timedelta(days=night)
    costs = (StageCost("examine", seconds, 2 * seconds, 300_000_000), StageCost("publish", 5.0, 1.0, 200_000_000))
    return Run(f"r{night}", started, started + dt.timedelta(hours=1), "published", encode_costs(costs))


def test_earlier_runs_stand_beside_it():
    """Their median and each of them; a stage that isn't over yet has theirs only."""
    table = costs_table([StageCost("examine", 30.0, 50.0, 400_000_000)], earlier_costs([run(2, 40.0), run(1, 20.0)]))
    assert "<th scope=col>median before</th><th scope=col>17 Jan 02:00</th><th scope=col>16 Jan 02:00</th>" in table
    row = table.split("<th scope=row>examine</th>")[1].split("</tr>")[0]
    assert "<td class=n>50 s</td><td class=n>400 MB</td>" in row
    assert row.endswith("<td class=n>30 s</td><td class=n>40 s</td><td class=n>20 s</td>")
    row = table.split("<th scope=row>publish</th>")[1].split("</tr>")[0]
    assert row == "<td class=n></td><td></td><td class=n></td><td class=n></td>" + "<td class=n>5.0 s</td>" * 3
    assert "on the page of the next run" in table


def test_only_what_can_be_compared_is_added_up():
    """The last row leaves out stages of earlier runs that this one hasn't come to."""
    table = costs_table([StageCost("examine", 30.0, 50.0, 1)], earlier_costs([run(1, 20.0)]))
    assert table.split("<th scope=row>all of these</th>")[1].split("</tr>")[0].endswith("<td class=n>20 s</td>")


def test_first_run_has_nothing_beside_it():
    """No earlier run, no columns for them."""
    table = costs_table([StageCost("publish", 1.0, 1.0, 1)], ())
    assert "median before" not in table
    assert "next run" not in table


def test_runs_that_were_not_measured_or_not_ended_are_left_out():
    """A killed run, and one from before runs were measured, would only be empty columns."""
    killed = Run("k", NIGHT, None, "killed", encode_costs([StageCost("examine", 1.0, 1.0, 1)]))
    old = Run("o", NIGHT, NIGHT, "published", {"records": 3})
    assert earlier_costs([killed, old]) == ()
    assert len(earlier_costs([run(night, 1.0) for night in range(9)])) == 5
