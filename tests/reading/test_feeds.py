"""RSS and Atom."""

from __future__ import annotations

import pytest

from copydesk.article import Form, RawRecord
from copydesk.reading import read_data
from copydesk.settings import ReadingSettings, Settings

RSS = """<?xml version="1.0" encoding="{}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Marholm Post</title><link>https://post.example/</link><language>en</language>
<image><title>Logo</title></image>
<item><title>Ferry &amp; harbour</title><link>https://post.example/1</link><dc:creator>Ida Krog</dc:creator>
 <pubDate>Mon, 04 Mar 2024 10:00:00 +0100</pubDate><description>Short.</description>
 <category>Sea</category><category>Local</category>
 <content:encoded><![CDATA[<p>The ferry sails&nbsp;again.</p>]]></content:encoded></item>
<item><title>Größe</title><description>The description is all there is.</description><guid>https://post.example/2</guid></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Marholm Wire</title>
<entry><title>A</title><link rel="self" href="https://x.example/self"/><link href="https://x.example/a"/>
 <author><name>Per Lund</name></author>
 <published>2024-03-04T10:00:00Z</published><updated>2024-03-05T10:00:00Z</updated>
 <summary>Short.</summary>
 <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One <b>two</b>.</p></div></content></entry>
</feed>"""


def read(data: bytes, name: str = "a.xml") -> list[RawRecord]:
    """The records in a feed."""
    return list(read_data(data, name, Settings()))


def fields(record: RawRecord) -> dict[str, list[str]]:
    """A record's fields by name."""
    found: dict[str, list[str]] = {}
    for field in record.fields:
        found.setdefault(field.field, []).append(field.value)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1251", "utf-16"])
def test_rss_items_are_records(encoding: str) -> None:
    """Each item is a record with its full text, its fields and the feed's name, in whatever encoding."""
    text = RSS.replace("Größe", "Мост") if encoding == "windows-1251" else RSS
    first, second = read(text.format(encoding).encode(encoding))
    assert (first.form, first.content) == (Form.HTML, "<p>The ferry sails\u00a0again.</p>")
    assert fields(first) == {
        "outlet": ["The Marholm Post"],
        "language": ["en"],
        "title": ["Ferry & harbour"],
        "url": ["https://post.example/1"],
        "authors": ["Ida Krog"],
        "published": ["Mon, 04 Mar 2024 10:00:00 +0100"],
        "deck": ["Short."],
        "section": ["Sea", "Local"],
    }
    assert (second.form, second.content) == (Form.TEXT, "The description is all there is.")
    assert fields(second)["title"] == ["Мост" if encoding == "windows-1251" else "Größe"]
    assert fields(second)["url"] == ["https://post.example/2"]


def test_atom_entries_are_records() -> None:
    """Atom's markup inside XML comes out as markup, its links and persons as fields."""
    (record,) = read(ATOM.encode())
    assert (record.form, record.content) == (Form.HTML, "<div><p>One <b>two</b>.</p></div>")
    found = fields(record)
    assert (found["url"], found["authors"], found["published"], found["modified"]) == (
        ["https://x.example/a"],
        ["Per Lund"],
        ["2024-03-04T10:00:00Z"],
        ["2024-03-05T10:00:00Z"],
    )


def test_feed_that_breaks_off_gives_what_stood_before() -> None:
    """A feed cut in the middle loses what is cut, and says so."""
    text = RSS.format("utf-8")
    first, rest = read(text[: text.index("<item><title>Größe") + 20].encode())
    assert first.refusal is None
    assert rest.refusal is not None
    assert rest.refusal.code == "invalid_xml"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><rss><item/></rss>', "bomb"),
        (b"<?xml version='1.0'?><orders><item/></orders>", "unknown_type"),
        (b"<?xml version='1.0'?>", "unknown_type"),
        (b"<rss><channel></channel></rss>", "empty"),
        (b"<rss>" + b"<a>" * 5_000, "too_deep"),
        (b"<rss><channel><item><title>No text</title></item></channel></rss>", "no_text"),
    ],
)
def test_feed_that_holds_no_articles(data: bytes, code: str) -> None:
    """Bombs, other XML and empty feeds are one refusal with the cause."""
    (record,) = read(data)
    assert record.refusal is not None
    assert record.refusal.code == code


def test_item_without_end_is_not_held() -> None:
    """An item beyond the size of a record is refused while it is read."""
    small = Settings(reading=ReadingSettings(max_record_bytes=200_000))
    data = b"<rss><channel><item><description>" + b"word " * 500_000
    (record,) = read_data(data, "a.xml", small)
    assert record.refusal is not None
    assert record.refusal.code == "too_large"


@pytest.mark.parametrize(
    "before",
    [
        '<?xml version="1.0"?><!-- generator="WordPress/6.4" -->\n',
        "<!-- by hand -->",
        "<!-- a -->\n<?xml-stylesheet href='a'?><!-- b -->",
    ],
)
@pytest.mark.parametrize("name", ["a.xml", "export", "a.txt"])
def test_a_feed_behind_a_comment_is_a_feed(before: str, name: str) -> None:
    """Feeds of WordPress and its exports begin with a remark; each item is a record still."""
    feed = RSS.format("utf-8").partition("?>\n")[2]
    assert [record.fields[2].value for record in read((before + feed).encode(), name)] == ["Ferry & harbour", "Größe"]


@pytest.mark.parametrize("page", ["<!-- a --><p>One.</p>", '<?xml version="1.0"?><!-- a --><html><p>One.</p></html>'])
def test_a_page_behind_a_comment_is_a_page(page: str) -> None:
    """A remark alone makes no feed of a page."""
    (record,) = read(page.encode(), "a.html")
    assert (record.form, record.content, record.refusal) == (Form.HTML, page.encode(), None)


def test_the_encoding_of_a_feed_is_stated() -> None:
    """A feed's encoding is the one it was read in."""
    assert {record.source.encoding for record in read(RSS.format("iso-8859-1").encode("latin-1"))} == {"windows-1252"}


def test_an_excerpt_in_an_export_is_no_text() -> None:
    """WordPress exports an excerpt under the name of the text, in a namespace of its own."""
    spaces = (
        'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:c="http://purl.org/rss/1.0/modules/content/"'
    )
    item = "<c:encoded><![CDATA[<p>One.</p>]]></c:encoded><excerpt:encoded><![CDATA[Short.]]></excerpt:encoded>"
    (record,) = read(f"<rss {spaces}><channel><item>{item}</item></channel></rss>".encode())
    assert (record.content, fields(record)) == ("<p>One.</p>", {"deck": ["Short."]})
