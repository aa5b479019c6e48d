"""Coverage, confidence, encodings."""

from __future__ import annotations

from dataclasses import replace

from copydesk.article import Action, Decision, Evidence, decide
from copydesk.report.known import encodings, metadata
from copydesk.running.outline import outline


def test_confidence_is_that_of_the_value_taken(make):
    """A rival's confidence doesn't count: the first entry of a field is the winner."""
    evidence = (Evidence("title", "A", "head", "A", 0.95), Evidence("title", "B", "og", "B", 0.3))
    article = replace(make.article(1, title="A"), evidence=evidence)
    html = metadata(outline(make.tables([article])["articles"]))
    assert 'aria-label="0.9 and more: 1"' in html
    assert "below 0.5: 1" not in html


def test_unknown_language_is_not_covered(make):
    """`und` is no language."""
    html = metadata(outline(make.tables([make.article(1)])["articles"]))
    assert "0.0%" in html.split("language")[1]


def test_repairs_show_an_example(make):
    """Each rule that repaired characters stands there with what it did."""
    repair = Decision("encoding", Action.REPAIRED, "encoding", "mojibake/1", 0, "cafÃ©", "café")
    tables = make.tables([decide(make.article(1), repair)])
    html = encodings(outline(tables["articles"]), tables["decisions"])
    assert "<del>cafÃ©</del>" in html
    assert "utf-8" in html


def test_no_articles(make):
    """Nothing is known of nothing."""
    tables = make.tables([])
    assert "0.0%" in metadata(outline(tables["articles"]))
    assert "No damage" in encodings(outline(tables["articles"]), tables["decisions"])
