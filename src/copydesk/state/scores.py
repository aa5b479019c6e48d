"""The measures of pairs of texts, kept from night to night: most pairs of a night were compared the night before.

    state/scores/pairs~<digest>.arrow

A measure is known by all it depends on, so nothing here can make a result wrong; what is lost is measured again.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from copydesk.duplicates.scores import SCORES
from copydesk.state.kept import find_table, keep_table

STEM = "pairs"


def read_scores(state: Path) -> pa.Table | None:
    """The measures that were kept (schema `SCORES`); None if there are none, or those of another version."""
    table = find_table(state / "scores", STEM)
    return table if table is not None and table.schema.equals(SCORES, check_metadata=True) else None


def write_scores(state: Path, scores: pa.Table) -> None:
    """Nothing: these measures are kept, and no others."""
    keep_table(state / "scores", STEM, SCORES, [scores])
