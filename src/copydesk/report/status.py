"""What `copydesk status` says: which snapshots there are, how old the newest is, how the last runs went."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from copydesk.article import Outcome
from copydesk.state import list_runs, read_owner
from copydesk.writing import current_snapshot, list_snapshots, locate

RUNS_SHOWN = 10

SHOWN = ("records", *(outcome.value for outcome in Outcome))
"""The counts of a run that are shown; the log holds what the gates compare, too."""


def status_lines(clean: Path, now: dt.datetime) -> list[str]:
    """Lines for a person; a corpus that was never published gives one that says so."""
    place = locate(clean)
    current = current_snapshot(clean)
    owner = read_owner(place.state)
    lines = [f"{clean}: nothing published yet"]
    if current:
        articles = current.manifest.rows("articles")
        age = describe_age(now - current.manifest.created)
        lines = [f"{clean}: {articles:,} articles, published by run {current.run_id}, {age} old"]
    if owner:
        lines.append(f"at work: run {owner.run_id} (process {owner.pid} on {owner.host})")
    snapshots = list_snapshots(clean)
    lines += ["", f"{len(snapshots)} snapshot{'' if len(snapshots) == 1 else 's'} in {place.snapshots}"]
    for snapshot in snapshots:
        mark = "*" if current and snapshot.run_id == current.run_id else " "
        lines.append(f"  {mark} {snapshot.run_id}  {snapshot.manifest.rows('articles'):>9,} articles")
    runs = list_runs(place.state, alive=owner.run_id if owner else None)[:RUNS_SHOWN]
    lines += ["", "last runs"]
    for run in runs:
        counts = ", ".join(f"{run.counts[name]:,} {name}" for name in SHOWN if run.counts.get(name))
        said = f"{counts}; {run.note}" if counts and run.note else counts or run.note
        lines.append(f"    {run.run_id}  {run.status:<10} {said}")
    return lines


def check_age(clean: Path, now: dt.datetime, longest: dt.timedelta) -> str | None:
    """What is wrong with the age of the newest snapshot: older than `longest`, or none there. None if all is well."""
    snapshots = list_snapshots(clean)
    if not snapshots:
        return f"{clean}: nothing published yet; run `copydesk clean`, or name another --clean"
    age = now - snapshots[0].manifest.created
    if age <= longest:
        return None
    return (
        f"{clean}: the newest snapshot, {snapshots[0].run_id}, is {describe_age(age)} old, more than "
        f"{describe_age(longest)}; `copydesk status` says how the last runs ended"
    )


def describe_age(age: dt.timedelta) -> str:
    """An age in the largest whole unit.

    >>> describe_age(dt.timedelta(hours=26)), describe_age(dt.timedelta(seconds=30))
    ('26 hours', '0 minutes')
    """
    minutes = int(age.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 72 * 60 else f"{minutes // (24 * 60)} days"
