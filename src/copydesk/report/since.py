"""What a run changed in the published corpus, and where its report is: the last lines that a person reads of it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.article import Outcome
from copydesk.running.request import RunSummary
from copydesk.writing import Snapshot, current_snapshot, list_snapshots, read_columns


def since_lines(clean: Path, summary: RunSummary) -> list[str]:
    """What is new, changed and gone since the snapshot before; for a dry run, what would be counted otherwise.

    The first run has nothing to be compared with and says so.
    """
    current = current_snapshot(clean)
    if summary.dry_run:
        return [f"{'changes':<12} {_would_change(current, summary)}"]
    if current is None:
        return []
    return [f"{'changes':<12} {_changed(current, clean)}", f"{'report':<12} {clean / 'reports' / 'latest.html'}"]


def _would_change(current: Snapshot | None, summary: RunSummary) -> str:
    if current is None:
        return "nothing is published yet; this would be the first snapshot"
    before = current.manifest.outcomes
    steps = {o: summary.count(o) - before.get(o.value, 0) for o in Outcome}
    said = [f"{step:+,} {outcome.value.replace('_', ' ')}" for outcome, step in steps.items() if step]
    return f"{', '.join(said) or 'the same counts'} beside run {current.run_id}, which is published"


def _changed(current: Snapshot, clean: Path) -> str:
    parent = next((s for s in list_snapshots(clean) if s.run_id == current.manifest.parent), None)
    if parent is None:
        return "none to compare with: no earlier snapshot"
    now, before = _articles(current), _articles(parent)
    known = pc.is_in(now["article_id"], value_set=before["article_id"].combine_chunks())
    touched = pc.equal(now["run_id"], current.run_id)
    new = now.num_rows - _count(known)
    changed = _count(pc.and_(known, touched))
    gone = before.num_rows - _count(known)
    return f"articles: {new:,} new, {changed:,} changed, {gone:,} gone since run {parent.run_id}"


def _articles(snapshot: Snapshot) -> pa.Table:
    return read_columns(snapshot, "articles", ["article_id", "run_id"])


def _count(mask: pa.ChunkedArray) -> int:
    return int(pc.sum(mask).as_py() or 0)
