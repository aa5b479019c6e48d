"""Documents that Factiva exports as a page, one or many to a file → one record each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.article import Form, RecordField, Refusal
from copydesk.encoding import decode
from copydesk.reading.exports import Stated, is_owner, layout
from copydesk.reading.found import Found, digest

# Matches: "article enArticle". Not: "article", "article mainArticle".
_ARTICLE = re.compile(r"article [a-z]{2}Article\Z")
# Matches: "Document pnp0000020010926du4i003v3", "Dokument SDDZ000020010927du5900a1e". Not: "Document 2 of 30".
_NUMBER = re.compile(r"\w+ [A-Za-z0-9]{3,10}?0*(?:19|20)\d{6}[A-Za-z0-9]{6,12}\Z")
# Matches: "664 Wörter", "1,204 words". Not: "664", "18 April 1998".
_WORDS = re.compile(r"\d[\d., ]{0,8} [^\W\d]{2,12}\Z")
# Matches: "06:30", "06:30 GMT". Not: "6.30".
_TIME = re.compile(r"\d\d:\d\d(?: [A-Z]{2,4})?\Z")


def read_factiva_page(path: str, content: bytes) -> tuple[Found, ...]:
    """The documents on a page that Factiva wrote, each with what it states as fields and its text as markup; () for any
    other page, and for one with a part that isn't laid out so.
    """
    decoded = decode(content, Form.HTML)
    if isinstance(decoded, Refusal):
        return ()
    tree = LexborHTMLParser(decoded.text)
    parts = [node for node in tree.css("div.article") if _ARTICLE.match(node.attributes.get("class") or "")]
    documents = [_coded(part) or _plain(part) for part in parts]
    found: list[Found] = []
    for part, document in zip(parts, documents, strict=True):
        if document is None:
            return ()
        stated, text = document
        fields = tuple(RecordField(field, value, field) for field, value in stated if field and value)
        sha256 = digest(content if len(parts) == 1 else (part.html or "").encode("utf-8", "replace"))
        refusal = None if text else Refusal("no_text", "the document holds no paragraph")
        found.append(Found(path, text, Form.HTML, fields, sha256, decoded.encoding, refusal))
    return tuple(found)


def _coded(part: LexborNode) -> tuple[Stated, str] | None:
    """Fields and text of a document that is a table of codes and values; None for any other."""
    fields, body, number = layout("factiva")
    values: dict[str, LexborNode] = {}
    for row in part.css("tr"):
        cells = [cell for cell in row.iter() if cell.tag == "td"]
        code = _line(cells[0]) if len(cells) == 2 else ""
        if code in fields:
            values.setdefault(code, cells[1])
    if not values.keys() >= {"HD", body, number, "PD"}:
        return None
    stated = [(fields[code], _line(cell)) for code, cell in values.items() if fields[code] not in ("", "text")]
    texts = [values[code] for code in values if fields[code] == "text"]
    return stated, "".join(paragraph for cell in texts for paragraph in _paragraphs(cell))


def _plain(part: LexborNode) -> tuple[Stated, str] | None:
    """Fields and text of a document with a line per field: headline, perhaps a name, the number of words, the day,
    perhaps a time, the outlet, what the archive notes, the language, the owner.
    """
    headline = part.css_first("#hd") or part.css_first("span[class$='Headline']")
    name = part.css_first("div.author")
    numbers = [node for node in part.css("p") if _NUMBER.match(_line(node))]
    lines = [_line(node) for node in part.css("div") if all(child.tag not in ("div", "p") for child in node.iter())]
    words = next((at for at, line in enumerate(lines) if _WORDS.match(line)), None)
    if headline is None or not numbers or words is None:
        return None
    below = lines[words + 1 :]
    # A time of day may stand between day and outlet.
    outlet = 2 if len(below) > 1 and _TIME.match(below[1]) else 1
    if len(below) <= outlet:
        return None
    stated = [("title", _line(headline)), ("published", below[0]), ("outlet", below[outlet])]
    stated += [("authors", _line(name))] if name is not None else []
    owners = [at for at, line in enumerate(below) if is_owner(line)]
    if owners and owners[0] > outlet + 1:
        stated.append(("language", below[owners[0] - 1]))
    # The owner's line is left to the rules about furniture.
    owned = "".join(f"<p>{escape(below[at], quote=False)}</p>" for at in owners)
    return stated, owned + "".join(_paragraphs(part))


def _paragraphs(node: LexborNode) -> Iterator[str]:
    """The paragraphs as markup; all of a field that has none."""
    marked = [paragraph for paragraph in node.css("p.articleParagraph") if _line(paragraph)]
    for paragraph in marked:
        yield paragraph.html or ""
    if not marked and (text := _line(node)):
        yield f"<p>{escape(text, quote=False)}</p>"


def _line(node: LexborNode) -> str:
    return " ".join((node.text(deep=True) or "").split())
