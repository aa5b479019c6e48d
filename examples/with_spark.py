"""What was removed from the articles of each outlet, with Spark.

spark-submit examples/with_spark.py corpus/clean

Spark needs Java (17 or newer) and `pip install pyspark`. The same query runs without both through DuckDB, which speaks
Spark's language: `python examples/with_spark.py corpus/clean` takes whichever is there.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

try:
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as f
except ImportError:
    from duckdb.experimental.spark.sql import SparkSession
    from duckdb.experimental.spark.sql import functions as f


def removed_by_outlet(spark: Any, clean: Path) -> Any:
    """A row per outlet and rule: how many spans were removed from articles that are in the corpus."""
    # Resolved once: all that is read is of one run, even if another one publishes meanwhile.
    corpus = clean.resolve()
    articles = spark.read.parquet(f"{corpus}/articles/*/*.parquet").select("article_id", "outlet")
    decisions = spark.read.parquet(f"{corpus}/decisions/*.parquet").filter(f.col("action") == "removed")
    return (
        decisions.join(articles, on="article_id")
        .groupBy("outlet", "rule")
        .agg(f.count("article_id").alias("spans"))
        .orderBy(f.col("spans").desc(), f.col("outlet"), f.col("rule"))
    )


if __name__ == "__main__":
    for row in removed_by_outlet(SparkSession.builder.getOrCreate(), Path(sys.argv[1])).collect():
        print(f"{row.spans:>6}  {row.outlet or '(unknown outlet)'}: {row.rule}")
