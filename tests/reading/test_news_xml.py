"""NITF, NewsML, the Reuters Corpus and TEI: one record per document, with what it states."""

from __future__ import annotations

import pytest

from copydesk.article import Form, RawRecord
from copydesk.pipeline import examine
from copydesk.reading import read_data
from copydesk.settings import ReadingSettings, Settings

NITF = """<?xml version="1.0" encoding="{}"?>
<!DOCTYPE nitf SYSTEM "http://www.nitf.org/IPTC/NITF/3.4/specification/dtd/nitf-3-4.dtd">
<nitf xml:lang="en"><head><title>quay</title><docdata><date.release norm="20240313T070000+0100"/>
<date.issue norm="20240312T083000+0100"/>
<key-list><keyword key="harbours"/><keyword key="shipworm"/></key-list></docdata>
<pubdata name="Quellmouth Mercury" position.section="Local" ex-ref="https://mercury.example/quay"/></head>
<body><body.head><hedline><hl1>Quay to close</hl1><hl2>Shipworm in the piles</hl2></hedline>
<byline>By <person>Agnes Tull</person><byttl>Harbour correspondent</byttl></byline></body.head>
<body.content><block><p>The <org>harbour board</org> voted&nbsp;on Tuesday.</p>
<media><media-reference source="q.jpg">q</media-reference>
<media-caption><p>The quay at low water.</p></media-caption></media>
<hl2>What it costs</hl2><ul><li>Größe counts.</li></ul></block></body.content>
<body.end><tagline>Agnes Tull covers harbours.</tagline></body.end></body></nitf>"""

NYT = """<nitf><head><title>Quay</title><pubdata date.publication="19870312T000000" name="The Quellmouth Times"/></head>
<body><body.head><hedline><hl1>Quay to Close</hl1></hedline><byline class="print_byline">By AGNES TULL</byline>
<byline class="normalized_byline">Tull, Agnes</byline></body.head><body.content>
<block class="lead_paragraph"><p>The board voted.</p></block>
<block class="full_text"><p>The board voted.</p><p>It rained.</p></block></body.content></body></nitf>"""

ITEM = """<newsItem guid="urn:newsml:lodestar.example:{0}" xml:lang="en"><itemMeta><itemClass qcode="ninat:text"/>
<provider qcode="nprov:LNA"><name>Lodestar News Agency</name></provider>
<versionCreated>2024-03-12T10:00:00+01:00</versionCreated>
<firstCreated>2024-03-12T08:30:00+01:00</firstCreated></itemMeta>
<contentMeta><by>Agnes Tull</by><language tag="en-GB"/>
<headline>Quay {0}</headline><subject><name>harbours</name></subject>
</contentMeta><contentSet>{1}</contentSet></newsItem>"""

CONTENTS = {
    "nitf": (
        '<inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.head>'
        "<hedline><hl2>Piles</hl2></hedline></body.head><body.content><p>One.</p><p>Two.</p></body.content></body></nitf>"
        "</inlineXML>"
    ),
    "xhtml": (
        '<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><h1>Quay xhtml</h1>'
        "<p>One <em>more</em>.</p><script>x()</script></body></html></inlineXML>"
    ),
    "plain": '<inlineData contenttype="text/plain">One.\n\nTwo &lt; three.</inlineData>',
    "picture": '<remoteContent href="q.jpg"/>',
}
G2 = f"""<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header><sent>2024-03-12T11:00:00Z</sent></header><itemSet>
{"".join(ITEM.format(*item) for item in CONTENTS.items())}
<packageItem guid="p"><groupSet root="r"/></packageItem></itemSet></newsMessage>"""

NEWSML = """<NewsML Version="1.2"><NewsEnvelope><DateAndTime>20240312T100000+0100</DateAndTime></NewsEnvelope><NewsItem>
<NewsManagement><FirstCreated>20240312T083000+0100</FirstCreated></NewsManagement>
<NewsComponent><NewsLines><HeadLine>Quay to close</HeadLine><ByLine>Agnes Tull</ByLine></NewsLines>
<AdministrativeMetadata>
<Provider><Party FormalName="Lodestar News Agency"/></Provider></AdministrativeMetadata><NewsComponent><ContentItem>
<DataContent><nitf><body><body.content><p>One.</p></body.content></body></nitf></DataContent></ContentItem></NewsComponent>
</NewsComponent></NewsItem></NewsML>"""

REUTERS = """<?xml version="1.0" encoding="iso-8859-1" ?>
<newsitem itemid="1" date="1996-08-20" xml:lang="en"><title>QUELLMOUTH: Quay to close.</title>
<headline>Quay to close.</headline><byline>Agnes Tull</byline><dateline>QUELLMOUTH 1996-08-20</dateline>
<text><p>One.</p>
<p>Two.</p></text><metadata><dc element="dc.source" value="Reuters"/>
<dc element="dc.date.published" value="1996-08-20"/></metadata>
</newsitem>"""

TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>
<title>Quay to close</title><author>Agnes Tull</author></titleStmt>
<publicationStmt><publisher>Digital Editions</publisher><date when="2015-01-01"/></publicationStmt>
<sourceDesc>{}</sourceDesc></fileDesc></teiHeader><text xml:lang="en"><body><pb n="1"/><head>The Quay</head>
<p>The exam<lb break="no"/>ple is <choice><sic>od</sic><corr>odd</corr></choice>, says<lb/>the
<title>Mercury</title>.</p>
<figure><head>The quay.</head></figure></body></text></TEI>"""
PRINTED = '<bibl><title level="j">Quellmouth Mercury</title><date when="1845-03-12">12 March</date></bibl>'


def read(text: str, name: str = "a.xml") -> list[RawRecord]:
    """The records in a file."""
    return list(read_data(text.encode(), name, Settings()))


def fields(record: RawRecord) -> dict[str, list[str]]:
    """A record's fields by name."""
    found: dict[str, list[str]] = {}
    for field in record.fields:
        found.setdefault(field.field, []).append(field.value)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_nitf_is_a_record(encoding: str) -> None:
    """What a document states is fields, its text markup, in whatever encoding; nothing is fetched for its DOCTYPE."""
    (record,) = read_data(NITF.format(encoding).encode(encoding), "a.nitf", Settings())
    assert fields(record) == {
        "title": ["Quay to close"],
        "deck": ["Shipworm in the piles"],
        "authors": ["By Agnes Tull, Harbour correspondent"],
        "outlet": ["Quellmouth Mercury"],
        "published": ["20240312T083000+0100"],
        "url": ["https://mercury.example/quay"],
        "section": ["Local"],
        "tags": ["harbours", "shipworm"],
        "language": ["en"],
    }
    article = examine(record, Settings())
    assert article.text == "The harbour board voted on Tuesday.\n\nWhat it costs\n\nGröße counts."
    assert (article.captions, article.author_bio) == (("The quay at low water.",), "Agnes Tull covers harbours.")
    assert article.metadata.authors == ("Agnes Tull",)
    assert str(article.metadata.published_at) == "2024-03-12 07:30:00+00:00"


def test_a_lead_that_is_said_by_itself_is_no_second_paragraph() -> None:
    """The New York Times' corpus has the full text in a block of its own, and midnight where the day is known alone."""
    (record,) = read(NYT, "0001.xml")
    assert record.content == "<div><p>The board voted.</p><p>It rained.</p></div>"
    assert fields(record) == {
        "title": ["Quay to Close"],
        "authors": ["By AGNES TULL"],
        "outlet": ["The Quellmouth Times"],
        "published": ["19870312"],
    }


def test_each_item_of_a_message_is_a_record() -> None:
    """NewsML-G2 holds text as NITF, XHTML or plain; what holds none is a record that says so."""
    nitf, xhtml, plain, picture, package = read(G2)
    assert nitf.content == "<div><p>One.</p><p>Two.</p></div>"
    assert fields(nitf) == {
        "title": ["Quay nitf"],
        "deck": ["Piles"],
        "authors": ["Agnes Tull"],
        "outlet": ["Lodestar News Agency"],
        "published": ["2024-03-12T08:30:00+01:00"],
        "modified": ["2024-03-12T10:00:00+01:00"],
        "tags": ["harbours"],
        "language": ["en-GB"],
    }
    assert examine(xhtml, Settings()).text == "One more."
    assert (plain.form, plain.content) == (Form.TEXT, "One.\n\nTwo < three.")
    assert str(picture.refusal) == "no_text: item 3, a newsItem, holds no text"
    assert fields(picture)["title"] == ["Quay picture"]
    assert str(package.refusal) == "no_text: item 4, a packageItem, holds no text"


def test_an_item_may_be_a_file() -> None:
    """One newsItem needs no message around it; names may have prefixes."""
    (record,) = read(ITEM.format("alone", "<inlineData>&lt;p&gt;One.&lt;/p&gt;</inlineData>"), "a.txt")
    assert (record.form, record.content) == (Form.HTML, "<p>One.</p>")
    (record,) = read('<n:nitf xmlns:n="x"><n:body><n:body.content><n:p>One.</n:p></n:body.content></n:body></n:nitf>')
    assert record.content == "<div><p>One.</p></div>"


def test_older_newsml_is_read() -> None:
    """NewsML 1 holds NITF deep inside components."""
    (record,) = read(NEWSML)
    assert record.content == "<div><p>One.</p></div>"
    assert fields(record) == {
        "title": ["Quay to close"],
        "authors": ["Agnes Tull"],
        "outlet": ["Lodestar News Agency"],
        "published": ["20240312T083000+0100"],
    }


def test_the_reuters_corpus_is_read() -> None:
    """Its items have a root that NewsML writes with a capital."""
    (record,) = read(REUTERS)
    assert examine(record, Settings()).text == "One.\n\nTwo."
    assert fields(record) == {
        "title": ["Quay to close."],
        "authors": ["Agnes Tull"],
        "outlet": ["Reuters"],
        "published": ["1996-08-20"],
        "language": ["en"],
    }


def test_tei_tells_the_print_from_the_transcription() -> None:
    """Where a source is named, its paper and day count; who transcribed it later is no outlet."""
    (record,) = read(TEI.format(PRINTED))
    assert (fields(record)["outlet"], fields(record)["published"]) == (["Quellmouth Mercury"], ["1845-03-12"])
    article = examine(record, Settings())
    assert article.text == "The Quay\n\nThe example is odd, says the Mercury."
    assert article.captions == ("The quay.",)
    (born_digital,) = read(TEI.format("<p>born digital</p>"))
    assert (fields(born_digital)["outlet"], fields(born_digital)["published"]) == (["Digital Editions"], ["2015-01-01"])
    (undated,) = read(TEI.format("<bibl>The Mercury</bibl>"))
    assert "published" not in fields(undated)


def test_a_corpus_of_tei_is_read_text_by_text() -> None:
    """What the corpus says of itself is no document."""
    head = "<teiHeader><fileDesc><titleStmt><title>All</title></titleStmt></fileDesc></teiHeader>"
    records = read(f"<teiCorpus>{head}{TEI.format('')}{TEI.format(PRINTED)}</teiCorpus>")
    assert [fields(record)["title"] for record in records] == [["Quay to close"], ["Quay to close"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<nitf/>", "no_text"),
        ("<nitf><body><body.content> <p/> </body.content></body></nitf>", "no_text"),
        ("<NewsML></NewsML>", "empty"),
        ("<nitf><body>", "invalid_xml"),
        ("<packageItem/>", "no_text"),
        ("<sitemap><url/></sitemap>", "unknown_type"),
        ('<!DOCTYPE nitf [<!ENTITY a "b">]><nitf>&a;</nitf>', "bomb"),
        ("<nitf>" + "<block>" * 300 + "</block>" * 300 + "</nitf>", "too_deep"),
    ],
)
def test_what_holds_no_article_is_refused(text: str, code: str) -> None:
    """Empty, broken, foreign and hostile documents say why."""
    (record,) = read(text)
    assert record.refusal is not None
    assert record.refusal.code == code


def test_a_document_behind_a_broken_one_says_so() -> None:
    """What stood before the break is read."""
    first, second = read(G2[: G2.index("<newsItem", G2.index("<newsItem") + 1)] + "<newsItem <")
    assert fields(first)["title"] == ["Quay nitf"]
    assert second.refusal is not None
    assert second.refusal.code == "invalid_xml"


def test_texts_inside_one_another_count_once() -> None:
    """Nesting unfolds to no more than was there."""
    depth = 60
    text = "<DataContent>" * depth + "<body>" * depth + "One." + "</body>" * depth + "</DataContent>" * depth
    (record,) = read(f"<NewsItem>{text}</NewsItem>")
    assert record.content == "<div>" * depth + "One." + "</div>" * depth


def test_one_document_may_be_too_large() -> None:
    """A document is held whole, and no more of it than a record may be."""
    settings = Settings(reading=ReadingSettings(max_record_bytes=100_000))
    text = f"<nitf><body><body.content>{'<p>One.</p>' * 40_000}</body.content></body></nitf>"
    (record,) = read_data(text.encode(), "a.xml", settings)
    assert record.refusal is not None
    assert record.refusal.code == "too_large"
