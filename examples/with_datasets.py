"""English articles with a known author as a Hugging Face dataset, split for training by day of publication.

python examples/with_datasets.py corpus/clean
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from datasets import Dataset, DatasetDict, load_dataset

TEST_SHARE = 0.1


def articles_by_day(clean: Path) -> DatasetDict:
    """The articles as `train`, and the newest tenth of the days as `test`: a random split would put two reports of one
    event on both sides.
    """
    # The card beside the tables names them, so a table is found by its name.
    articles = load_dataset(str(clean), "articles", split="train", keep_in_memory=True)
    known = articles.filter(lambda row: row["language"] == "en" and row["authors"] and row["published_on"])
    known = known.select_columns(["article_id", "title", "text", "authors", "outlet", "published_on"])
    return split_by_day(known)


def split_by_day(articles: Dataset) -> DatasetDict:
    """The articles of the newest days, about a tenth of all days, as `test`; the others as `train`."""
    days = sorted(set(articles["published_on"]))
    first = days[int(len(days) * (1 - TEST_SHARE))] if days else dt.date.min
    return DatasetDict(
        train=articles.filter(lambda row: row["published_on"] < first),
        test=articles.filter(lambda row: row["published_on"] >= first),
    )


if __name__ == "__main__":
    print(articles_by_day(Path(sys.argv[1])))
