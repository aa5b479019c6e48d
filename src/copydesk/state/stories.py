"""What was decided about stories, kept from night to night: most stories of a night are as they were the night before.

    state/stories/decided~<digest>.arrow

A story is known by all that its links depend on, and the file belongs to the code and settings that made it; what is
lost is decided again.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from copydesk.duplicates.decided import DECIDED
from copydesk.state.kept import find_current, keep_table

STEM = "decided"


def read_stories(state: Path, fingerprint: str) -> pa.Table | None:
    """What was decided (schema `DECIDED`); None if it is lost, damaged, or of another fingerprint."""
    return find_current(state / "stories", STEM, fingerprint)


def write_stories(state: Path, fingerprint: str, decided: pa.Table) -> None:
    """Nothing: this is kept, and nothing else."""
    schema = DECIDED.with_metadata({"fingerprint": fingerprint})
    keep_table(state / "stories", STEM, schema, [decided.replace_schema_metadata(schema.metadata)])
