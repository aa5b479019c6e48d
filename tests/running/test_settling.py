"""Rows made where the articles lie: in a worker, from what travels there."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from copydesk.article import Article, Block, Copy, Evidence, Metadata, Source
from copydesk.contamination.documents import Aside
from copydesk.contamination.paragraphs import Stranger
from copydesk.duplicates import DuplicateLink
from copydesk.errors import RunError
from copydesk.judging import Verdict
from copydesk.judging.by_row import Verdicts
from copydesk.judging.verdicts import NOTHING, Overruled
from copydesk.machine import forks
from copydesk.machine.work import Work
from copydesk.running import laying
from copydesk.running.laying import lay_rows
from copydesk.running.request import OUTLINES
from copydesk.running.settling import Stamp, decode_verdict, encode_verdict, lay_part
from copydesk.settings import RunningSettings
from copydesk.spread import as_spread
from copydesk.state import StoredShelf
from copydesk.state.segments import Kept, read_rows, write_segment
from copydesk.state.serial import encode_article
from copydesk.workers import Engine, ProcessEngine, SerialEngine
from copydesk.writing import TABLES

STAMP = Stamp("run-1", dt.datetime(2026, 3, 5, 2, 0, tzinfo=dt.UTC))
FOOT = "Printed on the old harbour press."
COUNT = 30
LINK = DuplicateLink(f"{4:032x}", f"{7:032x}", "near", 0.91, 0.95)
VERDICTS = {
    2: Verdict((1,)),
    4: Verdict((1,), link=LINK),
    7: Verdict(copies=(Copy("Tarn Echo", None, dt.date(2026, 1, 5), f"{4:032x}"), Copy(None, None, None, "9" * 32))),
    8: Verdict(foreign=(Stranger(1, 0.97, "of another story", True, None),), gone=True),
    9: Verdict(no_article="too short: 3 words"),
    11: Verdict(aside=Aside(Evidence("article", "off_topic", "theme", "far away", 0.8), "off the theme")),
    12: Verdict(unwanted=(0,), overruled=(Overruled(None, "theme/1", "article", "kept", 0.4),), kept_whole=True),
}


def shelf(folder: Path) -> StoredShelf:
    """Thirty articles in two segments, each at another place in its file than when it was examined."""
    folder.mkdir(exist_ok=True)
    articles = [
        Article(
            f"{n:032x}",
            Source(f"{n}.txt", 0, "0" * 64),
            (Block(f"Text {n}."), Block(FOOT)),
            Metadata(title=f"Title {n}", published_on=dt.date(2026, 1, 1 + n)),
        )
        for n in range(COUNT)
    ]
    names = []
    for part in (articles[0::2], articles[1::2]):
        kept = [Kept(a.article_id, "", str(a.outcome), encode_article(a)) for a in part]
        names.append(write_segment(folder, "f", kept).name)
    columns = pa.table({"article_id": [a.article_id for a in articles], "path": [a.source.path for a in articles]})

    def read(segment: str, rows: object, decode: Callable[[bytes], object]) -> object:
        return ((row, decode(data)) for row, data in read_rows(folder / segment, rows))  # type: ignore[arg-type]

    numbers = np.arange(COUNT, dtype=np.int64)
    records = np.full(COUNT, 3, np.int32)
    return StoredShelf(as_spread(columns), records, tuple(names), numbers % 2, numbers // 2, read, folder)  # type: ignore[arg-type]


def laid(folder: Path) -> dict[str, pa.Table]:
    """All that was laid aside, by article: publishing puts rows in order, in whatever parts they lie."""
    found = {}
    for name in (*TABLES, OUTLINES):
        parts = sorted((folder / f"{name}.parts").iterdir())
        rows = pa.concat_tables(pa.ipc.open_file(part).read_all() for part in parts)
        found[name] = rows.sort_by("article_id").combine_chunks()
    return found


def lay(shelf: StoredShelf, folder: Path, engine: Engine | None = None) -> dict[str, pa.Table]:
    """All rows of a shelf, laid aside by an engine."""
    folder.mkdir()
    lay_rows(shelf, Verdicts(changed=VERDICTS), np.arange(COUNT), STAMP, folder, engine or SerialEngine(), Work(2))
    return laid(folder)


@pytest.mark.parametrize("verdict", [NOTHING, *VERDICTS.values()])
def test_verdicts_travel(verdict: Verdict) -> None:
    """What can be said of an article comes out as it went in, through JSON."""
    assert decode_verdict(json.loads(json.dumps(encode_verdict(verdict)))) == verdict


def test_nearly_all_verdicts_are_a_list_of_positions() -> None:
    """Only what isn't said of nearly all articles takes room."""
    assert encode_verdict(NOTHING) == []
    assert encode_verdict(Verdict((3, 7))) == [3, 7]


def test_workers_make_the_rows_of_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes them, and in whatever parts, they are the same."""
    monkeypatch.setattr(laying, "LEAST_ROWS", 3)
    monkeypatch.setattr(laying, "PARALLEL_ROWS", 1)
    stored = shelf(tmp_path / "segments")
    here = lay(replace(stored, folder=None), tmp_path / "here")
    assert lay(stored, tmp_path / "serial") == here
    monkeypatch.setattr(laying, "may_fork", lambda: False)
    assert lay(stored, tmp_path / "pool", ProcessEngine(2, RunningSettings())) == here
    for name in (laying, forks):
        monkeypatch.setattr(name, "may_fork", lambda: True)
    assert lay(stored, tmp_path / "forks", ProcessEngine(2, RunningSettings())) == here
    assert set(here["ledger"]["source_record"].to_pylist()) == {3}
    assert here["ledger"]["outcome"].to_pylist().count("clean") == COUNT - 3


def shouting(article: Article) -> Article:
    """What somebody decided of every article."""
    return replace(article, metadata=replace(article.metadata, title=(article.metadata.title or "").upper()))


def test_what_people_decided_is_done_where_rows_are_made(tmp_path: Path) -> None:
    """A worker changes articles as the shelf does; where that was done twice, this process reads them."""
    once = shelf(tmp_path / "segments").changed(shelf(tmp_path / "segments").columns, shouting)
    assert "TITLE 3" in lay(once, tmp_path / "once")["articles"]["title"].to_pylist()
    twice = once.changed(once.columns, shouting)
    assert twice.folder is None
    assert lay(twice, tmp_path / "twice") == laid(tmp_path / "once")


def test_articles_that_cannot_be_read_are_asked_of_the_store(tmp_path: Path) -> None:
    """The worker says no more than that; the store knows what to do about it."""
    stored = shelf(tmp_path / "segments")
    for name in stored.names:
        path = tmp_path / "segments" / name
        path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(pa.ArrowInvalid):
        lay(stored, tmp_path / "out")


def test_full_disk_is_said(tmp_path: Path) -> None:
    """Rows that can't be written end the run."""
    stored = shelf(tmp_path / "segments")
    part = [str(tmp_path / "segments" / stored.names[0]), [0], [0], [[]], {}, 0]
    with pytest.raises(RunError, match="nothing was published"):
        lay_part(part, STAMP, str(tmp_path / "nowhere"), None)
