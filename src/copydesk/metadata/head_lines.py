"""One line of the head of a pasted text by a whole-line grammar: title parts, byline, date, outlet, URL, section.

A line is a head line only if nothing of it is left over.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from itertools import islice

from copydesk.metadata.byline_parts import goes_on
from copydesk.metadata.dates import is_date_only, may_be_date, without_read_time
from copydesk.metadata.names import parse_byline
from copydesk.metadata.outlets import find_outlet, looks_like_outlet
from copydesk.metadata.persons import made_of_words, unspaced
from copydesk.metadata.prefixes import strip_prefix
from copydesk.metadata.urls import is_web_url
from copydesk.metadata.words import byline_words, fold_word, read_table

MAX_HEAD_CHARS = 300
"""A longer line is a paragraph. The longest headline of 1,700 has 166 characters."""
MAX_UNSPACED_NAME = 16
"""Characters of an outlet's name in Han, kana or Hangul: the longest of the press have ten."""
MAX_LISTED = 6
"""Commas of a line in which name, outlet and date are looked for: a date has up to two of its own."""


@dataclass(frozen=True, slots=True)
class HeadPart:
    """What a head line, or one part of it, says: label and field of the decision, and the text that says it."""

    label: str
    field: str
    text: str


# Matches: "Source: Foreign Affairs", "Quelle: dpa".  Not: "Sources: the lake".
_SOURCE = re.compile(
    r"""(?:source|quelle|fuente|fonte|bron|kilde|källa|источник|منبع|المصدر|来源|來源|出处|出典)\s?[:：]\s*(?=\S)
       |(?:originally\s)?published\s(?:in|by)\s?:?\s(?=\S)""",
    re.VERBOSE | re.IGNORECASE,
)
# Matches: "URL: https://a.example/b", "Link: www.a.example/b".  Not: "Link to the past".
_ADDRESS = re.compile(
    r"(?:url|link|web|permalink|address|adresse|enlace|lien)\s?[:：]\s*(?=https?://|www\.)", re.IGNORECASE
)
# Matches: "Title: Ice is back", "Headline : Ice is back", "Titel: Das Eis".  Not: "Titles: a list", "Title IX".
_TITLE_LABEL = re.compile(
    r"(?:title|headline|titel|überschrift|titre|t[ií]tulo|titolo|заголовок|标题|標題|タイトル)\s?[:：]\s*(?=\S)",
    re.IGNORECASE,
)
# Matches: "Courtesy of Foreign Affairs".  Not: "Courtesy call".
_COURTESY = re.compile(r"courtesy\sof\s(?=\S)", re.IGNORECASE)
# Matches between parts: " | ", " · ", " • ", " // ", and the blank before "来源：".  Not: ", ".
_JOIN = re.compile(
    r"\s+(?:[|·•–—-]|//)\s+|\s*[|•]\s*|\s+(?=(?:来源|來源|出处|作者|记者|記者|责任编辑|責任編輯|责编|编辑|編輯)\s?[:：])"
)
# What every such mark has: looked for first, as the pattern tries each blank.
_JOINS = re.compile(r"[|·•–—-]|//|[源者处辑編輯编][:：]")
# Matches: "责任编辑：李华".  Not: "编辑说：李华来了".
_EDITOR = re.compile(r"(?:责任编辑|責任編輯|责编|编辑|編輯)\s?[:：]\s?\S{2,4}(?:\s\S{2,4})?\Z")
_COMMA = re.compile(",")
# Matches: "Published in Foreign Policy on".  Not used for the date grammar.
_LOOKS_URL = ("http://", "https://", "www.")


@cache
def _line_words() -> tuple[frozenset[str], frozenset[str]]:
    """Section names and the words of buttons."""
    table = read_table("head_words.toml")
    return frozenset(table["sections"]["names"]), frozenset(table["furniture"]["words"])


def is_section(text: str) -> bool:
    """Whether a line is the name of a section, by the list."""
    return len(text) <= 30 and text.casefold().strip(" .:|/") in _line_words()[0]


def is_furniture(text: str) -> bool:
    """Whether a line is the label of a button, by the list."""
    return len(text) <= 30 and text.casefold().strip(" .:|0123456789") in _line_words()[1]


def may_be_outlet(text: str) -> bool:
    """Whether a line of the head may be the name of an outlet nobody knows: one to four capitalised words.

    Behind an article a particle may be written small.

    >>> may_be_outlet("Capital & Freight"), may_be_outlet("La Voz del Lago"), may_be_outlet("Fall of Kabul")
    (True, True, False)
    """
    words = text.split()
    if len(words) > 4 or len(text) > 40 or text[-1] in ".,:;!?…":
        return False
    small = byline_words().particles if words[0].casefold() in byline_words().articles else frozenset("&")
    return all(word[0].isupper() or word == "&" or word in small for word in words)


def read_line(text: str) -> tuple[HeadPart, ...]:
    """The parts of a head line, or () if something in it is no head line's.

    >>> [part.label for part in read_line("By Jane Roe | March 5, 2024")], read_line("By the time it froze")
    (['byline', 'date'], ())
    """
    if len(text) > MAX_HEAD_CHARS:
        return ()
    mark = _JOIN.search(text) if _JOINS.search(text) else None
    if mark:
        joined = _read_joined([p for p in _JOIN.split(text) if p])
        if joined:
            return joined
        if _is_place(text[: mark.start()]) and is_date_only(text[mark.end() :]):
            return (HeadPart("date", "published", text[mark.end() :]),)
    part = _read_part(text)
    return (part,) if part else _read_listed(text)


def _read_listed(text: str) -> tuple[HeadPart, ...]:
    """The parts of a line that commas join and a date ends: name, outlet or place, date; () for any other line.

    >>> [(p.label, p.text) for p in _read_listed("Jane Roe, Lakeside Courier, March 5, 2024")]
    [('byline', 'Jane Roe'), ('source', 'Lakeside Courier'), ('date', 'March 5, 2024')]
    >>> _read_listed("Jane Roe, a writer, on March 5, 2024")
    ()
    """
    if not may_be_date(text):
        return ()
    commas = [comma.start() for comma in islice(_COMMA.finditer(text), MAX_LISTED)]
    end = next((at for at in commas if is_date_only(text[at + 1 :].strip())), None)
    if end is None:
        return ()
    pieces = [piece.strip() for piece in text[:end].split(",")]
    known = [_read_part(piece) or bare_name(piece) for piece in pieces]
    # What nobody knows beside a date may be where it was written: it goes with the line and says nothing.
    if any(part is None and not _is_place(piece) for piece, part in zip(pieces, known, strict=True)):
        return ()
    parts = [HeadPart("byline", "byline", p.text) if p.label == "bare" else p for p in known if p]
    return (*parts, _date_part(text[end + 1 :].strip()))


def read_joined_title(text: str) -> tuple[HeadPart, ...]:
    """A headline with at least two other head parts behind it in one line; () for any other line.

    >>> [p.label for p in read_joined_title("The ice is back | Lakeside Courier | March 5, 2024 | Jane Roe")]
    ['title', 'source', 'date', 'byline']
    >>> read_joined_title("The ice is back | Lakeside Courier")
    ()
    """
    pieces = [piece for piece in _JOIN.split(text) if piece]
    if len(pieces) < 3 or pieces[0].count(" ") < 2:
        return ()
    rest = _read_joined(pieces[1:])
    return (HeadPart("title", "title", pieces[0]), *rest) if rest else ()


def _is_place(text: str) -> bool:
    """Whether what stands before a date may be where it was written: "Madrid", "Kabul, Afghanistan"."""
    words = text.split()
    return 0 < len(words) <= 3 and all(w[0].isupper() and w.strip(",").isalpha() for w in words)


def _read_joined(pieces: list[str]) -> tuple[HeadPart, ...]:
    """The parts of a line that a mark joins; () unless each is one and at least one is so without the others."""
    if len(pieces) < 2:
        return ()
    read = []
    for piece in pieces:
        part = _read_part(piece) or bare_name(piece)
        # To read a byline is dear, and mostly the first piece is the beginning of a sentence.
        if part is None and (is_section(piece) or not may_be_outlet(piece)):
            return ()
        read.append(part)
    sure = {p.label for p in read if p}
    named_parts = (p or _unknown_outlet(piece, sure) for p, piece in zip(read, pieces, strict=True))
    known = [p for p in named_parts if p]
    if len(known) < len(pieces) or all(p.label == "bare" for p in known):
        return ()
    # Beside "By Jane Roe" a second name without "By" is that of the outlet.
    named = any(p.label == "byline" for p in known)
    bare = ("source", "outlet") if named else ("byline", "byline")
    return tuple(HeadPart(*bare, p.text) if p.label == "bare" else p for p in known)


def _unknown_outlet(piece: str, sure: Collection[str]) -> HeadPart | None:
    """A name beside a byline, or one with an article beside a date: "The Quarterdeck | March 5". A place has none."""
    if is_section(piece) or not may_be_outlet(piece) or "source" in sure:
        return None
    named = piece.split()[0].casefold() in byline_words().articles or " & " in piece
    taken = "byline" in sure or (named and "date" in sure)
    return HeadPart("source", "outlet", piece) if taken else None


def without_title_label(text: str) -> str:
    """What a line says behind the word that calls it the title; "" where there is no such word.

    >>> without_title_label("Title: Ice is back"), without_title_label("Title IX turns fifty")
    ('Ice is back', '')
    """
    label = _TITLE_LABEL.match(text)
    return text[label.end() :] if label else ""


def _read_part(text: str) -> HeadPart | None:
    address = _ADDRESS.match(text)
    if address:
        text = text[address.end() :]
    if text.startswith(_LOOKS_URL) and is_web_url(text if "://" in text else f"https://{text}"):
        return HeadPart("url", "url", text)
    if is_date_only(text):
        return _date_part(text)
    courtesy = _COURTESY.match(text)
    if courtesy:
        # Pictures are by courtesy of anybody; of texts, papers say it.
        name = text[courtesy.end() :].strip(" .")
        return HeadPart("source", "outlet", name) if name and _is_outlet_line(name) else None
    source = _SOURCE.match(text)
    if source:
        name = text[source.end() :].strip(" .")
        return HeadPart("source", "outlet", name) if _is_source_name(name) else None
    if _EDITOR.match(text):
        return HeadPart("byline", "byline", text)
    if strip_prefix(text) is not None and find_outlet(text) is None:
        byline = parse_byline(text)
        is_byline = byline.complete and (byline.persons or not goes_on(text))
        return HeadPart("byline", "byline", text) if is_byline else None
    if len(text) <= 60 and _is_outlet_line(text):
        return HeadPart("source", "outlet", text)
    return None


def _date_part(text: str) -> HeadPart:
    if not without_read_time(text).strip(" |·•-"):
        return HeadPart("read_time", "read_time", text)
    return HeadPart("date", "published", text)


def bare_name(text: str) -> HeadPart | None:
    """A name without "By", which is a byline only in one line with something surer."""
    byline = parse_byline(text)
    # Beside a date a place or a paper may stand as well: "Signal North | March 5, 2024".
    sure = byline.complete and byline.persons and not any(map(made_of_words, byline.persons))
    return HeadPart("bare", "byline", text) if sure else None


def _is_source_name(name: str) -> bool:
    """Whether what stands behind "Source:" is an outlet, and not where a picture or a number is from."""
    if not name or len(name) > 80 or fold_word(name) in byline_words().platforms:
        return False
    if find_outlet(name) is not None:
        return True
    begun = name[0].isupper() or (unspaced(name) and len(name) <= MAX_UNSPACED_NAME)
    return len(name.split()) <= 6 and begun and name[-1] not in "!?" and not _COUNTED.search(name)


# Matches a source of numbers: "Census Bureau, 2020".  Not: "The Asia Cable", "Al Jazeera".
_COUNTED = re.compile(r",|\d{4}")


def _is_outlet_line(text: str) -> bool:
    if text[-1] in "!?:," or is_section(text):
        return False
    if find_outlet(text) is not None:
        return True
    # "Sports News" is a section.
    if all(is_section(word) or word.casefold() in ("press", "release") for word in text.split()):
        return False
    return looks_like_outlet(text, weak=True)
