"""What people overruled: the spans and records that are otherwise for it, and the entries that do nothing."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.overrides import STAGE, Effect
from copydesk.report.markup import MOST_ROWS, Section, left_out, short, table

IDLE = (Effect.UNMATCHED, Effect.POWERLESS, Effect.OVERRULED)
"""Effects that somebody should look at: the person who wrote the entry expected something else."""
SAID = {Effect.AGREES: "agrees with what the run does anyway"}


def overruled_section(decisions: pa.Table, effects: pa.Table | None) -> list[Section]:
    """The section, or none where nobody overruled anything. `effects` is known only to the run itself."""
    rows = decisions.filter(pc.equal(decisions["stage"], STAGE)).sort_by("article_id")
    if not rows.num_rows and not (effects is not None and effects.num_rows):
        return []
    entries = "" if effects is None else _effects(effects)
    return [Section("overrides", "What people overruled", _changes(rows) + entries)]


def _changes(rows: pa.Table) -> str:
    if not rows.num_rows:
        return "<p>The decisions of people changed nothing in this run.</p>"
    shown = [
        (r["label"], r["rule"], short(r["before"]), _where(r["source_path"], r["paragraph"]))
        for r in rows.slice(0, MOST_ROWS).to_pylist()
    ]
    head = ("is now", "decided by", "span or title", "where")
    return f"<p>{rows.num_rows:,} changes.</p>" + table(head, shown) + left_out(rows.num_rows)


def _where(path: str, paragraph: int | None) -> str:
    return path if paragraph is None else f"{path}, paragraph {paragraph}"


def _effects(effects: pa.Table) -> str:
    counts = sorted((row["values"], row["counts"]) for row in pc.value_counts(effects["effect"]).to_pylist())
    html = "<h3>Entries</h3>" + table(
        ("effect", "entries"), [(SAID.get(Effect(name), name), count) for name, count in counts]
    )
    idle = effects.filter(pc.is_in(effects["effect"], value_set=pa.array([str(effect) for effect in IDLE])))
    if not idle.num_rows:
        return html
    rows = [
        (f"[[{r['kind']}]] {r['number']}", r["decision"], short(r["what"]), r["effect"], r["detail"])
        for r in idle.slice(0, MOST_ROWS).to_pylist()
    ]
    head = ("entry", "decision", "about", "effect", "why")
    return f"{html}<h3>Entries that do nothing</h3>{table(head, rows)}{left_out(idle.num_rows)}"
