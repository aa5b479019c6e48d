"""The lines that were learned as furniture of their outlets, as a list that a person can read and veto.

A line is vetoed, for good, by an entry in the overrides file:

    [[line]]
    text = "..."
    outlet = "..."
    decision = "keep"
"""

from __future__ import annotations

import io
from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.boilerplate.learned import RULE
from copydesk.sheets import write_sheet

SHEET = "learned-lines.csv"
COLUMNS = ("outlet", "line", "articles", "article_ids")
EXAMPLES = 5
"""Articles that are named for each line: enough to look whether it belongs to them."""


def learned_lines(decisions: pa.Table, outlets: pa.Table) -> list[tuple[str, str, int, str]]:
    """Each learned line with its outlet, in how many articles it was removed, and some of their ids, blank between.

    The most frequent first. `outlets` has article_id and outlet. Without a learned line the list is empty.
    """
    rows = decisions.filter(pc.equal(decisions["rule"], RULE)).select(["article_id", "before"])
    wanted = outlets.filter(pc.is_in(outlets["article_id"], value_set=rows["article_id"].combine_chunks()))
    names = dict(zip(wanted["article_id"].to_pylist(), wanted["outlet"].to_pylist(), strict=True))
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows.to_pylist():
        found[names.get(row["article_id"]) or "", row["before"]].add(row["article_id"])
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return [(outlet, line, len(ids), " ".join(sorted(ids)[:EXAMPLES])) for (outlet, line), ids in ordered]


def learned_sheet(decisions: pa.Table, outlets: pa.Table) -> bytes:
    """The same as CSV in UTF-8 with the header `COLUMNS`; a header alone where nothing was learned."""
    out = io.StringIO()
    write_sheet(out, COLUMNS, learned_lines(decisions, outlets))
    return out.getvalue().encode("utf-8", "replace")
