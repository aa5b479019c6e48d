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


def test_editor_in_the_field_for_authors_is_no_author() -> None:
    """Where the page says what a person did, the field for authors is not believed against it; "By" is."""
    field = Evidence("authors", "Max Moor", "jsonld.author.person", "", 0.9)
    visible = Evidence("authors", "Jane Roe | Edited by | Max Moor", "html.byline", "", 0.5)
    assert _choose(field, visible).authors == ("Jane Roe",)
    both = Evidence("authors", "By Max Moor | Photos by Max Moor", "html.byline", "", 0.5)
    assert _choose(field, both).authors == ("Max Moor",)


def test_field_for_authors_of_firms_names_nobody() -> None:
    """Firms, accounts and parts of the outlet's name are no authors; a given name that the outlet has is one."""
    site = Evidence("outlet", "Top Growth Harbour", "og:site_name", "", 0.8)
    for name in ("TopGrowth", "Top Growth", "Top"):
        assert _choose(site, Evidence("authors", name, "author", "", 0.75)).authors == (), name
    own = Evidence("outlet", "Tom's Coffee Corner", "og:site_name", "", 0.8)
    assert _choose(own, Evidence("authors", "Tom", "author", "", 0.75)).authors == ("Tom",)


def test_library_order_and_small_letters_become_names() -> None:
    """`Roe, Jane M.` is one person, two whole names are two, and a name in small letters gets its capitals."""
    for value, names in (
        ("Roe, Jane M.", ("Jane M. Roe",)),
        ("Jane Roe, Max Moor", ("Jane Roe", "Max Moor")),
        ("janet roth", ("Janet Roth",)),
        ("ice fishing", ()),
    ):
        assert _choose(Evidence("authors", value, "author", "", 0.75)).authors == names


def test_paragraph_in_a_byline_names_nobody() -> None:
    """Names in a long text that is not read to its end are anybody's."""
    text = "They're either hosting the ferry or doing something opaque with it, and Ada Lind thinks that " * 2
    assert _choose(Evidence("authors", text + ", Max Moor", "block.byline", "", 0.6)).authors == ()


def test_alias_of_one_outlet_is_the_name_of_another() -> None:
    """The registry's alias counts only where the address doesn't speak against it; of namesakes the address's wins."""
    name = Evidence("outlet", "NTV", "og:site_name", "NTV", 0.8)
    assert _choose(name).outlet == "n-tv"
    assert _choose(name, Evidence("url", "https://www.ntv.com.tr/a/b-1", "url", "", 0.9)).outlet == "NTV"
    star = Evidence("outlet", "The Daily Star", "og:site_name", "", 0.8)
    assert _choose(star, Evidence("url", "https://www.dailystar.co.uk/a/b-1", "url", "", 0.9)).outlet == "Daily Star"
    notice = Evidence("outlet", "Copyright 2014", "copyright", "", 0.3)
    assert _choose(notice).outlet is None


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


def _stated(field: str, value: str, source: str = "record", confidence: float = 0.8) -> Evidence:
    return Evidence(field, value, source, value, confidence)


def test_page_saved_by_an_archive_of_the_web_is_its_outlets() -> None:
    """An archive's address, name and time of saving say nothing of the outlet and the day; the page's own do."""
    saved = "https://archive.today/20240504101112/https://courier.example/2024/05/01/bees"
    page = (
        _stated("canonical", saved),
        _stated("outlet", "archive.ph"),
        _stated("published", "4 May 2024 10:11:12 UTC", "page"),
        _stated("title", "Bees do better on barges", "html.h1"),
        _stated("title", "Bees do better on barges - Harbor Courier", "html.title"),
    )
    known, evidence = choose_metadata(page, "", dt.date(2100, 1, 1))
    assert (known.outlet, known.outlet_domain) == ("Harbor Courier", "courier.example")
    assert known.canonical_url == "https://courier.example/2024/05/01/bees"
    assert (known.published_on, known.published_at) == (dt.date(2024, 5, 1), None)
    assert {e.source for e in evidence if e.confidence <= 0} >= {
        "record (refused: an archive's name)",
        "page (refused: when an archive saved it)",
    }


def test_address_given_is_kept_though_it_is_an_archives() -> None:
    """The URL stays as given; key and domain are those of the page that was saved."""
    saved = "https://web.archive.org/web/20240504101112id_/https://www.courier.example/bees?utm_source=x"
    known = _choose(_stated("url", saved), _stated("published", "2024-05-04T09:00:00Z"))
    assert (known.url, known.outlet_domain, known.url_key) == (saved, "courier.example", "courier.example/bees")
    assert known.published_at == dt.datetime(2024, 5, 4, 9, tzinfo=dt.UTC)


def test_outlet_that_is_called_an_archive_keeps_its_name() -> None:
    """Only beside an address of an archive of the Web is such a name that of an archive."""
    known = _choose(_stated("url", "https://archive.example/2024/bees"), _stated("outlet", "archive.example"))
    assert (known.outlet, known.outlet_domain) == ("archive.example", "archive.example")


def test_page_from_a_cache_of_amp_is_its_outlets() -> None:
    """The cache's domain is no outlet's."""
    known = _choose(_stated("url", "https://www-courier-example.cdn.ampproject.org/c/s/www.courier.example/bees"))
    assert known.outlet_domain == "courier.example"
