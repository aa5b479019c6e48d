"""What is kept of verdicts for the next night: of each its own digest."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pyarrow as pa

from copydesk.duplicates import carry_links
from copydesk.duplicates.decided import LINKS
from copydesk.duplicates.survivors import ROWS
from copydesk.judging import Verdict
from copydesk.judging.by_row import Verdicts, hold_links
from copydesk.judging.verdicts import digest_removals, digest_verdict
from copydesk.laying import verdict_table

PAIRS = 3_000


def test_each_verdict_has_its_own_digest() -> None:
    """Verdicts on copies are made one after the other and gone again: none may be taken for one that was there."""
    names = [f"{number:08d}" for number in range(2 * PAIRS)]
    known = pa.table({"article_id": names, "outlet": names, "url": names}).append_column(
        "published_on", pa.nulls(len(names), pa.date32())
    )
    links = {"article_id": names[PAIRS:], "canonical_id": names[:PAIRS], "kind": ["near"] * PAIRS}
    figures = {name: [0.5 + number / 10_000 for number in range(PAIRS)] for name in ("jaccard", "containment")}
    carried = carry_links(known["article_id"], np.ones(len(names), np.bool_), pa.table(links | figures, LINKS))
    said = [name for name in ROWS.names if name != "outcome"]
    told = {number: Verdict(furniture=(number % 7,)) for number in range(0, len(names), 3)}
    verdicts = Verdicts(told, hold_links(carried, known.select(said), np.arange(len(names))))
    shelf = SimpleNamespace(
        columns=pa.table({"article_id": names, "content": pa.array([bytes(16)] * len(names), pa.binary(16))}),
        records=np.zeros(len(names), np.int32),
    )
    table = verdict_table(shelf, verdicts)  # type: ignore[arg-type]  # all of a shelf that it looks at
    every = verdicts.of(range(len(names)))
    assert table["facts"].to_pylist() == [digest_verdict(verdict) for verdict in every]
    assert len(set(table["facts"].to_pylist())) == len(names)
    removed = [digest_removals(verdict) if verdict.removed else b"" for verdict in every]
    assert table["removals"].to_pylist() == removed
