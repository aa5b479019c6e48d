"""All fields chosen together: what one field says of another."""

from __future__ import annotations

import datetime as dt

from copydesk.article import Evidence, Metadata
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


def _choose(*evidence: Evidence) -> Metadata:
    return choose_metadata(evidence, "", dt.date(2100, 1, 1))[0]


def test_blog_under_its_authors_name_has_that_author() -> None:
    """A name made of names is a person though the site goes by it; a firm's name is none."""
    site = Evidence("outlet", "Sarah Rudell", "og:site_name", "", 0.8)
    assert _choose(site, Evidence("authors", "Sarah Rudell", "author", "", 0.75)).authors == ("Sarah Rudell",)
    firm = Evidence("outlet", "Top Growth Marketing", "og:site_name", "", 0.8)
    assert _choose(firm, Evidence("authors", "Top Growth Marketing", "author", "", 0.75)).authors == ()


def test_names_behind_a_desk_are_no_authors() -> None:
    """Where the list of linked names begins with the staff, those after it took the pictures."""
    linked = [Evidence("authors", name, "rel.author", "", 0.6) for name in ("Courier Staff", "Jane Roe")]
    assert _choose(*linked, Evidence("authors", "Max Moor", "rel.author.later", "", 0.1)).authors == ()


def test_reviewer_is_no_author() -> None:
    """Who reviewed an article has not written it, and a role is no name."""
    byline = Evidence("authors", "Jane Roe | Founder & Lead Reviewer", "html.byline", "", 0.5)
    assert _choose(byline).authors == ("Jane Roe",)


def test_title_in_capitals_yields_to_the_same_in_small_letters() -> None:
    """Capitals are the page's design; a kicker is joined by a colon; a paragraph set large is no headline."""
    shout = Evidence("title", "ICE IS BACK ON THE LAKE", "html.h1", "", 0.6)
    assert _choose(shout, Evidence("title", "Ice is back on the lake", "og:title", "", 0.8)).title == (
        "Ice is back on the lake"
    )
    dashed = Evidence("title", "Winter on the lake - Ice is back", "jsonld.headline", "", 0.9)
    assert _choose(dashed, Evidence("title", "Winter on the lake: Ice is back", "og:title", "", 0.8)).title == (
        "Winter on the lake: Ice is back"
    )
    large = Evidence("title", "The lake froze. " * 20, "html.h1", "", 0.6)
    assert _choose(large, Evidence("title", "Ice is back", "html.title", "", 0.5)).title == "Ice is back"
