"""How far articles are from the corpus's theme, kept from night to night: nearly all are deep within it.

    state/themes/beside~<digest>.arrow

It says of each article what it depends on, and belongs to the code and settings that made it; what is lost is found
again.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from copydesk.contamination.document_bounds import THEMES
from copydesk.state.kept import find_current, keep_table

STEM = "beside"


def read_themes(state: Path, fingerprint: str) -> pa.Table | None:
    """What is known (schema `THEMES`); None if it is lost, damaged, or of another fingerprint."""
    return find_current(state / "themes", STEM, fingerprint)


def write_themes(state: Path, fingerprint: str, known: pa.Table) -> None:
    """Nothing: this is kept, and nothing else."""
    schema = THEMES.with_metadata({"fingerprint": fingerprint})
    keep_table(state / "themes", STEM, schema, [known.replace_schema_metadata(schema.metadata)])
