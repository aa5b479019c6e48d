"""Quality gates: whether a run's result is enough like those of earlier nights to take their place.

A gate compares one measure of the run (`running.measuring`) with the median of the same measure in earlier runs. What
counts as too far is a setting each. Without earlier runs there is nothing to compare with, so a first run passes; a
share of few records passes, too. The number of articles is compared from the second run on. Absolute limits are off
unless the settings name them.

Rejected: standard deviations in the place of fixed limits. Nights are much alike until they aren't, so the deviation of
a quiet fortnight is next to nothing, and any ordinary night would be held back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from copydesk.settings import GateSettings
from copydesk.state import Run

PUBLISHED = "published"
HELD = "held"
ACCEPTED = "accepted"
"""In the counts of a run: how many gates it broke and was published all the same."""

ROWS = "corpus.articles"


@dataclass(frozen=True, slots=True)
class Measure:
    """A part of a whole, counted in one run: 12 of 300 records are quarantined."""

    part: int
    whole: int

    @property
    def share(self) -> float:
        """The part of the whole, 0 where there is nothing."""
        return self.part / self.whole if self.whole else 0.0


Measures = Mapping[str, Measure]
"""By name: `corpus.quarantined`, `new.no_date`, `corpus.outlet.Harbour Post`, `new.removed.boilerplate`, …"""


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate as it was found. `value` is a share from 0 to 1, or the number of articles for `corpus.articles`.

    `median` is that of earlier runs, None for an absolute limit; `limit` is the last value that passes.
    """

    name: str
    value: float
    median: float | None
    limit: float
    passed: bool

    def __str__(self) -> str:
        """The gate in words.

        >>> str(Gate("new.no_date", 0.52, 0.1, 0.3, passed=False))
        'new.no_date is 52.0 %, over the limit of 30.0 % (median 10.0 %)'
        >>> str(Gate("corpus.articles", 100, 2_000, 1_000, passed=False))
        'corpus.articles is 100, under the limit of 1,000 (median 2,000)'
        """
        show = _count if self.name == ROWS else _share
        side = "within" if self.passed else "under" if self.name == ROWS else "over"
        known = "" if self.median is None else f" (median {show(self.median)})"
        return f"{self.name} is {show(self.value)}, {side} the limit of {show(self.limit)}{known}"


def check_gates(measures: Measures, earlier: Sequence[Run], settings: GateSettings) -> tuple[Gate, ...]:
    """Every gate that has something to compare, passed or not, by name. `earlier` are the logged runs, newest first.

    Empty for a first run, unless the settings name absolute limits.
    """
    history = _history(earlier, settings)
    compared = (_compare(name, measures[name], history, settings) for name in sorted(measures))
    return (*_absolute(measures, settings), *(gate for gate in compared if gate))


def encode_measures(measures: Measures) -> dict[str, int]:
    """The measures as counts for the log of runs.

    >>> encode_measures({"new.no_date": Measure(3, 10)})
    {'new.no_date': 3, 'new.no_date of': 10}
    """
    parts = {name: measure.part for name, measure in measures.items()}
    return parts | {f"{name} of": measure.whole for name, measure in measures.items()}


def decode_measure(counts: Mapping[str, int], name: str) -> Measure | None:
    """The measure of this name in the counts of a run; None if the run didn't take it."""
    if name not in counts or f"{name} of" not in counts:
        return None
    return Measure(counts[name], counts[f"{name} of"])


def _history(earlier: Sequence[Run], settings: GateSettings) -> tuple[Run, ...]:
    """The runs to compare with: the last published ones, back to the last one that was accepted."""
    found: list[Run] = []
    for run in (run for run in earlier if run.status == PUBLISHED):
        found.append(run)
        if run.counts.get(ACCEPTED):
            break
    return tuple(found[: settings.history_runs])


def _compare(name: str, measure: Measure, history: Sequence[Run], settings: GateSettings) -> Gate | None:
    past = [found for run in history if (found := decode_measure(run.counts, name))]
    if name == ROWS:
        return _compare_rows(measure, past, settings)
    past = [found for found in past if found.whole >= settings.min_records]
    needed = 1 if any(run.counts.get(ACCEPTED) for run in history) else settings.min_runs
    if measure.whole < settings.min_records or len(past) < needed:
        return None
    middle = median(found.share for found in past)
    limit = min(middle + _rise(name, settings), 1.0)
    return Gate(name, measure.share, middle, limit, passed=measure.share <= limit)


def _compare_rows(measure: Measure, past: Sequence[Measure], settings: GateSettings) -> Gate | None:
    # One earlier run is enough, and nothing left is too few however few there were: a folder that isn't mounted in the
    # second night took the corpus of the first with it while this gate waited for three nights like the others.
    if measure.part:
        past = [found for found in past if found.whole >= settings.min_records]
    middle = median(found.part for found in past) if past else 0
    if not middle:
        return None
    limit = middle * (1 - settings.max_rows_fall)
    return Gate(ROWS, measure.part, middle, limit, passed=measure.part >= limit)


def _rise(name: str, settings: GateSettings) -> float:
    subject = name.split(".")[1]
    rises = {
        "duplicate": settings.max_duplicate_rise,
        "no_authors": settings.max_null_rise,
        "no_date": settings.max_null_rise,
        "removed": settings.max_removed_rise,
        "outlet": settings.max_outlet_rise,
    }
    return rises.get(subject, settings.max_outcome_rise)


def _absolute(measures: Measures, settings: GateSettings) -> tuple[Gate, ...]:
    limits = {
        "corpus.dropped": settings.max_dropped_share,
        "corpus.duplicate": settings.max_duplicate_share,
        "corpus.no_authors": settings.max_no_authors_share,
        "corpus.no_date": settings.max_no_date_share,
    }
    return tuple(
        Gate(name, measures[name].share, None, limit, passed=measures[name].share <= limit)
        for name, limit in limits.items()
        if limit < 1.0 and name in measures
    )


def _share(value: float) -> str:
    return f"{value:.1%}".replace("%", " %")


def _count(value: float) -> str:
    return f"{value:,.0f}"
