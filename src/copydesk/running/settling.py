"""Stored articles and the verdicts on them → rows, in files: what a worker does of a run's last large piece of work.

A worker reads the articles itself, so all that travels is where they lie and what isn't said of nearly all of them;
and it writes the rows itself, so nothing comes back but that they are there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from copydesk.article import Article, Copy, Evidence, Source
from copydesk.contamination.documents import Aside
from copydesk.contamination.paragraphs import Stranger
from copydesk.duplicates import DuplicateLink
from copydesk.errors import RunError
from copydesk.judging.verdicts import NOTHING, Overruled, Verdict, settle
from copydesk.machine.collector import rare_collections
from copydesk.running.outline import OUTLINE, outline
from copydesk.running.request import OUTLINES
from copydesk.state.segments import UNREADABLE, read_rows
from copydesk.state.serial import decode_article
from copydesk.writing import TABLES, articles_table, decisions_table, duplicates_table, ledger_table
from copydesk.writing.partitions import sort_by_folder
from copydesk.writing.schema import load_schema

BATCH_ROWS = 500
"""Articles that are settled at once. With all their evidence they take some 50 kB each."""

SCHEMAS = {**{name: load_schema(name) for name in TABLES}, OUTLINES: OUTLINE}
"""What is laid aside, by name."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What marks the rows of a run: its id and its start."""

    run_id: str
    now: dt.datetime


Change = Callable[[Article], Article]
"""What people decided of an article, before anything is judged."""

Part = Sequence[Any]
"""The segment's path, the rows in it, the positions of the records, the verdicts (`encode_verdict`), the files of
survivors by id, and the number under which the rows are laid aside: of what can travel."""


def lay_part(part: Part, stamp: Stamp, folder: str, change: Change | None) -> bool:
    """What `lay_stored` says of a part that has come from elsewhere."""
    segment, rows, records, said, paths, number = part
    verdicts = [decode_verdict(values) for values in said]
    return lay_stored(Path(segment), rows, records, verdicts, paths, number, stamp, Path(folder), change)


def lay_stored(
    segment: Path,
    rows: Sequence[int],
    records: Sequence[int],
    verdicts: Sequence[Verdict],
    paths: Mapping[str, str],
    number: int,
    stamp: Stamp,
    folder: Path,
    change: Change | None,
) -> bool:
    """Whether the rows of a part lie in the folder now; not so where its articles can't be read.

    Raises RunError where they can't be written.
    """
    try:
        with rare_collections():
            lay_articles(_read(segment, rows, records, change), verdicts, paths, stamp, folder, number)
    except UNREADABLE as error:
        if isinstance(error, OSError) and error.errno and error.filename != str(segment):
            raise RunError(f"{error.filename or folder}: {error.strerror}; nothing was published, make room") from error
        return False
    return True


def _read(segment: Path, rows: Sequence[int], records: Sequence[int], change: Change | None) -> Iterator[Article]:
    for (_, data), record in zip(read_rows(segment, rows), records, strict=True):
        article = decode_article(data)
        if article.source.record != record:
            article = replace(article, source=replace(article.source, record=record))
        yield change(article) if change else article


def lay_articles(
    articles: Iterator[Article],
    verdicts: Sequence[Verdict],
    paths: Mapping[str, str],
    stamp: Stamp,
    folder: Path,
    number: int,
) -> None:
    """Nothing: the rows of these articles lie in the folder, as part of this number of each table and the outlines."""
    made: dict[str, list[pa.Table]] = {name: [] for name in SCHEMAS}
    for start in range(0, len(verdicts), BATCH_ROWS):
        found = verdicts[start : start + BATCH_ROWS]
        own = islice(articles, len(found))
        settled = [settle(article, verdict) for article, verdict in zip(own, found, strict=True)]
        for name, table in _tables(settled, found, paths, stamp).items():
            made[name].append(table)
    for name, tables in made.items():
        rows = pa.concat_tables(tables or [SCHEMAS[name].empty_table()])
        # Sorted here, where others sort beside us, so that publishing finds what it needs in one stretch of each part.
        rows = rows.combine_chunks() if name == OUTLINES else sort_by_folder(name, rows)
        with pa.OSFile(str(part_path(folder, name, number)), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as out:
            out.write_table(rows)


def part_path(folder: Path, name: str, number: int) -> Path:
    """Where a part of a table lies."""
    return folder / f"{name}.parts" / f"{number:06d}.arrow"


def _tables(
    articles: Sequence[Article], verdicts: Sequence[Verdict], paths: Mapping[str, str], stamp: Stamp
) -> dict[str, pa.Table]:
    links = [verdict.link for verdict in verdicts if verdict.link]
    # Of survivors the table names the file alone, so they needn't be loaded.
    survivors = [Article(link.canonical_id, Source(paths[link.canonical_id], 0, None)) for link in links]
    clean = articles_table(articles, run_id=stamp.run_id, now=stamp.now)
    return {
        "articles": clean,
        OUTLINES: outline(clean),
        "duplicates": duplicates_table(links, [*survivors, *articles]),
        "decisions": decisions_table(articles),
        "ledger": ledger_table(articles, run_id=stamp.run_id),
    }


_EVIDENCE, _OVERRULED = (attrgetter(*(f.name for f in fields(kind))) for kind in (Evidence, Overruled))
"""The values of each; `astuple` copies them one by one, in twenty times the time."""


def encode_verdict(verdict: Verdict) -> list[Any]:
    """The verdict as JSON can have it: of nearly all no more than the positions of learned lines."""
    furniture = list(verdict.furniture)
    if verdict == Verdict(verdict.furniture):
        return furniture
    aside, link = verdict.aside, verdict.link
    return [
        furniture,
        verdict.foreign,
        verdict.no_article,
        aside and [_EVIDENCE(aside.flag), aside.reason],
        link and [link.article_id, link.canonical_id, str(link.kind), link.jaccard, link.containment],
        [[c.outlet, c.url, c.published_on and c.published_on.isoformat(), c.article_id] for c in verdict.copies],
        verdict.unwanted,
        [_OVERRULED(one) for one in verdict.overruled],
        verdict.kept_whole,
        verdict.by_hand,
        verdict.gone,
    ]


def decode_verdict(values: Sequence[Any]) -> Verdict:
    """The verdict that `encode_verdict` made these values of.

    >>> decode_verdict(encode_verdict(Verdict((3,), no_article="too short", gone=True)))
    Verdict(furniture=(3,), foreign=(), no_article='too short', aside=None, link=None, ..., gone=True)
    """
    if not values:
        return NOTHING
    if not isinstance(values[0], list):
        return Verdict(tuple(values))
    furniture, foreign, no_article, aside, link, copies, unwanted, overruled, kept_whole, by_hand, gone = values
    return Verdict(
        tuple(furniture),
        tuple(Stranger(*stranger) for stranger in foreign),
        no_article,
        aside and Aside(Evidence(*aside[0]), aside[1]),
        link and DuplicateLink(*link),
        tuple(Copy(outlet, url, day and dt.date.fromisoformat(day), name) for outlet, url, day, name in copies),
        tuple(unwanted),
        tuple(Overruled(*one) for one in overruled),
        kept_whole,
        by_hand,
        gone,
    )
