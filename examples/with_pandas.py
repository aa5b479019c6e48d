"""Articles per outlet and month, with pandas.

python examples/with_pandas.py corpus/clean
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd


def articles_per_month(clean: Path) -> pd.DataFrame:
    """A row per outlet, a column per month of publication; articles without an outlet or a day are left out."""
    columns = ["outlet", "published_on"]
    articles = pd.read_parquet(clean / "articles", columns=columns).dropna()
    month = pd.to_datetime(articles["published_on"]).dt.strftime("%Y-%m")
    return articles.groupby(["outlet", month]).size().unstack(fill_value=0)


if __name__ == "__main__":
    print(articles_per_month(Path(sys.argv[1])).to_string())
