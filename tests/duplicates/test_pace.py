"""When machine code measures and counts: never where it changes a result, so only when it pays is held here."""

from __future__ import annotations

import pytest

from copydesk.duplicates import pace
from copydesk.machine.compiling import Pace


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has done nothing yet, with code on disk."""
    monkeypatch.setattr(Pace, "is_kept", lambda _: True)
    for used in pace._PACES.values():
        monkeypatch.setattr(used, "is_fast", False)
        monkeypatch.setattr(used, "work", 0)
        monkeypatch.setattr(used, "_next_look", used.load_work)


@pytest.mark.usefixtures("kept")
def test_many_judged_articles_are_measured_by_machine_code_at_once() -> None:
    """Judging them loads the compiler in any case."""
    assert pace.measuring_pays(1, pace.JUDGED_ARTICLES)


@pytest.mark.usefixtures("kept")
def test_few_articles_are_measured_plainly() -> None:
    """To load machine code for a few takes longer than they do."""
    assert not pace.measuring_pays(1, pace.JUDGED_ARTICLES - 1)


@pytest.mark.usefixtures("kept")
def test_what_isnt_judged_is_measured_plainly_however_many_there_are() -> None:
    """A lookup of new texts loads nothing else that is compiled."""
    assert not pace.measuring_pays(pace.LOAD_BYTES - 1)


@pytest.mark.usefixtures("kept")
def test_few_texts_are_sketched_by_machine_code_where_many_articles_are_judged() -> None:
    """The compiler is needed in any case, so it isn't counted against the few."""
    few = pace.LOAD_BYTES - pace.COMPILER_BYTES
    assert not pace.sketching_pays(few - 1)
    pace.expect_judging(pace.JUDGED_ARTICLES)
    assert pace.sketching_pays(few)


@pytest.mark.usefixtures("kept")
def test_few_texts_are_sketched_plainly_where_few_articles_are_judged() -> None:
    """There nothing else loads the compiler."""
    pace.expect_judging(pace.JUDGED_ARTICLES - 1)
    assert not pace.sketching_pays(pace.COMPILER_BYTES)
