"""The detector says the same, whichever way its table is walked."""

from __future__ import annotations

import pytest

from copydesk.metadata.detector import PACE
from copydesk.metadata.language import identifier

TEXTS = (
    "Die Fähre nach Stroma verkehrt ab Montag wieder, wie die Betreiberin mitteilte.",
    "Le bac de Stroma reprend son service lundi, a annoncé la compagnie.",
    "ВОЗОБНОВЛЕНО ПАРОМНОЕ СООБЩЕНИЕ С ОСТРОВОМ",
    "斯特罗马岛渡轮周一恢复通航",
    "zz",
    "",
)


@pytest.mark.parametrize("text", TEXTS)
def test_machine_code_changes_no_score(text: str, monkeypatch: pytest.MonkeyPatch):
    """Every language has the same probability, to the last bit, also for a text in which nothing is met."""
    monkeypatch.setattr(PACE, "is_fast", True)
    compiled = identifier().rank(text)
    monkeypatch.setattr(PACE, "is_fast", False)
    assert identifier().rank(text) == compiled
