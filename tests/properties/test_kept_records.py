"""The law where removed records are kept: the tables are those of one run over all records that any night has read.

Only the ledger tells them apart: a record that is no longer in the raw folder says so.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from tests.properties.test_law import NIGHT, STORIES, TABLES, lines, rows

from copydesk.judging.verdicts import GONE
from copydesk.report.progress import Silent
from copydesk.run import RunRequest, clean_corpus
from copydesk.settings import ExtractionSettings, Settings, WritingSettings
from copydesk.writing import validate

KEEP = Settings(writing=WritingSettings(keep_removed=True))
TEXTS = {f"{story}-{form}.txt": "\n\n".join(lines(story, form)) for story in range(4) for form in ("whole", "cut")}
NIGHTS = (
    ("0-cut.txt", "1-whole.txt", "2-whole.txt"),
    ("0-whole.txt", "2-whole.txt", "3-whole.txt", "1-cut.txt"),
    ("3-cut.txt", "0-cut.txt"),
)
"""Copies whose survivor has gone, survivors whose copy has, one that comes back, a line learned from what is gone."""


def put(raw: Path, names: tuple[str, ...]) -> None:
    """Make the raw folder hold these files; those that stay aren't touched."""
    raw.mkdir(exist_ok=True)
    for path in raw.iterdir():
        if path.name not in names:
            path.unlink()
    for name in names:
        if not (raw / name).exists():
            (raw / name).write_text(TEXTS[name], encoding="utf-8")


def run(raw: Path, clean: Path, night: int, settings: Settings = KEEP, *, rebuild: bool = False) -> None:
    """Clean once, so many nights after the first."""
    started = NIGHT + dt.timedelta(days=night)
    clean_corpus(RunRequest(raw, clean, settings, 1, started, rebuild=rebuild), Silent())
    assert validate(clean) == ()


def tables_of(corpus: Path) -> dict[str, list[dict[str, object]]]:
    """Read all tables; what the ledger says of gone records is left out."""
    found = {table: rows(corpus, table) for table in TABLES}
    for row in found["ledger"]:
        row["reason"] = str(row["reason"]).removesuffix(GONE).removesuffix("; ") or "None"
    return found


def gone(corpus: Path) -> set[str]:
    """The files of the records that the ledger says are gone."""
    return {str(row["source_path"]) for row in rows(corpus, "ledger") if str(row["reason"]).endswith(GONE)}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A corpus of all nights that keeps what was removed."""
    for number, names in enumerate(NIGHTS):
        put(tmp_path / "raw", names)
        run(tmp_path / "raw", tmp_path / "kept", number)
    return tmp_path / "kept"


def test_removed_records_stay_as_if_they_were_there(tmp_path: Path, kept: Path):
    """Row for row the tables of one run over all files there ever were; a night that brings nothing changes none."""
    everything = tuple(dict.fromkeys(name for names in NIGHTS for name in names))
    put(tmp_path / "all", everything)
    run(tmp_path / "all", tmp_path / "once", 9)
    assert tables_of(kept) == tables_of(tmp_path / "once")
    assert gone(kept) == set(everything) - set(NIGHTS[-1])
    before = tables_of(kept)
    run(tmp_path / "raw", kept, 10)
    assert tables_of(kept) == before
    # Other settings have everything examined again but for what can't be.
    run(tmp_path / "raw", kept, 11, Settings(extraction=ExtractionSettings(list_items=False), writing=KEEP.writing))
    assert tables_of(kept) == before


def test_rebuild_and_the_other_setting_let_them_go(tmp_path: Path, kept: Path):
    """What lies in the raw folder alone is left by `--rebuild`, and by runs that don't keep what is removed."""
    put(tmp_path / "raw", NIGHTS[0])
    run(tmp_path / "raw", kept, 10, rebuild=True)
    assert {row["source_path"] for row in rows(kept, "ledger")} == set(NIGHTS[0])
    put(tmp_path / "raw", NIGHTS[1])
    run(tmp_path / "raw", kept, 11, Settings())
    assert {row["source_path"] for row in rows(kept, "ledger")} == set(NIGHTS[1])


def test_lines_that_a_feed_drops_stay(tmp_path: Path):
    """A file that is overwritten each night keeps what it held; no two records have one place; broken ones go."""
    raw = tmp_path / "raw"
    raw.mkdir()

    def feed(*stories: int) -> None:
        records = [{"title": STORIES[s][0], "text": "\n\n".join(STORIES[s][1:]), "outlet": "Courier"} for s in stories]
        (raw / "feed.jsonl").write_text("".join(f"{json.dumps(r)}\n" for r in records), encoding="utf-8")

    feed(0, 1)
    (raw / "broken.txt").write_bytes(b"")
    run(raw, tmp_path / "clean", 0)
    feed(2, 1)
    (raw / "broken.txt").unlink()
    run(raw, tmp_path / "clean", 1)
    feed(3)
    run(raw, tmp_path / "clean", 2)
    ledger = sorted(rows(tmp_path / "clean", "ledger"), key=lambda row: int(str(row["source_record"])))
    assert [row["source_record"] for row in ledger] == [0, 1, 2, 3]
    assert [row["reason"] for row in ledger] == [None, GONE, GONE, GONE]
    assert sorted(row["title"] for row in rows(tmp_path / "clean", "articles")) == sorted(s[0] for s in STORIES[:4])
