"""What a judgement has worked out comes back the next night, if it is whole and of the same code and settings."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from copydesk.contamination.document_bounds import THEMES
from copydesk.contamination.known import KNOWN
from copydesk.duplicates.counting import COUNTED
from copydesk.duplicates.decided import DECIDED
from copydesk.duplicates.scores import SCORES
from copydesk.judging import Kept
from copydesk.state import read_judged, read_scores, write_judged

SCHEMAS = {"scores": SCORES, "stories": DECIDED, "counts": COUNTED, "paragraphs": KNOWN, "themes": THEMES}
ALL = Kept(**{name: schema.empty_table() for name, schema in SCHEMAS.items()})


def found(state: Path, fingerprint: str) -> dict[str, pa.Schema]:
    """The schemas of what is known, without what says whose it is."""
    kept = read_judged(state, fingerprint)
    tables = {name: getattr(kept, name) for name in SCHEMAS}
    return {name: table.schema.remove_metadata() for name, table in tables.items() if table is not None}


def test_all_that_was_kept_comes_back(tmp_path: Path):
    """Each table under its own name and with its own columns."""
    write_judged(tmp_path, "a", ALL)
    assert found(tmp_path, "a") == {name: schema.remove_metadata() for name, schema in SCHEMAS.items()}


def test_measures_outlive_a_change_of_settings(tmp_path: Path):
    """What other code or settings worked out isn't taken, but measures of texts depend on neither."""
    write_judged(tmp_path, "a", ALL)
    assert set(found(tmp_path, "b")) == {"scores"}
    assert read_scores(tmp_path) is not None


def test_a_damaged_table_counts_as_lost(tmp_path: Path):
    """It alone; a folder without any gives nothing."""
    write_judged(tmp_path, "a", ALL)
    for path in (tmp_path / "themes").glob("*.arrow"):
        path.write_bytes(path.read_bytes()[:-1])
    assert set(found(tmp_path, "a")) == set(SCHEMAS) - {"themes"}
    assert found(tmp_path / "elsewhere", "a") == {}


def test_what_is_not_known_leaves_what_was(tmp_path: Path):
    """A judgement that didn't ask for something keeps the last answer to it."""
    write_judged(tmp_path, "a", ALL)
    write_judged(tmp_path, "a", Kept())
    assert set(found(tmp_path, "a")) == set(SCHEMAS)
