"""Pages in which Factiva has exported documents."""

from __future__ import annotations

import pytest

from copydesk.article import Form, RawRecord
from copydesk.pipeline import examine
from copydesk.reading import read_data
from copydesk.settings import Settings

PLAIN = """<div id="article-marhol{0}" class="article"><div class="article deArticle"><p>
<div id="hd"><span class='deHeadline'> Fähre {0} fährt wieder </span></div><div class="author">Von Ida Krog</div>
<div>1.204 Wörter</div><div>4 März 2024</div><div>06:30</div><div>Marholmer Post
</div><div>MARHOL</div><div>4</div><div>Deutsch</div><div>(c) 2024 Marholmer Post</div></p>
<p class="articleParagraph dearticleParagraph">Die Fähre nach Marholm <b>fährt</b> wieder &amp; pünktlich.</p>
<p class="articleParagraph dearticleParagraph">Sie ist blau.</p>
<p>Dokument marhol002024030{0}ek3400012</p></div></div><br/>"""

CODED = """<div class="article enArticle"><table><tr><td><b>HD</b></td><td>
<span class="enHeadline">Ferry {0} is back</span></td></tr>
<tr><td><b>BY</b></td><td>Ida Krog</td></tr><tr><td><b>WC</b>&nbsp;</td><td>12 words</td></tr>
<tr><td><b>PD</b></td><td>4 March 2024</td></tr><tr><td><b>SN</b></td><td>The Marholm Post</td></tr>
<tr><td><b>LA</b></td><td>English</td></tr><tr><td><b>CY</b></td><td>© 2024 The Marholm Post</td></tr>
<tr><td><b>LP</b></td><td><p class="articleParagraph enarticleParagraph">The ferry sails again.</p></td></tr>
<tr><td><b>TD</b></td><td><p class="articleParagraph enarticleParagraph">It is blue.</p>
<p class="articleParagraph enarticleParagraph">It is on time.</p></td></tr>
<tr><td><b>AN</b></td><td>Document MARHOL002024030{0}ek3400012</td></tr></table></div>"""


def read(*parts: str) -> list[RawRecord]:
    """The records on a page."""
    head = "<html><head><meta charset=utf-8><title>Factiva</title></head>"
    page = f"{head}<body>{''.join(parts)}<p>© Factiva</p></body></html>"
    return list(read_data(page.encode(), "Factiva.html", Settings()))


def stated(record: RawRecord) -> dict[str, str]:
    """A record's fields by name."""
    return {field.field: field.value for field in record.fields}


def test_each_document_of_a_page_is_a_record() -> None:
    """What stands in the lines above a text is fields, its paragraphs are the text, the owner is furniture."""
    first, second = read(PLAIN.format(1), PLAIN.format(2))
    assert stated(first) == {
        "title": "Fähre 1 fährt wieder",
        "published": "4 März 2024",
        "outlet": "Marholmer Post",
        "authors": "Von Ida Krog",
        "language": "Deutsch",
    }
    article = examine(first, Settings())
    assert article.text.endswith("Die Fähre nach Marholm fährt wieder & pünktlich.\n\nSie ist blau.")
    assert (article.metadata.authors, str(article.metadata.published_on)) == (("Ida Krog",), "2024-03-04")
    assert (first.form, second.source.record, stated(second)["title"]) == (Form.HTML, 1, "Fähre 2 fährt wieder")
    assert first.article_id != second.article_id


def test_documents_with_codes_are_records() -> None:
    """The layout with an index is a table."""
    first, second = read(CODED.format(1), CODED.format(2))
    assert stated(first) == {
        "title": "Ferry 1 is back",
        "authors": "Ida Krog",
        "published": "4 March 2024",
        "outlet": "The Marholm Post",
        "language": "English",
    }
    assert examine(first, Settings()).text == "The ferry sails again.\n\nIt is blue.\n\nIt is on time."
    assert stated(second)["title"] == "Ferry 2 is back"


def test_layouts_may_be_mixed() -> None:
    """A page of both, and one of a single document."""
    assert [stated(record)["language"] for record in read(PLAIN.format(1), CODED.format(2))] == ["Deutsch", "English"]
    (record,) = read(CODED.format(1))
    assert stated(record)["outlet"] == "The Marholm Post"


@pytest.mark.parametrize(
    "page",
    [
        '<div class="article enArticle"><p class="articleParagraph">The ferry sails again.</p></div>',
        '<div class="article"><h1>Ferry</h1><p class="articleParagraph">The ferry sails again.</p></div>',
        PLAIN.format(1).replace("Wörter", "/ 1"),
        PLAIN.format(1).replace("Dokument", "Nummer: "),
        CODED.format(1).replace("<b>AN</b>", "<b>XX</b>"),
        CODED.format(1) + '<div class="article enArticle"><p class="articleParagraph">More.</p></div>',
    ],
    ids=["no head", "another", "no words", "no number", "no code", "one of two"],
)
def test_other_pages_are_pages(page: str) -> None:
    """What isn't laid out so in every part is read as any page."""
    (record,) = read(page)
    assert (record.fields, isinstance(record.content, bytes)) == ((), True)


def test_a_document_without_text_says_so() -> None:
    """It is a record with its fields, and no article."""
    rows = "<tr><td>LP</td><td></td></tr><tr><td>AN</td><td>1</td></tr>"
    empty = CODED.format(1).split("<tr><td><b>LP</b>")[0] + rows + "</table></div>"
    record, other = read(empty, CODED.format(2))
    assert (stated(record)["title"], str(record.refusal)) == (
        "Ferry 1 is back",
        "no_text: the document holds no paragraph",
    )
    assert other.refusal is None
