"""What people overruled, as the page of a run shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from copydesk.article import Action, Decision
from copydesk.overrides import Effect, EntryEffect, effects_table, parse_overrides
from copydesk.report.overruled import overruled_section

ENTRIES = parse_overrides(
    """
[[line]]
text = "<b>Sign up</b>"
decision = "remove"
[[line]]
text = "More on this"
decision = "keep"
""",
    "o.toml",
).entries


@pytest.fixture
def decisions(make: Any) -> Any:
    """A table with a row of a rule and one of people."""
    rows = (
        Decision("boilerplate", Action.REMOVED, "promo", "read-more/1", 0, "Read more"),
        Decision("overrides", Action.REPAIRED, "kept", "keep/1 over bio/1", 0, "<i>Ines</i>", "<i>Ines</i>"),
    )
    return make.tables([replace(make.article(1), decisions=rows)])["decisions"]


def test_where_nobody_decided_there_is_no_section(make: Any):
    """A corpus without entries has a page without the part."""
    tables = make.tables([make.article(1)])
    assert overruled_section(tables["decisions"], None) == []
    assert overruled_section(tables["decisions"], effects_table(())) == []


def test_changes_are_listed_and_escaped(decisions: Any):
    """Those of people only, with what was overruled; without the run's own account too."""
    [section] = overruled_section(decisions, None)
    assert "1 changes" in section.body
    assert "keep/1 over bio/1" in section.body
    assert "read-more/1" not in section.body
    assert "&lt;i&gt;Ines" in section.body


def test_entries_that_do_nothing_are_named_with_the_reason(make: Any):
    """By their number in the file; those that agree are counted only."""
    effects = (
        EntryEffect(ENTRIES[0], Effect.UNMATCHED, 0, "no article of these words"),
        EntryEffect(ENTRIES[1], Effect.AGREES, 0),
    )
    tables = make.tables([make.article(1)])
    [section] = overruled_section(tables["decisions"], effects_table(effects))
    assert "changed nothing in this run" in section.body
    assert "[[line]] 1" in section.body
    assert "no article of these words" in section.body
    assert "&lt;b&gt;Sign up" in section.body
    assert "[[line]] 2" not in section.body
