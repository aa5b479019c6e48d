"""What a run was held against: its shares, those of earlier runs, and how far they may differ."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from copydesk.report.markup import scrolling, table_head
from copydesk.running.gates import ROWS

GateRow = tuple[str, float, float | None, float, str]
"""A gate: its name, the value of this run, the median of earlier ones, the limit, and whether it was passed."""

HEAD = ("gate", "this run", "median before", "limit", "passed")

ABOUT = (
    "<p class=note>Each share is compared with the median of earlier runs: over the corpus, and over the records that "
    "the published corpus didn't have yet (new). A gate that isn't passed keeps a result from being published.</p>"
)


def gates_table(gates: Iterable[GateRow]) -> str:
    """A row per gate, those that were not passed first."""
    rows = "".join(_row(gate) for gate in sorted(gates, key=lambda gate: (gate[4] == "yes", gate[0])))
    return ABOUT + scrolling(f"<table id=gated>{table_head(HEAD)}{rows}</table>", "Gates")


def _row(gate: GateRow) -> str:
    name, value, middle, limit, passed = gate
    cells = "".join(f"<td class=n>{_shown(name, number)}</td>" for number in (value, middle, limit))
    broken = "" if passed == "yes" else " class=far"
    return f"<tr{broken}><th scope=row>{escape(name)}</th>{cells}<td>{escape(passed)}</td></tr>"


def _shown(name: str, value: float | None) -> str:
    """A share in per cent; the number of articles is no share.

    >>> _shown("new.no_date", 0.25), _shown(ROWS, 1200.0), _shown(ROWS, None)
    ('25.0%', '1,200', '')
    """
    if value is None:
        return ""
    return f"{value:,.0f}" if name == ROWS else f"{value:.1%}"
