"""What was taken away, moved or repaired, by rule, with samples that a person can judge."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.report.diff import inline_html
from copydesk.report.markup import MOST_ROWS, left_out, short, table_head

SAMPLES = 6
"""Spans shown per rule: enough to judge it, few enough to read all rules."""
FROM_ONE_ARTICLE = 2
"""An article with forty captions would else be the only one shown."""
LOOKED_AT = 200
"""Spans among which the samples are chosen."""
KEYS = ("stage", "action", "label", "rule")
ACTIONS = ("removed", "moved", "repaired")


def taken(decisions: pa.Table) -> str:
    """A part to unfold per rule. Rules that remove and have a score come first: they can be wrong by degrees."""
    if not decisions.num_rows:
        return "<p>Nothing was removed, moved or repaired.</p>"
    spans = decisions.append_column("chars", pc.utf8_length(decisions["before"]))
    groups = spans.group_by(list(KEYS)).aggregate([("before", "count"), ("score", "min"), ("chars", "sum")])
    rows = sorted(groups.to_pylist(), key=_order)
    places = _borderline(spans)
    chosen = [places[tuple(row[key] for key in KEYS)] for row in rows[:MOST_ROWS]]
    # Taken for all rules at once: each time that rows are taken from a table in parts, these are put together.
    shown = iter(decisions.take(np.concatenate(chosen)).to_pylist())
    parts = "".join(_rule(list(islice(shown, len(own))), row) for row, own in zip(rows, chosen, strict=False))
    return f"{_filters(rows)}<div id=rules>{parts}</div>{left_out(len(rows))}"


def _order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    scored = row["score_min"] is None
    return (ACTIONS.index(row["action"]), scored, -row["before_count"], *(row[key] for key in KEYS))


def _filters(rows: list[dict[str, Any]]) -> str:
    counts = dict.fromkeys(ACTIONS, 0)
    for row in rows:
        counts[row["action"]] += row["before_count"]
    boxes = "".join(
        f"<label><input type=checkbox name=action value={action} checked> {action} <b>{counts[action]:,}</b></label>"
        for action in ACTIONS
    )
    return (
        "<p class=note>Within a rule, spans nearest to its limit come first; where it has no score, the longest.</p>"
        f'<form id=filter hidden><input type=search name=words placeholder="rule, label or words" aria-label="Filter">'
        f"{boxes}<button type=button name=all>Unfold all</button> <output aria-live=polite></output></form>"
    )


def _borderline(spans: pa.Table) -> dict[tuple[str, ...], NDArray[np.int64]]:
    """Per rule, where its first spans lie: a rule's lowest score was the nearest to leaving the span alone.

    All rules in one sort of numbers: a filter of the whole table for each took a minute for 100,000 articles.
    """
    names = pc.binary_join_element_wise(*(spans[key] for key in KEYS), "\0").combine_chunks().dictionary_encode()
    codes = names.indices.to_numpy(zero_copy_only=False)
    score = pc.fill_null(spans["score"], np.inf).to_numpy()
    # Of spans alike in all that, the first by id: rows come in the order in which nights have brought them.
    ids = pc.rank(spans["article_id"], tiebreaker="dense").to_numpy()
    order = np.lexsort((ids, -spans["chars"].to_numpy(), score, codes))
    starts = np.searchsorted(codes[order], np.arange(len(names.dictionary) + 1))
    return {
        tuple(name.split("\0")): order[start : min(start + LOOKED_AT, end)]
        for name, start, end in zip(names.dictionary.to_pylist(), starts, starts[1:], strict=False)
    }


def _rule(spans: list[dict[str, Any]], row: Mapping[str, Any]) -> str:
    samples = _choose(spans)
    head = ("span", "score", "where") if row["score_min"] is not None else ("span", "where")
    body = "".join(_sample(sample, scored=row["score_min"] is not None) for sample in samples)
    unfolded = " open" if row["score_min"] is not None else ""
    return (
        f"<details class=rule data-action={row['action']}{unfolded}><summary><code>{escape(row['rule'])}</code> "
        f"<span class=tag>{escape(row['action'])}</span> {escape(row['label'])} "
        f"<small>{escape(row['stage'])}, {row['chars_sum']:,} characters</small>"
        f"<b>{row['before_count']:,}</b></summary>"
        f"<table>{table_head(head)}{body}</table></details>"
    )


def _choose(spans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first samples that aren't the same words again and don't all stand in one article."""
    chosen: list[dict[str, Any]] = []
    for span in spans:
        of_article = sum(span["article_id"] == other["article_id"] for other in chosen)
        again = any(span["before"] == other["before"] for other in chosen)
        if of_article < FROM_ONE_ARTICLE and not again:
            chosen.append(span)
        if len(chosen) == SAMPLES:
            break
    return chosen


def _sample(span: Mapping[str, Any], *, scored: bool) -> str:
    score = f"<td class=n>{'' if span['score'] is None else format(span['score'], '.3f')}</td>" if scored else ""
    place = "" if span["paragraph"] is None else f", paragraph {span['paragraph']}"
    where = f"<td class=where>{escape(span['source_path'])}{place}</td>"
    return f"<tr><td class=span>{_shown(span)}</td>{score}{where}</tr>"


def _shown(span: Mapping[str, Any]) -> str:
    before, after = short(span["before"]) or "", short(span["after"])
    if after is None:
        return f"<del>{escape(before)}</del>"
    return escape(before) if after == before else inline_html(before, after)
