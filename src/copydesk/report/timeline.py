"""Articles over time by outlet, as stacked columns."""

from __future__ import annotations

from collections import Counter
from html import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.report.markup import scrolling, table

SERIES = 7
"""Outlets with a colour of their own; more can't be told apart. The rest is drawn together."""
MOST_COLUMNS = 72
"""Six years of months; a longer span is drawn by year."""
WIDTH, HEIGHT, LEFT, BELOW = 1000, 260, 48, 26
OTHERS = "other outlets"
UNKNOWN = "(unknown outlet)"

Counts = dict[str, Counter[str]]
"""Articles by period, then by series."""


def timeline(articles: pa.Table) -> str:
    """The chart with its key, and the same numbers as a table. Articles without a day are counted below it."""
    # Without the texts: a table of 100,000 of them takes twenty seconds to filter.
    days = articles.select(["published_on", "outlet"])
    dated = days.filter(pc.is_valid(days["published_on"]))
    undated = articles.num_rows - dated.num_rows
    note = f"<p class=note>{undated:,} articles without a date of publication are not drawn.</p>" if undated else ""
    if not dated.num_rows:
        return "<p>No article has a date of publication.</p>" + note
    outlet = dated["outlet"].combine_chunks()
    outlets = pc.if_else(pc.equal(pc.fill_null(outlet, ""), ""), UNKNOWN, outlet).dictionary_encode()
    names = _series(outlets)
    counts = _count(dated["published_on"], outlets, names)
    key = "".join(f"<li><i class={_colour(i, name)}></i>{escape(name)}</li>" for i, name in enumerate(names))
    rows = [(period, *(counts[period][name] for name in names)) for period in counts]
    numbers = scrolling(table(("period", *names), rows), "Articles by period and outlet")
    return (
        f"{scrolling(_svg(counts, names), 'Articles over time')}<ul class=key>{key}</ul>{note}"
        f"<details><summary>The same as a table</summary>{numbers}</details>"
    )


def _series(outlets: pa.DictionaryArray) -> list[str]:
    counts = np.bincount(outlets.indices.to_numpy()).tolist()
    by_size = sorted(zip(outlets.dictionary.to_pylist(), counts, strict=True), key=lambda item: (-item[1], item[0]))
    names = [name for name, _ in by_size[:SERIES]]
    return names if len(by_size) <= SERIES else [*names, OTHERS]


def _count(days: pa.ChunkedArray, outlets: pa.DictionaryArray, names: list[str]) -> Counts:
    """The counts, with every period between the first and the last."""
    months = (pc.year(days).to_numpy() * 12 + pc.month(days).to_numpy() - 1).astype(np.int64)
    by_year = int(months.max() - months.min()) >= MOST_COLUMNS
    steps = months // 12 if by_year else months
    span = list(range(int(steps.min()), int(steps.max()) + 1))
    if len(span) > 2 * MOST_COLUMNS:  # A stray date centuries away: only the periods that there are.
        span = np.unique(steps).tolist()
    label = {step: f"{step:04}" if by_year else f"{step // 12:04}-{step % 12 + 1:02}" for step in span}
    place = {name: place for place, name in enumerate(names)}
    series = np.array([place.get(name, len(names) - 1) for name in outlets.dictionary.to_pylist()])
    cells = np.searchsorted(span, steps) * len(names) + series[outlets.indices.to_numpy()]
    table = np.bincount(cells, minlength=len(span) * len(names)).reshape(len(span), len(names)).tolist()
    return {label[step]: Counter(dict(zip(names, row, strict=True))) for step, row in zip(span, table, strict=True)}


def _svg(counts: Counts, names: list[str]) -> str:
    top = _round_up(max(sum(column.values()) for column in counts.values()))
    step = (WIDTH - LEFT) / len(counts)
    width = min(step * 0.8, 60)
    drawn = []
    for i, (period, column) in enumerate(counts.items()):
        x, y = LEFT + i * step + (step - width) / 2, float(HEIGHT)
        for series, name in enumerate(names):
            height = column[name] / top * HEIGHT
            y -= height
            if height:
                place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
                drawn.append(
                    f"<rect class={_colour(series, name)} {place}>"
                    f"<title>{period}, {escape(name)}: {column[name]:,}</title></rect>"
                )
    return (
        f'<svg class=chart id=timeline viewBox="0 -8 {WIDTH} {HEIGHT + BELOW + 8}" role=img '
        f'aria-label="Articles over time by outlet">{_axis(top)}{"".join(drawn)}{_labels(list(counts), step)}</svg>'
    )


def _colour(series: int, name: str) -> str:
    """The class of a series: what is no one outlet is grey."""
    return {OTHERS: "others", UNKNOWN: "unknown"}.get(name, f"s{series}")


def _axis(top: int) -> str:
    lines = []
    for value in sorted({0, top // 2, top}):
        y = HEIGHT - value / top * HEIGHT
        lines.append(f'<path class=grid d="M{LEFT} {y:.1f}H{WIDTH}"/>')
        lines.append(f'<text class=axis x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor=end>{value:,}</text>')
    return "".join(lines)


def _labels(periods: list[str], step: float) -> str:
    every = max(1, -(-len(periods) * 62 // (WIDTH - LEFT)))
    return "".join(
        f'<text class=axis x="{LEFT + (i + 0.5) * step:.1f}" y="{HEIGHT + 18}" text-anchor=middle>{period}</text>'
        for i, period in enumerate(periods)
        if i % every == 0
    )


def _round_up(value: int) -> int:
    """The next even number that begins with one digit: a scale that can be read.

    >>> _round_up(37), _round_up(1), _round_up(1234)
    (40, 2, 2000)
    """
    size = int(10 ** (len(str(value)) - 1))
    rounded = -(-value // size) * size
    return rounded + rounded % 2
