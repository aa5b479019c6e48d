"""What a run comes to, in ten lines, one JSON object or the rows of an artifact."""

from __future__ import annotations

from collections.abc import Sequence

from copydesk.article import Outcome
from copydesk.machine.metering import total_cost
from copydesk.running.gates import Gate
from copydesk.running.request import RunSummary

NAMES = {
    Outcome.CLEAN: "clean",
    Outcome.DUPLICATE: "duplicates",
    Outcome.OFF_TOPIC: "off topic",
    Outcome.NO_ARTICLE: "no article",
    Outcome.QUARANTINED: "quarantined",
}


def summary_lines(summary: RunSummary) -> list[str]:
    """The counts of a run as lines for a person: read, each outcome, what changed, where the corpus is."""
    lines = [
        f"{'read':<12} {summary.records:>9,} records in {summary.files:,} files ({summary.reused:,} known already)"
    ]
    for outcome, name in NAMES.items():
        detail = ""
        if outcome is Outcome.DUPLICATE and summary.kinds:
            detail = " (" + ", ".join(f"{count:,} {kind}" for kind, count in summary.kinds) + ")"
        lines.append(f"{name:<12} {summary.count(outcome):>9,}{detail}")
    lines.append(f"{'decisions':<12} {summary.decisions:>9,} spans removed, moved or repaired")
    if summary.overrides:
        entries = sum(count for _, count in summary.overrides)
        effects = ", ".join(f"{count:,} {name}" for name, count in summary.overrides)
        lines.append(f"{'overrides':<12} {entries:>9,} entries of people ({effects})")
    lines += [f"{'gate':<12} {gate}" for gate in summary.gates if not gate.passed]
    if summary.dry_run:
        return [*lines, "dry run: nothing was published"]
    total = total_cost(summary.costs)
    took = f"{total.wall_seconds:,.1f} s, {total.cpu_seconds:,.1f} s of CPU, {total.peak_bytes / 1e6:,.0f} MB"
    if summary.stands:
        lines.append(f"{'nothing new':<12} the tables are those of run {summary.stands}")
    return [*lines, f"{'published':<12} {summary.clean}, run {summary.run_id} ({took})"]


def count_rows(summary: RunSummary) -> list[dict[str, object]]:
    """The same counts as rows of a table: `outcome`, `records`, and their share of all."""
    rows: list[dict[str, object]] = [{"outcome": "read", "records": summary.records, "share": 1.0}]
    for outcome in Outcome:
        share = summary.count(outcome) / summary.records if summary.records else 0.0
        rows.append({"outcome": outcome.value, "records": summary.count(outcome), "share": round(share, 4)})
    return rows


def gate_rows(gates: Sequence[Gate]) -> list[dict[str, object]]:
    """The gates as rows of a table: `gate`, `value`, `median`, `limit`, `passed`. Without gates one row says so."""
    if not gates:
        return [{"gate": "none: no earlier runs to compare with", "value": "", "median": "", "limit": "", "passed": ""}]
    return [
        {
            "gate": gate.name,
            "value": round(gate.value, 4),
            "median": "" if gate.median is None else round(gate.median, 4),
            "limit": round(gate.limit, 4),
            "passed": "yes" if gate.passed else "NO",
        }
        for gate in gates
    ]
