"""Where the walk sets the boundaries between segments, and what it does not enter."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_equal
from selectolax.lexbor import LexborHTMLParser

from copydesk.article import BlockKind
from copydesk.extraction.compiled import PACE
from copydesk.extraction.marks import TELLING_CLASSES
from copydesk.extraction.scan_page import scan_page
from copydesk.extraction.segments import Segments
from copydesk.extraction.walk import walk

LONG = "The ferry to Orrin Head will stop running in May, the company said on Monday in a short statement."


@pytest.fixture(autouse=True)
def _compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk in machine code: in plain Python it is never used."""
    monkeypatch.setattr(PACE, "is_fast", True)


PIECES = (
    "<p>", "</p>", "<div class='related storyBody'>", "</div>", "<b>", "</b>", "<a href=x>", "</a>", "<br>", "<pre>",
    "</pre>", "<li>", "<ul>", "</ul>", "<td>", "<table>", "</table>", "<svg>", "</svg>", "<style>", "</style>", "<nav>",
    "</nav>", "<!-- c -->", "<!--", "-->", "<footer>", "</footer>", "<article>", "</article>", "<img>", "<math>",
    "<template>", "</template>", "<textarea>", "</textarea>", "<xmp>", "</xmp>", "<iframe>", "</iframe>", "<h2 hidden>",
    "</h2>", "<![CDATA[", "]]>", "<blockquote>", "a ", " ", "\n", "&amp;", "&lt;b>", "\xad", "\u2029", LONG,
    "\x00", "\"'>", "<plaintext>", "<base>",
    "<span class='Entry-Date &amp; &quot;x'>", "<i class=byline>",
    "<nav class='a\nauthor =&gt;'>",
    "<p =class=\"date\" class = time title=' class=\"author\"'>", "</span>", "</i>",
    "<noembed>", "</noembed>", "<title>", "<select>", "<noscript>", "</noscript>",
)  # fmt: skip


def walked(body: str, *, noscript: bool = False) -> Segments:
    """The segments of a page with this body: those of both walks, which must be the same."""
    root = LexborHTMLParser(f"<html><body>{body}</body></html>").body
    assert root is not None
    segments, scanned = walk(root, noscript=noscript), scan_page(root, noscript=noscript)
    for column in fields(segments):
        if column.name != "classes":  # only the compiled walk meets them
            assert_equal(getattr(scanned, column.name), getattr(segments, column.name), column.name)
    stated = {node.attrs["class"] or "" for node in root.css("[class]")}
    assert scanned.classes is None or scanned.classes >= {
        words for words in stated if any(word in words.lower() for word in TELLING_CLASSES)
    }
    return segments


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>One <b>bold</b> <i>word</i>.</p><p>Two.</p>", ["One bold word.", "Two."]),
        ("<div>One<div>Two</div>Three</div>", ["One", "Two", "Three"]),
        ("One<br><br>Two<br>\n<br>Three", ["One", "Two", "Three"]),
        ("Roses are red<br>violets are blue", ["Roses are red violets are blue"]),
        (f"{LONG}<br>{LONG}", [LONG, LONG]),
        ("<p>A co\xadoper\xadative</p>", ["A cooperative"]),
        ("<p>a\xa0b\n\t c</p>", ["a b c"]),
        ("<a href=x><div><h3>Head</h3><p>Teaser</p></div></a>", ["Head", "Teaser"]),
        ("<p>Zwei<p>Absätze", ["Zwei", "Absätze"]),
        ("<p dir=rtl>ارتفعت الأسعار.</p>", ["ارتفعت الأسعار."]),
        ("<p>物価が上がった。</p>", ["物価が上がった。"]),
        ("", []),
        ("<p> \n </p>", []),
    ],
)
def test_boundaries(html: str, texts: list[str]) -> None:
    """Block elements and double line breaks end a segment; inline elements and single breaks don't."""
    assert walked(html).texts == tuple(texts)


@pytest.mark.parametrize("tag", ["script", "style", "nav", "svg", "select", "button", "template", "iframe", "noscript"])
def test_skipped_elements(tag: str) -> None:
    """What can hold no article text is not entered, and the text around it is not torn apart by it."""
    assert walked(f"<p>before</p><{tag}>inside</{tag}><p>after</p>").texts == ("before", "after")


def test_noscript_is_read_on_demand() -> None:
    """What the page shows without scripts is read if asked for."""
    assert walked("<noscript><p>Text</p></noscript>", noscript=True).texts == ("Text",)


def test_footer_of_the_page_and_of_the_article() -> None:
    """The page's footer is skipped, an article's own is read: corrections and bios stand there."""
    html = "<article><p>Text</p><footer>Correction: it was Monday.</footer></article><footer>Imprint</footer>"
    assert walked(html).texts == ("Text", "Correction: it was Monday.")


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<p>a</p>", BlockKind.PARAGRAPH),
        ("<h2>a</h2>", BlockKind.SUBHEAD),
        ("<ul><li>a</li></ul>", BlockKind.LIST_ITEM),
        ("<ul><li><p>a</p></li></ul>", BlockKind.LIST_ITEM),
        ("<blockquote><p>a</p></blockquote>", BlockKind.QUOTE),
        ("<table><tr><td>a</td></tr></table>", BlockKind.TABLE_CELL),
        ("<table><tr><td><p>a</p></td></tr></table>", BlockKind.PARAGRAPH),
        (f"<table><tr><td>{LONG * 4}</td></tr></table>", BlockKind.PARAGRAPH),
        ("<figure><figcaption>a</figcaption></figure>", BlockKind.CAPTION),
        ("<ul><li><article><p>a</p></article></li></ul>", BlockKind.PARAGRAPH),
        ("<pre>a</pre>", BlockKind.PREFORMATTED),
    ],
)
def test_kinds(html: str, kind: BlockKind) -> None:
    """A segment has the kind of the nearest element that has one; long cells are layout."""
    assert walked(html).kind(0) is kind


def test_preformatted_text_keeps_its_lines() -> None:
    """Lines of preformatted text stay lines."""
    assert walked("<pre>\na  b\n  c\n</pre>").texts == ("a  b\n  c",)


def test_elements_enclose_their_segments() -> None:
    """Each segment's element lies inside all of its ancestors."""
    segments = walked("<div><p>a</p><section><p>b</p>c</section></div><p>d</p>")
    for element in segments.elements:
        parent = segments.parents[element]
        while parent >= 0:
            assert parent < element < segments.ends[parent]
            parent = segments.parents[parent]


def test_link_characters_are_counted() -> None:
    """Characters inside links are counted however deep the link's own markup goes."""
    segments = walked("<p>Read <a href=x><b>this</b></a> and <a href=y>that</a></p>")
    assert (segments.link_chars.tolist(), segments.links.tolist()) == ([8], [2])


def test_deep_page_needs_no_recursion() -> None:
    """Ten thousand nested elements are walked like ten."""
    assert walked("<div>" * 10_000 + "deep").texts == ("deep",)


@pytest.mark.parametrize(
    "html",
    [
        "<p title='a > b' data-x=\"it's\" class='a&quot;b &amp; c'>1 &lt; 2 &amp;amp; 3&nbsp;&gt; 2</p>",
        '<div \'odd\' =names x=">" a"=b><a<b>text</a<b></div>',
        "<p>one<!-- <p>not --> two<!----> three<!-- a --!> <?php echo ?> four</p>",
        "<svg><style>a</style></b></style></svg><p>after</p>",
        "<svg><title>a</title><script>b</div></script><g><svg></svg></g></svg><p>after</p>",
        "<nav>a<nav>b<script>'</nav>'</script></nav>c</nav>d",
        "<xmp>a <b> &amp;</xmp><noembed>&lt;</noembed>c",
        "<math><mi>x</mi><annotation-xml>y</annotation-xml></math>",
        "<amp-img><span>a</span></amp-img>b<img><br>c<hr>d<wbr>e<input>f",
        "<pre>\n\n  a \r\n\tb \x0b c\x85 <br> d <b>\n e</b>\n \n</pre>f",
        "<pre> \n </pre><pre>\xad</pre><p>\xad a \xad b\u2003c\u3000</p>",
        f"<p>{LONG}<br>{LONG[:40]}<br>x<br> <br>y</p>\N{GRINNING FACE}\N{GRINNING FACE}",
        '<script type=\' Application/LD+JSON \'>{"a": "</p>"}</script><script type=module>1</script>',
        "<p hidden>a</p><p style='display:none'>b</p><p style='display:block'>c</p>",
        "<div class='storyBody2x articleText--main' id=related-posts data-testid=\xc9cran>a</div>",
        "<blockquote><ul><li>a<table><tr><td>b<p>c<li>d</blockquote>",
        "<template><p>a</p></template><select><option>b</select><iframe><p>c</iframe>d",
        "<p>" + "<b><i><a href=x>deep </a></i></b>" * 40,
    ],
)
def test_both_walks_find_the_same(html: str) -> None:
    """Odd quoting, names, comments, raw text and unbalanced markup are read alike node by node and compiled."""
    walked(html)
    walked(html, noscript=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_both_walks_find_the_same_in_any_soup(pieces: list[str]) -> None:
    """Any mixture of tags, text and comments gives the same segments in both walks."""
    walked("".join(pieces))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="aB2-_ \xa0\xadéЖ\u3000Storybdyelrtcmn", max_size=60))
def test_both_walks_read_names_alike(name: str) -> None:
    """The marks of a class name are the same in both walks."""
    walked(f'<p class="{name}">a</p>')


def test_segments_are_a_pages_own() -> None:
    """What was found on one page stays as it was when the next one is read."""
    first = walked("<p>One.</p>")
    walked("<p>Two, and longer.</p><p>Three.</p>")
    assert first.texts == ("One.",)
    assert first.text_starts.tolist() == [0, 4]
    assert first.elements.tolist() == [1]
    assert first.parents.tolist() == [-1, 0]


@pytest.mark.parametrize(
    ("html", "classes"),
    [
        ("<p class='byline'>x</p><b class='Post-DATE'>x</b>", {"byline", "Post-DATE"}),
        ("<nav><ul><li class='author'>x</li></ul></nav><script class='time'></script>", {"author", "time"}),
        ("<p class='a &amp; b\nauthor' title=' class=\"date\"'>x</p>", {"a & b\nauthor"}),
        ("<p title=' class=\"date\"'> class=\"date\" </p><p class='teaser'>x</p><p class>x</p>", set()),
        ("", set()),
    ],
)
def test_classes_that_may_tell_of_bylines_are_noted(html: str, classes: set[str]) -> None:
    """They are noted wherever they stand, in what is skipped as well, and nothing else that looks like them."""
    root = LexborHTMLParser(f"<html><body>{html}</body></html>").body
    assert root is not None
    assert scan_page(root).classes == classes
