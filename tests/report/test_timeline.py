"""Articles over time: every one counted once, none invented."""

from __future__ import annotations

import datetime as dt
import re

from copydesk.report.timeline import timeline
from copydesk.running.outline import outline


def test_months_between_are_drawn_empty(make):
    """A month without articles stands between two with some."""
    days = (dt.date(2024, 1, 5), dt.date(2024, 3, 9))
    html = timeline(
        outline(make.tables([make.article(i, outlet="Post", published_on=d) for i, d in enumerate(days)])["articles"])
    )
    assert "<td>2024-02</td><td class=n>0</td>" in html
    assert html.count("<title>2024-") == 2


def test_long_spans_are_drawn_by_year(make):
    """Thirty years of months can't be told apart."""
    days = (dt.date(1990, 1, 5), dt.date(2020, 3, 9))
    html = timeline(outline(make.tables([make.article(i, published_on=d) for i, d in enumerate(days)])["articles"]))
    assert "<td>1990</td>" in html


def test_stray_date_does_not_draw_centuries(make):
    """One article of 1702 leaves the others their width."""
    days = (dt.date(1702, 3, 11), dt.date(2020, 3, 9))
    html = timeline(outline(make.tables([make.article(i, published_on=d) for i, d in enumerate(days)])["articles"]))
    assert len(re.findall(r"<td>\d{4}</td>", html)) == 2


def test_small_outlets_are_drawn_together(make):
    """Eight outlets: seven with a colour, one among the others."""
    many = [
        make.article(10 * o + i, outlet=f"Outlet {o}", published_on=dt.date(2024, 1, 1))
        for o in range(9)
        for i in range(10 - o)
    ]
    html = timeline(outline(make.tables(many)["articles"]))
    assert "other outlets" in html
    assert "Outlet 8" not in html


def test_articles_without_a_day_are_counted_beside(make):
    """What can't be drawn is said."""
    assert "1 articles without a date" in timeline(outline(make.tables([make.article(1)])["articles"]))
