"""How often people agree with what runs decided, per rule, with the uncertainty of so few judgements."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

from copydesk.overrides import Choice, Entry, Overrides
from copydesk.sheets import write_sheet

BORDERLINE, SAMPLE = "borderline", "sample"
Z = 1.959964
"""The normal quantile of a two-sided 95 % interval."""
LEFT_IN = ("flagged",)
"""What a run had left in: people agree by keeping it."""
COLUMNS = (
    *("kind", "article", "other", "text", "nth", "outlet", "decision"),
    *("stage", "rule", "was", "score", "drawn", "on", "agreed", "note"),
)
"""A cell that begins so is computed by spreadsheets: words of the corpus must not be."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of so many judged cases of a rule people agreed with so many; the share's 95 % interval runs from low to high."""

    drawn: str
    stage: str
    rule: str
    was: str
    judged: int
    agreed: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share of the judged cases (0 to 1) in which people agreed."""
        return self.agreed / self.judged

    @property
    def interval(self) -> str:
        """The interval in words."""
        return f"{self.low:.0%} to {self.high:.0%}"


def count_agreement(overrides: Overrides) -> tuple[Agreement, ...]:
    """The agreement per way of drawing, stage, rule and what was done; none without judgements.

    Only samples say something about all cases of a rule. Borderline ones are the worst there are: people will
    disagree there more often than elsewhere. Of several judgements of one case the last counts.
    """
    counts: dict[tuple[str, str, str, str], list[bool]] = defaultdict(list)
    last = {entry.target: entry for entry in overrides.entries}
    for entry in last.values():
        if entry.judgement is not None:
            said = entry.judgement
            counts[said.drawn, said.stage, said.rule, said.was].append(bool(agrees(entry)))
    return tuple(
        Agreement(*key, len(found), sum(found), *wilson(sum(found), len(found)))
        for key, found in sorted(counts.items(), key=lambda item: (item[0][0] != SAMPLE, item[0]))
    )


def agrees(entry: Entry) -> bool | None:
    """Whether the person decided as the run had; None where a decision was no judgement of a run's.

    >>> agrees(Entry("line", Choice.KEEP, text="Ours")) is None
    True
    """
    if entry.judgement is None:
        return None
    stays = entry.choice in (Choice.KEEP, Choice.APART)
    return stays == (entry.judgement.was in LEFT_IN)


def wilson(agreed: int, judged: int) -> tuple[float, float]:
    """The 95 % interval of a share after Wilson (1927): honest for few cases and for shares near 0 and 1.

    0 to 1 where nothing was judged.

    >>> [round(bound, 3) for bound in wilson(9, 10)]
    [0.596, 0.982]
    """
    if judged == 0:
        return 0.0, 1.0
    share, weight = agreed / judged, Z * Z / judged
    middle = (share + weight / 2) / (1 + weight)
    half = Z / (1 + weight) * math.sqrt(share * (1 - share) / judged + weight / (4 * judged))
    return max(0.0, middle - half), min(1.0, middle + half)


def agreement_lines(found: Iterable[Agreement]) -> list[str]:
    """The counts as lines for a person; one that says so where nothing was judged."""
    rows = [
        (a.drawn, a.stage, a.rule, a.was, f"{a.judged:,}", f"{a.agreed:,}", f"{a.share:.0%}", a.interval) for a in found
    ]
    if not rows:
        return ["nothing is judged yet"]
    table = [("drawn", "stage", "rule", "was", "judged", "agreed", "share", "95 % interval"), *rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]


def export_judgements(overrides: Overrides, out: TextIO) -> int:
    """How many entries were written, as CSV with the header `COLUMNS`, in the order of the file."""
    return write_sheet(out, COLUMNS, map(_values, overrides.entries))


def _values(entry: Entry) -> list[object]:
    said = entry.judgement
    articles = (*entry.articles, None, None)[:2]
    shown = (said.stage, said.rule, said.was, said.score, said.drawn, said.on.isoformat()) if said else (None,) * 6
    agreed = {True: "yes", False: "no", None: None}[agrees(entry)]
    row = [entry.kind, *articles, entry.text or None, entry.nth, entry.outlet, entry.choice]
    return [*row, *shown, agreed, entry.note or None]
