"""What became of people's entries in a judgement: asked of the articles that they touch, and of no others."""

from __future__ import annotations

from copydesk.judging.columns import Shelf
from copydesk.judging.order import Judgement
from copydesk.judging.overruling import BATCH_ROWS, Decided
from copydesk.judging.verdicts import NOTHING, settle
from copydesk.overrides.account import EntryEffect, account_overrides


def account_judged(shelf: Shelf, judgement: Judgement, decided: Decided) -> tuple[EntryEffect, ...]:
    """The effect of each entry, in the order of the file; none without entries."""
    rows = decided.touched
    parts = (list(rows[start : start + BATCH_ROWS]) for start in range(0, len(rows), BATCH_ROWS))
    settled = (
        settle(article, judgement.verdicts.get(row, NOTHING))
        for part in parts
        for row, article in zip(part, shelf.load(part), strict=True)
    )
    return account_overrides(decided.overrides, settled, judgement.changes)
