"""What a fuzzer starts from: a small, whole input of each kind, made by code."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq

STORY = "The ferry to Stroma sails again from Monday, the operator said, after a winter of repairs."
JSONL = b'{"title": "A", "text": "One.", "date": "2024-03-12"}\n{"title": "B", "html": "<p>Two.</p>"}\n'
WARC = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.example/\r\nContent-Length: 70\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>One.</p>\r\n\r\n\r\n"
)
MAIL = (
    b"From: A <a@x.example>\r\nSubject: =?utf-8?q?A=C3=A9?=\r\nMIME-Version: 1.0\r\nMessage-ID: <1@x>\r\n"
    b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nOne.\r\n--b--\r\n"
)
FEED = (
    b'<?xml version="1.0"?><rss><channel><title>P</title><item><title>A</title><pubDate>Tue, 12 Mar 2024 08:00:00 GMT'
    b"</pubDate><description>One.</description></item></channel></rss>"
)
NITF = (
    b"<nitf><body><body.head><hedline><hl1>A</hl1></hedline><byline>By A B<byttl>C</byttl></byline></body.head>"
    b"<body.content><p>One.</p><media><media-caption>Two.</media-caption></media></body.content></body></nitf>"
)
NEWSML = (
    b'<newsMessage><itemSet><newsItem><itemMeta><provider qcode="n:X"/></itemMeta>'
    b"<contentMeta><headline>A</headline></contentMeta><contentSet><inlineXML>"
    + NITF
    + b"</inlineXML></contentSet></newsItem><packageItem/></itemSet></newsMessage>"
)
TEI = (
    b'<TEI><teiHeader><fileDesc><sourceDesc><bibl><date when="1845"/></bibl></sourceDesc></fileDesc></teiHeader>'
    b'<text><body><p>A<lb break="no"/>b <choice><sic>c</sic><corr>d</corr></choice></p>'
    b"<figure><head>E</head></figure></body></text></TEI>"
)
RTF = (
    rb"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Arial;}}{\*\generator X}{\header 1\par}\b A\b0\par O\'e9 \u8364?.{\v x}"
    rb"{\pict\bin3 abc}\tab\{\}\par}"
)
FACTIVA = (
    b'<div class="article enArticle"><div id=hd><span class="enHeadline">A</span></div><div>12 words</div>'
    b"<div>4 May 2024</div><div>The Post</div><div>English</div><div>(c) X</div>"
    b'<p class="articleParagraph">One.</p><p>Document ab0020240501ek3400012</p></div>'
    b'<div class="article enArticle"><table><tr><td>HD</td><td>B</td></tr><tr><td>PD</td><td>4 May 2024</td></tr>'
    b'<tr><td>LP</td><td><p class="articleParagraph">Two.</p></td></tr><tr><td>AN</td><td>Document 1</td></tr>'
    b"</table></div>"
)
PAGE = f"""<!doctype html><html lang=en><head><meta charset=utf-8><title>Ferry back | Harbour Post</title>
<meta property="og:title" content="Ferry back"><meta name=author content="Ines Moreau">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Ferry back",
"author": {{"name": "Ines Moreau"}},
"datePublished": "2024-03-12T08:00:00+01:00", "articleBody": "{STORY}"}}</script></head>
<body><nav><a href=/>Home</a></nav><article><h1>Ferry back</h1><p class=byline>By Ines Moreau</p>
<time>12 March 2024</time>
<p>{STORY}</p><figure><figcaption>The ferry.</figcaption></figure>
<ul><li>One</li></ul><table><tr><td>2</table></article>
</body></html>""".encode()


def parquet() -> bytes:
    """A small table."""
    target = io.BytesIO()
    pq.write_table(pa.table({"title": ["A", "B"], "text": ["One.", "Two."], "authors": [["X"], []]}), target)
    return target.getvalue()


def zipped() -> bytes:
    """A small ZIP archive, with a sources file in it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "One.")
        archive.writestr("b.jsonl", '{"text": "Two."}')
        archive.writestr("sources.csv", "path,outlet\na.txt,The Post\n")
    return target.getvalue()


def tarred() -> bytes:
    """A small tar archive."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"One."))
    return target.getvalue()


FILES = {
    "a.jsonl": JSONL,
    "a.json": b'[{"title": "A", "text": "One."}, {"text": "Two."}]',
    "b.json": b'{"articles": [{"title": "A", "text": "One."}, {"text": "Two."}]}',
    "a.csv": b'title,text\nA,"One,\ntwo."\nB,Three\n',
    "a.parquet": parquet(),
    "a.xml": FEED,
    "a.nitf": NITF,
    "a.newsml": NEWSML,
    "a.tei": TEI,
    "a.eml": MAIL,
    "a.mbox": b"".join(b"From a@x.example Tue Mar 12 08:30:00 2024\n" + MAIL.replace(b"\r", b"") + b"\n" for _ in "ab"),
    "a.warc": WARC,
    "a.zip": zipped(),
    "a.tar": tarred(),
    "a.gz": gzip.compress(JSONL, mtime=0),
    "a.bz2": bz2.compress(JSONL),
    "a.xz": lzma.compress(JSONL),
    "a.zst": bytes(pa.compress(JSONL, "zstd", asbytes=True)),
    "a.rtf": RTF,
    "a.html": PAGE,
    "b.html": FACTIVA,
    "a.txt": f"Ferry back\n\nBy Ines Moreau\n\n12 March 2024\n\n{STORY}\n".encode(),
}

LD = json.dumps({"@graph": [{"@type": "NewsArticle", "author": [{"name": "A B"}], "datePublished": "2024"}]}).encode()
PAGE_DATA = json.dumps(
    {
        "a": [{"headline": "The ferry is back", "body": [{"type": "text", "content": STORY}] * 9}],
        "b": {"title": {"rendered": "The ferry is back"}, "content": f"<p>{STORY}</p>" * 9},
    }
).encode()
