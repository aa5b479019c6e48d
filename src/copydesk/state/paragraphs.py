"""What was found about paragraphs, kept from night to night: most articles of a night were judged the night before.

    state/paragraphs/known~<digest>.arrow

It says of each article what it depends on, and belongs to the code and settings that made it; what is lost is found
again.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from copydesk.contamination.known import KNOWN
from copydesk.state.kept import find_current, keep_table

STEM = "known"


def read_paragraphs(state: Path, fingerprint: str) -> pa.Table | None:
    """What is known of paragraphs (schema `KNOWN`); None if it is lost, damaged, or of another fingerprint."""
    return find_current(state / "paragraphs", STEM, fingerprint)


def write_paragraphs(state: Path, fingerprint: str, known: pa.Table) -> None:
    """Nothing: this is kept, and nothing else."""
    schema = KNOWN.with_metadata({"fingerprint": fingerprint})
    keep_table(state / "paragraphs", STEM, schema, [known.replace_schema_metadata(schema.metadata)])
