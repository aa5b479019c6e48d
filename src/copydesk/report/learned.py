"""The lines that were learned as furniture of their outlets, as a list that a person can read and veto.

A line is vetoed, for good, by an entry in the overrides file:

    [[line]]
    text = "..."
    outlet = "..."
    decision = "keep"
"""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.boilerplate.learned import RULE
from copydesk.sheets import write_sheet

SHEET = "learned-lines.csv"

ANY_VERSION = RULE.partition("/")[0] + "/"
COLUMNS = ("outlet", "line", "articles", "article_ids")
EXAMPLES = 5
"""Articles that are named for each line: enough to look whether it belongs to them."""


def learned_lines(decisions: pa.Table, outlets: pa.Table) -> list[tuple[str, str, int, str]]:
    """Each learned line with its outlet, in how many articles it was removed, and some of their ids, blank between.

    The most frequent first. `outlets` has article_id and outlet. Without a learned line the list is empty.
    """
    rows = decisions.select(["article_id", "before"]).filter(pc.starts_with(decisions["rule"], ANY_VERSION))
    places = pc.index_in(rows["article_id"], value_set=outlets["article_id"].combine_chunks())
    lines = rows.append_column("outlet", pc.fill_null(outlets["outlet"].take(places), ""))
    groups = lines.group_by(["outlet", "before"]).aggregate([("article_id", "distinct")]).to_pylist()
    found = [(row["outlet"], row["before"], sorted(row["article_id_distinct"])) for row in groups]
    found.sort(key=lambda line: (-len(line[2]), line[:2]))
    return [(outlet, line, len(ids), " ".join(ids[:EXAMPLES])) for outlet, line, ids in found]


def learned_sheet(decisions: pa.Table, outlets: pa.Table) -> bytes:
    """The same as CSV in UTF-8 with the header `COLUMNS`; a header alone where nothing was learned."""
    out = io.StringIO()
    write_sheet(out, COLUMNS, learned_lines(decisions, outlets))
    return out.getvalue().encode("utf-8", "replace")
