"""Counts over stories, kept from night to night: most stories of a night are as they were the night before.

    state/counts/stories~<digest>.arrow

They say of which texts they were made, and belong to the code and settings that made them; what is lost is counted
again.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from copydesk.duplicates.counting import COUNTED
from copydesk.state.kept import find_current, keep_table

STEM = "stories"


def read_counts(state: Path, fingerprint: str) -> pa.Table | None:
    """What was counted (schema `COUNTED`); None if it is lost, damaged, or of another fingerprint."""
    return find_current(state / "counts", STEM, fingerprint)


def write_counts(state: Path, fingerprint: str, counts: pa.Table) -> None:
    """Nothing: this is kept, and nothing else."""
    schema = COUNTED.with_metadata({"fingerprint": fingerprint})
    keep_table(state / "counts", STEM, schema, [counts.replace_schema_metadata(schema.metadata)])
