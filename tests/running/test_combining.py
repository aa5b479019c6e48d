"""What a run will publish, put together before anything is written."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pyarrow.compute as pc
import pytest

from copydesk.errors import StaleParentError
from copydesk.report.progress import Silent
from copydesk.run import RunRequest, clean_corpus, examine_raw, held, judge_corpus
from copydesk.running.combining import (
    LEDGER_COLUMNS,
    combine_tables,
    outlines_before,
    published_ledger,
    tell_changes,
)
from copydesk.running.outline import OUTLINE
from copydesk.running.request import Laid, outlines_folder
from copydesk.settings import Settings
from copydesk.state import forget_outlines
from copydesk.writing import current_snapshot

NIGHT = dt.datetime(2096, 3, 5, 2, 0, tzinfo=dt.UTC)


def night(raw: Path, clean: Path, number: int) -> RunRequest:
    """What a run is asked for, so many nights after the first."""
    return RunRequest(raw, clean, Settings(), workers=1, started=NIGHT + dt.timedelta(days=number))


@pytest.fixture
def second(raw: Path, tmp_path: Path) -> RunRequest:
    """A second night on a corpus that was published once, from which a raw file is gone since."""
    mine = Path(shutil.copytree(raw, tmp_path / "raw"))
    clean_corpus(night(mine, tmp_path / "clean", 0), Silent())
    min(mine.rglob("*.txt")).unlink()
    return night(mine, tmp_path / "clean", 1)


def test_a_night_counts_what_stays_and_what_is_laid(second: RunRequest) -> None:
    """The combined ledger has a row less than the published one, which has what gates look at; the outlines are those
    of the articles that will be there.
    """
    published = published_ledger(second)
    assert published is not None
    assert published.column_names == LEDGER_COLUMNS
    with held(second):
        laid = judge_corpus(second, examine_raw(second, Silent()), Silent())
        before = outlines_before(second, laid)
        tables = combine_tables(second, laid, before, published)
        changes = tell_changes(laid, before)
    assert tables["ledger"].num_rows == published.num_rows - 1
    assert tables["articles"].schema.equals(OUTLINE)
    clean = tables["ledger"].filter(pc.equal(tables["ledger"]["outcome"], "clean"))
    assert sorted(tables["articles"]["article_id"].to_pylist()) == sorted(clean["article_id"].to_pylist())
    assert len(changes["articles"].gone) >= 1


def test_without_a_published_corpus_there_is_no_ledger(tmp_path: Path) -> None:
    """A first run has none, nor has one on a damaged corpus."""
    assert published_ledger(night(tmp_path, tmp_path / "clean", 0)) is None


def test_a_damaged_ledger_is_none_and_a_night_starts_anew(second: RunRequest) -> None:
    """A ledger that can't be read isn't counted over: whole tables are asked for."""
    with held(second):
        laid = judge_corpus(second, examine_raw(second, Silent()), Silent())
        before = outlines_before(second, laid)
        ledger = next((second.clean / "ledger").glob("*.parquet"))
        ledger.chmod(0o644)
        ledger.write_bytes(b"PAR1")
        published = published_ledger(second)
        assert published is None
        with pytest.raises(StaleParentError, match="publish whole tables"):
            combine_tables(second, laid, before, published)


def test_lost_outlines_are_told(second: RunRequest) -> None:
    """Outlines that went after judging have whole tables asked for, by the run they belonged to."""
    snapshot = current_snapshot(second.clean)
    assert snapshot
    forget_outlines(outlines_folder(second), [])
    laid = Laid(second.work, examined=None, parent=snapshot.run_id)  # type: ignore[arg-type]
    with pytest.raises(StaleParentError, match=snapshot.run_id):
        outlines_before(second, laid)
