"""All fields chosen together: what one field says of another."""

from __future__ import annotations

import datetime as dt

from copydesk.article import Evidence
from copydesk.metadata.assemble import choose_metadata


def test_name_beside_the_headline_in_the_title_is_the_outlet() -> None:
    """Where nothing else names the site, the part of the page's title that is not the headline does."""
    page = (
        Evidence("title", "Orrery – Bees do better on barges", "html.title", "Orrery – Bees do better on barges", 0.5),
        Evidence("title", "Bees do better on barges", "html.h1", "Bees do better on barges", 0.6),
    )
    known, _ = choose_metadata(page, "", dt.date(2100, 1, 1))
    assert (known.title, known.outlet) == ("Bees do better on barges", "Orrery")


def test_dash_inside_a_headline_names_no_outlet() -> None:
    """A title that is the headline, dash and all, says nothing of the site."""
    line = "Bees on barges – a summer's tale"
    page = (Evidence("title", line, "html.title", line, 0.5), Evidence("title", line, "html.h1", line, 0.6))
    known, _ = choose_metadata(page, "", dt.date(2100, 1, 1))
    assert (known.title, known.outlet) == (line, None)
