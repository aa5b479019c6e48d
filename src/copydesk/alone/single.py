"""Files by themselves, without the corpus stages: decoded, extracted, with metadata, rules applied."""

from __future__ import annotations

import datetime as dt
import os
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from copydesk.article import Article, Outcome, RawRecord, RecordField, Refusal
from copydesk.errors import UsageError
from copydesk.pipeline import examine
from copydesk.reading import RawFile, read_data
from copydesk.running.examining import size_of
from copydesk.running.raw_records import find_protected, read_all
from copydesk.settings import Settings
from copydesk.workers import ProcessEngine
from copydesk.writing import articles_table

NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Stands in columns that tell about runs while a row is made; `extract` rows have none of them."""

RUN_COLUMNS = ("first_seen", "run_id")


def extract_articles(
    data: bytes, *, name: str = "", url: str | None = None, settings: Settings | None = None
) -> tuple[Article, ...]:
    r"""The articles in one file, each with its outcome, text, metadata, evidence and decisions.

    `name` helps to tell the type where the content doesn't; `url` is where the file comes from: evidence like any
    other. What can't be read comes back as an article that is `quarantined`, with the reason; nothing is raised for it.

    >>> [article] = extract_articles(b"Ferry back in service\n\nThe ferry to Stroma sails again from Monday, "
    ...     b"the operator said, after a winter of repairs that cost twice what had been planned.", name="a.txt")
    >>> article.metadata.title
    'Ferry back in service'
    """
    settings = settings or Settings()
    stated = (RecordField("url", url, "url", "caller"),) if url else ()
    records = read_data(data, name, settings)
    return tuple(examine(replace(record, fields=record.fields + stated), settings) for record in records)


def extracted_rows(path: Path, settings: Settings) -> Iterator[dict[str, Any]]:
    """One row per record in a file or folder, with the columns of `articles`, and `error` where there is no article.

    Rows come in the order of the files and of the records in them. Read and examined in workers, like the records of a
    run: what kills one is a row with an error. Raises UsageError for a path that isn't there.
    """
    folder, files = _files_at(path, settings)
    sources: deque[RawRecord] = deque()

    def records() -> Iterator[RawRecord]:
        for record in read_all(folder, files, settings):
            sources.append(replace(record, content=""))
            yield record

    engine = ProcessEngine(1, settings.running)
    with closing(engine.map(partial(record_row, settings=settings), records(), size_of)) as rows:
        for row in rows:
            record = sources.popleft()
            if not isinstance(row, Refusal):
                yield row
                continue
            lost = Article(record.article_id, record.source, outcome=Outcome.QUARANTINED, reason=str(row))
            yield article_row(lost)


def record_row(record: RawRecord, settings: Settings) -> dict[str, Any]:
    """The row of one record: what a worker does."""
    return article_row(examine(record, settings))


def article_row(article: Article) -> dict[str, Any]:
    """The article as a row that JSON can hold: dates and times in ISO form, no columns about runs."""
    # What could not be read has no digest; the table of articles, whose columns these are, knows only what has one.
    source = replace(article.source, sha256=article.source.sha256 or "")
    whole = replace(article, outcome=Outcome.CLEAN, source=source)
    [row] = articles_table([whole], run_id="", now=NEVER).to_pylist()
    row["source_sha256"] = article.source.sha256
    kept = {name: _plain(value) for name, value in row.items() if name not in RUN_COLUMNS}
    if article.outcome is Outcome.CLEAN:
        return kept
    return kept | {"error": f"{article.outcome}: {article.reason}"}


def _files_at(path: Path, settings: Settings) -> tuple[Path, tuple[RawFile, ...]]:
    if path.is_dir():
        return path, find_protected(path, settings)
    try:
        size_bytes = path.stat().st_size
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; name a file or folder that can be read") from error
    return path.parent, (RawFile(path.name, os.fsencode(path.name), size_bytes),)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value
