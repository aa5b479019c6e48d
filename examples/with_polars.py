"""The rules that took most away, with Polars.

python examples/with_polars.py corpus/clean
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl


def rules_by_characters(clean: Path) -> pl.DataFrame:
    """A row per rule that removes: how many spans, how many characters, in how many records."""
    return (
        pl.scan_parquet(clean / "decisions" / "*.parquet")
        .filter(pl.col("action") == "removed")
        .group_by("stage", "rule")
        .agg(
            spans=pl.len(),
            characters=pl.col("before").str.len_chars().sum(),
            records=pl.col("article_id").n_unique(),
        )
        .sort("characters", "rule", descending=[True, False])
        .collect()
    )


if __name__ == "__main__":
    with pl.Config(tbl_rows=-1):
        print(rules_by_characters(Path(sys.argv[1])))
