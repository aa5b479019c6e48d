"""What a worker does with a group of records: examines each, and makes the columns that judging needs of all of them.

Columns are made by compiled code and by arrays, which pay for many articles at once, so they come group by group; and
in workers, which are many. A run of a few files does without: there the code takes longer to load than the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pyarrow as pa

from copydesk.article import Article, Form, RawRecord, Source
from copydesk.boilerplate.pace import PACE as LOOKING
from copydesk.boilerplate.rules import compile_rules
from copydesk.contamination import pace
from copydesk.duplicates.pace import sketching_is_kept
from copydesk.judging import judging_columns
from copydesk.pipeline import examine
from copydesk.settings import Settings
from copydesk.state.columns import encode_columns, kept_columns
from copydesk.state.serial import encode_article
from copydesk.workers import GroupWork
from copydesk.workers.engine import GROUP_BYTES

FIRST_BYTES, GROUPS_RECORDS = 24 * 1024 * 1024, 3_000
"""Columns are made in workers if the first records, so many bytes of them, are so many: to load the compiled code there
takes as long as it saves on some thousand plain texts."""

NIGHT_BYTES = 1_000_000
"""What a night brings, of which half is as long to examine as the code to load; judging needs the compiler from some
three hundred articles on."""

GROUP_RECORDS, MOST_GROUP_BYTES = 32, 4 * 1024 * 1024
"""About how many records a group holds at least, as long as it isn't larger: of saved pages half a megabyte would be
two, and the columns of two articles take as long as those of a dozen."""

Made = tuple[Article, bytes]
"""An examined article, and the same as it is kept."""


def examination(settings: Settings, record_bytes: int = 0) -> GroupWork:
    """The work on records of about this size: of each `send_article`, of each group its columns (`decode_columns`)."""
    group_bytes = max(GROUP_BYTES, min(GROUP_RECORDS * record_bytes, MOST_GROUP_BYTES))
    make = partial(examine_record, settings=settings)
    return GroupWork(make, send_article, sum_up, f"{__name__}:load_code", group_bytes)


def makes_columns(records: int, size: int) -> bool:
    """Whether columns shall be made in workers, of which these are the first: so many records of so many bytes in all.

    Where they are pages, workers have the compiler anyway, but nothing is compiled for some hundred of them. What reads
    the words of paragraphs needn't be kept: it is compiled after ten runs of a thousand pages, and until then the main
    process would make all columns alone.
    """
    return records >= GROUPS_RECORDS or (size >= FIRST_BYTES and sketching_is_kept())


def shares_code(size: int) -> bool:
    """Whether a night that brings so many bytes shall load the code before workers are split off.

    Judging loads the compiler in any case. Loaded before, it is in both, and a worker does with it what it would do
    plainly: to look over a thousand texts and tell their languages takes .4 s plainly.
    """
    if size < NIGHT_BYTES or not sketching_is_kept():
        return False
    from copydesk.metadata import detector

    return all(one.is_kept() for one in (pace.PACE, LOOKING, detector.PACE))


def examine_record(record: RawRecord, settings: Settings) -> Made:
    """A record examined, and the article as it is kept."""
    article = examine(record, settings)
    return article, encode_article(article)


def send_article(made: Made) -> bytes:
    """The outcome of an examined record, a line end, and the article as it is kept.

    A worker encodes it for the way in any case; what nobody looks into before it is judged needn't be decoded here.
    """
    article, encoded = made
    return article.outcome.encode() + b"\n" + encoded


def sum_up(group: Sequence[Made]) -> bytes:
    """The columns of a group of articles, as bytes."""
    return encode_columns(_columns(group))


def _columns(group: Sequence[Made]) -> pa.Table:
    return kept_columns([article for article, _ in group], [encoded for _, encoded in group], compile_code=True)


def load_code() -> None:
    """Nothing: what examining and the columns need is loaded, so that workers that are forked later have it.

    On an install that has compiled nothing all of it is compiled. On one that sketches by machine code only what is
    kept is loaded, since what isn't hasn't paid there yet.
    """
    from copydesk.metadata import detector  # brings the model's library, which no other process needs

    compile_rules()
    fresh = not sketching_is_kept()
    for loops in (detector.PACE, LOOKING, pace.PACE):
        loops.is_fast = loops.is_fast or fresh or loops.is_kept()
    # Not in English, for which no detector is needed; with a credit, for whose forms patterns are compiled; and behind
    # the columns, which bring the compiler with them.
    text = (
        "Fähre wieder in Betrieb\n\nDie Fähre nach Stroma verkehrt ab Montag wieder, wie die Betreiberin mitteilte.\n\n"
        "Die Fähre im Hafen. Nadia Duffy / Getty Images"
    )
    record = RawRecord("", Source("", 0, None), Form.TEXT, text)
    judging_columns([Article("", record.source)], compile_code=True)
    sum_up([examine_record(record, Settings())])
