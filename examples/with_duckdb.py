"""Which outlets print whose copy, with DuckDB.

python examples/with_duckdb.py corpus/clean
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

QUERY = """
select copies.outlet as printed_by, articles.outlet as written_by, count(*) as stories
from read_parquet($clean || '/duplicates/*.parquet') as copies
join read_parquet($clean || '/articles/**/*.parquet', hive_partitioning = true) as articles
  on articles.article_id = copies.canonical_id
where copies.kind = 'syndicated'
group by all
order by stories desc, printed_by, written_by
"""


def who_prints_whom(clean: Path) -> list[tuple[str, str, int]]:
    """Pairs of outlets with the number of stories that the first took over from the second."""
    return duckdb.execute(QUERY, {"clean": str(clean)}).fetchall()


if __name__ == "__main__":
    for printed_by, written_by, stories in who_prints_whom(Path(sys.argv[1])):
        print(f"{stories:>5}  {printed_by} took over from {written_by}")
