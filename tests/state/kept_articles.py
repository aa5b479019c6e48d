"""Small articles under their keys, for tests of what is kept."""

from __future__ import annotations

import pyarrow as pa

from copydesk.article import Article, Block, Evidence, Source
from copydesk.state import ExaminedStore, RecordKey


def examined(number: int, record: int = 0) -> tuple[RecordKey, Article]:
    """An examined article of this number, under its key."""
    article_id = f"{number:032x}"
    article = Article(
        article_id,
        Source("ferries.jsonl", record, "ab" * 32, "utf-8"),
        (Block(f"Ferry {number} is late."),),
        evidence=(Evidence("title", f"Ferry {number}", "record", "headline", 0.9),),
    )
    return RecordKey(article_id, "00", record), article


def keys(*numbers: int) -> list[RecordKey]:
    """The keys of these articles."""
    return [examined(number)[0] for number in numbers]


def numbers(store: ExaminedStore, *wanted: int) -> list[int]:
    """Which of these articles the store has."""
    return sorted(int(article.article_id, 16) for article in store.get(keys(*wanted)))


def listed(*wanted: int) -> pa.Table:
    """The records of these articles, as a listing has them."""
    columns = zip(*keys(*wanted), strict=True) if wanted else ((), (), ())
    types = (pa.string(), pa.string(), pa.int32())
    return pa.table([pa.array(c, t) for c, t in zip(columns, types, strict=True)], ["article_id", "fields", "record"])
