"""Pages that show no article and keep it as data."""

from __future__ import annotations

import json

import pytest

from copydesk.article import Form, Outcome, RawRecord, Source
from copydesk.extraction import extract
from copydesk.pipeline import examine
from copydesk.settings import Settings

TITLE = "Quay to close for eleven weeks"
TEXT = """The harbour board of Quellmouth voted on Tuesday to close the eastern quay for eleven weeks, after divers
found that the oak piles beneath it had been eaten hollow by shipworm.

Boats that land crab and whelk there will be moved to the coal basin, where the board has hired two floating cranes & a
refrigerated store from a yard in Tessaly.

The repair is expected to cost 2.4 million crowns, of which the county has promised a third; the rest is to come from
berthing fees, which rise by four per cent in January."""
BODY = tuple(" ".join(paragraph.split()) for paragraph in TEXT.split("\n\n"))
MARKUP = "".join(f"<p>{text}</p>" for text in BODY).replace("&", "&amp;")
NAV = "<nav>" + "".join(f"<a href=/{n}>Section {n} of the paper</a>" for n in range(30)) + "</nav>"
OTHER = {"title": "Ferry is back after a winter of repairs", "body": "<p>" + "It sails again. " * 90 + "</p>"}


def page(
    data: object, *, shown: str = "<div id=root></div>", title: str = f"{TITLE} | Mercury", script: str = ""
) -> str:
    """A page that shows little and holds data."""
    held = json.dumps(data).replace("</", "<\\/")
    script = script or '<script id="__NEXT_DATA__" type="application/json">{}</script>'
    return f"<!doctype html><html><head><title>{title}</title></head><body>{shown}{script.format(held)}</body></html>"


def found(text: str) -> tuple[list[str], list[tuple[str, str, str]]]:
    """The kept texts of a page, and where they are said to be from."""
    extraction = extract(text, Settings())
    assert (extraction.refusal is None) == any(block.kept for block in extraction.blocks)
    said = [(e.value, e.source, e.raw) for e in extraction.evidence if e.field == "extraction"]
    return [block.text for block in extraction.blocks if block.kept], said


@pytest.mark.parametrize(
    ("article", "path"),
    [
        ({"headline": TITLE, "body": MARKUP}, "body"),
        ({"title": {"rendered": TITLE}, "content": "\n".join(BODY)}, "content"),
        ({"title": TITLE, "paragraphs": list(BODY)}, "paragraphs"),
        (
            {
                "headlines": {"basic": TITLE},
                "content_elements": [
                    {"type": "image", "caption": "The quay."},
                    *({"type": "text", "content": text.replace("&", "&amp;") + "</b>"} for text in BODY),
                    {"type": "interstitial_link", "content": "Read more"},
                ],
            },
            "content_elements",
        ),
        ({"title": TITLE, "body": [{"type": "text", "model": {"text": text}} for text in BODY]}, "body"),
        (
            {
                "title": TITLE,
                "body": {
                    "nodeType": "document",
                    "content": [
                        {
                            "nodeType": "paragraph",
                            "content": [{"nodeType": "text", "value": part} for part in (text[:9], text[9:])],
                        }
                        for text in BODY
                    ],
                },
            },
            "body",
        ),
    ],
    ids=["markup", "lines", "list", "arc", "model", "contentful"],
)
@pytest.mark.parametrize("shown", ["<div id=root></div>", NAV])
def test_the_text_is_that_of_the_object_with_the_headline(article: dict[str, object], path: str, shown: str) -> None:
    """In whatever shape, and not that of another story, be it longer; the evidence says where it was."""
    data = {"props": {"related": [OTHER], "article": article}}
    assert found(page(data, shown=shown)) == (
        list(BODY),
        [("declared", "script.__NEXT_DATA__", f"props.article.{path}")],
    )


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("<script>window.__INITIAL_STATE__ = {};</script>", "window.__INITIAL_STATE__"),
        ("<script> var state={};\nstart(state)</script>", "state"),
        ("<script>self['data'] = {}</script>", "self['data']"),
    ],
)
def test_scripts_that_set_a_variable_are_data(script: str, name: str) -> None:
    """What is given to a variable is read as far as it is JSON; nothing is run."""
    texts, said = found(page({"a": [{"title": TITLE, "html": MARKUP}]}, script=script))
    assert (texts, said) == (list(BODY), [("declared", f"script.{name}", "a.0.html")])


def test_a_string_of_json_is_data() -> None:
    """JSON.parse of a string in double quotation marks."""
    state = json.dumps(json.dumps({"title": TITLE, "html": MARKUP})).replace("</", "<\\/")
    html = page({}, script="<script>{}</script>").replace("<script>{}", f"<script>window.X = JSON.parse({state})")
    assert found(html) == (list(BODY), [("declared", "script.window.X", "html")])


@pytest.mark.parametrize(
    "text",
    [
        page({"title": TITLE, "body": "Short."}),
        page(OTHER),
        page({"title": TITLE, "body": MARKUP}, title=""),
        page({"title": "Quay", "body": MARKUP}, title="Quay"),
        page({"title": TITLE, "story": {"body": MARKUP}}),
        page({"title": TITLE, "body": [{"type": "offer", "text": text} for text in BODY]}),
        page({"title": TITLE, "body": MARKUP}, script="<script>if (a == {}) b()</script>"),
        page({"title": TITLE, "body": MARKUP}, script="<script>window.a = {}</script>").replace('"body"', "body"),
        page({"title": TITLE, "body": None}),
    ],
    ids=["teaser", "another", "untitled", "short title", "apart", "offers", "code", "no json", "null"],
)
def test_what_is_not_surely_the_article_is_left(text: str) -> None:
    """No headline in the same object that the page's title says, no text."""
    assert found(text) == ([], [])


def test_a_page_that_shows_its_text_is_read_as_it_is_shown() -> None:
    """Data beside a visible article are not looked at."""
    shown = f"<article><h1>{TITLE}</h1>{MARKUP}</article>"
    texts, said = found(page({"title": TITLE, "body": MARKUP + "<p>" + "More. " * 400 + "</p>"}, shown=shown))
    assert texts == list(BODY)
    assert [source for _, source, _ in said if source.startswith("script")] == []


def test_where_the_text_was_is_told_with_the_article() -> None:
    """A whole record: clean, and its evidence names the script."""
    record = RawRecord(
        "id", Source("a.html", 0, "00"), Form.HTML, page({"a": {"headline": TITLE, "body": MARKUP}}).encode()
    )
    article = examine(record, Settings())
    assert (article.outcome, article.text) == (Outcome.CLEAN, "\n\n".join(BODY))
    assert [e.source for e in article.evidence if e.field == "extraction"] == ["script.__NEXT_DATA__"]
