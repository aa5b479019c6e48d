"""What a judgement has worked out, kept from night to night: most of a night's articles were judged the night before.

    state/scores/pairs~<digest>.arrow        the measures of pairs of texts
    state/stories/decided~<digest>.arrow     what was decided about stories
    state/counts/stories~<digest>.arrow      what was counted over stories
    state/paragraphs/known~<digest>.arrow    what was found about paragraphs
    state/themes/beside~<digest>.arrow       how far articles are from the corpus's theme

Each table says what it depends on, so nothing here can make a result wrong; what is lost is worked out again. All but
the measures belong to the code and settings that made them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from copydesk.contamination.document_bounds import THEMES
from copydesk.contamination.known import KNOWN
from copydesk.duplicates.counting import COUNTED
from copydesk.duplicates.decided import DECIDED
from copydesk.duplicates.scores import SCORES
from copydesk.judging import Kept
from copydesk.state.kept import find_current, find_table, keep_table


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a table lies below the state, and its schema. The folder is the table's name in `Kept`."""

    folder: str
    stem: str
    schema: pa.Schema


SCORES_PLACE = _Place("scores", "pairs", SCORES)
PLACES = (
    _Place("stories", "decided", DECIDED),
    _Place("counts", "stories", COUNTED),
    _Place("paragraphs", "known", KNOWN),
    _Place("themes", "beside", THEMES),
)
"""Of the tables that belong to a fingerprint."""


def read_judged(state: Path, fingerprint: str) -> Kept:
    """All that is known; None in the place of what is lost, damaged, or of another fingerprint."""
    found = {place.folder: find_current(state / place.folder, place.stem, fingerprint) for place in PLACES}
    return Kept(read_scores(state), **found)


def read_scores(state: Path) -> pa.Table | None:
    """The measures that were kept (schema `SCORES`); None if there are none, or those of another version."""
    table = find_table(state / SCORES_PLACE.folder, SCORES_PLACE.stem)
    return table if table is not None and table.schema.equals(SCORES, check_metadata=True) else None


def write_judged(state: Path, fingerprint: str, kept: Kept) -> None:
    """Nothing: what is known of each kind is kept, and nothing else of that kind; None leaves a kind as it is."""
    if kept.scores is not None:
        keep_table(state / SCORES_PLACE.folder, SCORES_PLACE.stem, SCORES, [kept.scores])
    for place in PLACES:
        table: pa.Table | None = getattr(kept, place.folder)
        if table is not None:
            schema = place.schema.with_metadata({"fingerprint": fingerprint})
            keep_table(state / place.folder, place.stem, schema, [table.replace_schema_metadata(schema.metadata)])
