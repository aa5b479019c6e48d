"""The head of a pasted article: which of its first lines are title, byline, date, outlet, URL, deck.

Every line is read by a whole-line grammar: it is a head line only if nothing is left over. So a lead that
begins "By the time ..." or "KABUL (Reuters) -" is no head line. The first line that no grammar takes is the title;
the next one ends the head, unless it is a deck.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from copydesk.article import Block
from copydesk.contamination.background import articles_with
from copydesk.metadata.dates import READ_TIME, is_date_only
from copydesk.metadata.names import parse_byline, strip_prefix
from copydesk.metadata.outlets import find_outlet, looks_like_outlet, registrable_domain
from copydesk.metadata.titles import fold_title, squeeze
from copydesk.metadata.urls import host_of, is_web_url
from copydesk.metadata.words import byline_words, read_table

MAX_HEAD_LINES = 14
"""The longest head of the five samples has 5 lines. Beyond this, lines are the article's."""
MAX_HEAD_CHARS = 300
"""A longer line is a paragraph. The longest headline of 1,700 has 166 characters."""
MAX_TITLE_CHARS = 220
"""A longer first line is a lead. The longest headline of 1,700 has 166 characters."""
MAX_TITLE_WORDS = 36
"""The same in words: 31 is the longest seen."""
MAX_LISTED = 6
"""Commas of a line in which name, outlet and date are looked for: a date has up to two of its own."""
MAX_DECK_CHARS = 260
"""A longer standfirst is not told from a lead. Two in a hundred are longer."""
MEASURED_PARAGRAPHS = 12
"""How many of the lines below are measured to see how long paragraphs are in a text."""
MIN_DECK_WORDS = 5
"""Fewer words are a subhead or a section."""
LONG_PARAGRAPH_CHARS = 400
"""Paragraphs of this length are no agency's: only above such does a short sentence stand out as a standfirst."""
USUAL_CHARS = 340
"""And the usual paragraph of the text must be about as long."""


MIN_BELOW = 3
MIN_LEAD_CHARS = 80
"""Lines below a lone name under the title, and characters of the first: what names something else stands over less."""


@dataclass(frozen=True, slots=True)
class HeadPart:
    """What a head line, or one part of it, says: label and field of the decision, and the text that says it."""

    label: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A block of the head with its parts. `rule` names what took it."""

    at: int
    parts: tuple[HeadPart, ...]
    rule: str

    @property
    def label(self) -> str:
        """The label of the line: that of its first part."""
        return self.parts[0].label


# Matches: "Source: Foreign Affairs", "Quelle: dpa".  Not: "Sources: the lake".
_SOURCE = re.compile(
    r"""(?:source|quelle|fuente|fonte|bron|kilde|källa|источник|منبع|المصدر|来源|來源|出典)\s?[:：]\s*(?=\S)
       |(?:originally\s)?published\s(?:in|by)\s?:?\s(?=\S)|courtesy\sof\s(?=\S)""",
    re.VERBOSE | re.IGNORECASE,
)
# Matches between parts: " | ", " · ", " • ", " // ".  Not: ", ".
_JOIN = re.compile(r"\s+(?:[|·•–—-]|//)\s+|\s*[|•]\s*")
# Matches: "Published in Foreign Policy on".  Not used for the date grammar.
_LOOKS_URL = ("http://", "https://", "www.")


def read_head(blocks: Sequence[Block], title: str | None = None) -> tuple[HeadLine, ...]:
    """The head lines among the first kept blocks, in order; none where the text begins at once.

    `title` is the headline where something else says it: then only that line is taken as title.

    >>> [line.label for line in read_head([Block("Ice is back"), Block("By Jane Roe"), Block("Lakeside Courier"),
    ...     Block("The lake froze on Monday, and the village went out to skate.")])]
    ['title', 'byline', 'source']
    """
    positions = [at for at, block in enumerate(blocks) if block.kept]
    found: list[HeadLine] = []
    known = title
    for step, at in enumerate(positions[:MAX_HEAD_LINES]):
        below = [blocks[p].text for p in positions[step + 1 : step + 1 + MEASURED_PARAGRAPHS]]
        line = _read_block(at, blocks[at].text, below, found, known)
        if line is None:
            break
        if line.parts:
            found.append(line)
            if line.rule == _LAST_RULE:
                break
    return tuple(found) if len(found) < len(positions) else ()


_LAST_RULE = "head-deck/1"


def _read_block(at: int, text: str, below: list[str], found: list[HeadLine], title: str | None) -> HeadLine | None:
    """The head line that a block is; one without parts where it is passed over; None where the head ends."""
    parts = read_line(text)
    titled = any(line.label == "title" for line in found)
    if parts and not titled and title is None and _may_be_title_after_all(text, below):
        parts = ()
    if parts:
        return HeadLine(at, parts, f"head-{parts[0].label}/1")
    if len(text) > MAX_HEAD_CHARS or not below:
        return None
    if not titled:
        joined = _read_joined_title(text) if title is None else ()
        return HeadLine(at, joined, "head-title/1") if joined else _read_above_title(at, text, below, title)
    if _is_furniture(text):
        return HeadLine(at, (), "head-passed/1")
    next_labels = {part.label for part in read_line(below[0])}
    followed = bool(next_labels & _SURE)
    named = "byline" in next_labels or any(part.label == "byline" for line in found for part in line.parts)
    for label, field, taken, rule in (
        ("source", "outlet", _is_name_of_domain(text, found), "head-source-domain/1"),
        ("byline", "byline", followed and _is_odd_byline(text), "head-byline-odd/1"),
        ("section", "section", _is_section(text) and (followed or len(below[0]) > MAX_HEAD_CHARS), "head-section/1"),
        ("byline", "byline", followed and not named and _bare_name(text) is not None, "head-byline-bare/1"),
        ("source", "outlet", followed and _may_be_outlet(text), "head-source-unknown/1"),
        ("source", "outlet", _stands_apart(text, below, found), "head-source-alone/1"),
        ("deck", "deck", followed and _may_be_deck(text), "head-deck-between/1"),
        ("deck", "deck", _is_deck(text, below), _LAST_RULE),
    ):
        if taken:
            return HeadLine(at, (HeadPart(label, field, text),), rule)
    return None


def _read_above_title(at: int, text: str, below: list[str], title: str | None) -> HeadLine | None:
    """The title, a section above it, or None."""
    if title is None and _is_section(text) and _is_title(below[0], None, below[1:]) and not read_line(below[0]):
        return HeadLine(at, (HeadPart("section", "section", text),), "head-section/1")
    if _is_title(text, title, below[:6]):
        return HeadLine(at, (HeadPart("title", "title", text),), "head-title/1")
    return None


def _may_be_title_after_all(text: str, below: list[str]) -> bool:
    """Whether the first line only looks like an unknown outlet ("A Daily Gazette"), as no title stands below it."""
    if not looks_like_outlet(text, weak=True) or find_outlet(text) is not None or not below:
        return False
    return bool(read_line(below[0])) or not _is_title(below[0], None, below[1:6]) or below[0][-1] == "."


# Labels that only a head has: a line above one of them is still in the head.
_SURE = frozenset(("byline", "date", "url", "read_time"))


@cache
def _line_words() -> tuple[frozenset[str], frozenset[str]]:
    """Section names and the words of buttons."""
    table = read_table("head_words.toml")
    return frozenset(table["sections"]["names"]), frozenset(table["furniture"]["words"])


def _is_section(text: str) -> bool:
    return len(text) <= 30 and text.casefold().strip(" .:|/") in _line_words()[0]


def _is_furniture(text: str) -> bool:
    return len(text) <= 30 and text.casefold().strip(" .:|0123456789") in _line_words()[1]


def _may_be_outlet(text: str) -> bool:
    """Whether a line of the head may be the name of an outlet nobody knows: one to four capitalised words."""
    words = text.split()
    return (
        len(words) <= 4
        and len(text) <= 40
        and text[-1] not in ".,:;!?…"
        and all((w[0].isupper() or w == "&") for w in words)
    )


def _is_name_of_domain(text: str, found: Sequence[HeadLine]) -> bool:
    """Whether a line is the name that the domain of the URL spells: "Capital & Freight", capitalandfreight.com."""
    if not _may_be_outlet(text):
        return False
    hosts = [host_of(part.text) for line in found for part in line.parts if part.field == "url"]
    labels = {registrable_domain(host).partition(".")[0].replace("-", "") for host in hosts if host}
    name = squeeze(text.replace("&", " and "))
    return name in labels or f"the{name}" in labels


def _stands_apart(text: str, below: list[str], found: Sequence[HeadLine]) -> bool:
    """Whether the line right below the title is a name of which the text knows nothing: an outlet's, and no kicker.

    A kicker, a place or a subhead names what the text is about. What nobody has heard of (no word of the background)
    or what has an article or an ampersand ("The Quarterdeck", "Capital & Freight") is the outlet's.
    """
    if not _may_be_outlet(text) or len(below) < MIN_BELOW or not found or found[-1].label != "title":
        return False
    words = [word.casefold() for word in text.split() if len(word) > 3]
    named = text.split()[0].casefold() in byline_words().articles or " & " in text
    unheard = bool(words) and all(word.isalpha() and articles_with(word) == 0 for word in words)
    if not words or not (named or unheard) or len(below[0]) < MIN_LEAD_CHARS:
        return False
    around = " ".join((found[-1].parts[0].text, *below)).casefold()
    return not any(word in around for word in words)


def _may_be_deck(text: str) -> bool:
    return len(text) <= MAX_DECK_CHARS and len(text.split()) >= MIN_DECK_WORDS and not DATELINE.match(text)


def read_line(text: str) -> tuple[HeadPart, ...]:
    """The parts of a head line, or () if something in it is no head line's.

    >>> [part.label for part in read_line("By Jane Roe | March 5, 2024")], read_line("By the time it froze")
    (['byline', 'date'], ())
    """
    if len(text) > MAX_HEAD_CHARS:
        return ()
    mark = _JOIN.search(text)
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
    commas = [at for at, char in enumerate(text) if char == ","][:MAX_LISTED]
    end = next((at for at in commas if is_date_only(text[at + 1 :].strip())), None)
    if end is None:
        return ()
    pieces = [piece.strip() for piece in text[:end].split(",")]
    known = [_read_part(piece) or _bare_name(piece) for piece in pieces]
    # What nobody knows beside a date may be where it was written: it goes with the line and says nothing.
    if any(part is None and not _is_place(piece) for piece, part in zip(pieces, known, strict=True)):
        return ()
    parts = [HeadPart("byline", "byline", p.text) if p.label == "bare" else p for p in known if p]
    return (*parts, _date_part(text[end + 1 :].strip()))


def _read_joined_title(text: str) -> tuple[HeadPart, ...]:
    """A headline with at least two other head parts behind it in one line; () for any other line.

    >>> [p.label for p in _read_joined_title("The ice is back | Lakeside Courier | March 5, 2024 | Jane Roe")]
    ['title', 'source', 'date', 'byline']
    >>> _read_joined_title("The ice is back | Lakeside Courier")
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
    read = [_read_part(piece) or _bare_name(piece) for piece in pieces]
    sure = {p.label for p in read if p}
    named_parts = (p or _unknown_outlet(piece, sure) for p, piece in zip(read, pieces, strict=True))
    known = [p for p in named_parts if p]
    if len(known) < len(pieces) or len(pieces) < 2 or all(p.label == "bare" for p in known):
        return ()
    # Beside "By Jane Roe" a second name without "By" is that of the outlet.
    named = any(p.label == "byline" for p in known)
    bare = ("source", "outlet") if named else ("byline", "byline")
    return tuple(HeadPart(*bare, p.text) if p.label == "bare" else p for p in known)


def _unknown_outlet(piece: str, sure: Collection[str]) -> HeadPart | None:
    """A name beside a byline, or one with an article beside a date: "The Quarterdeck | March 5". A place has none."""
    if _is_section(piece) or not _may_be_outlet(piece) or "source" in sure:
        return None
    named = piece.split()[0].casefold() in byline_words().articles or " & " in piece
    taken = "byline" in sure or (named and "date" in sure)
    return HeadPart("source", "outlet", piece) if taken else None


def _read_part(text: str) -> HeadPart | None:
    if text.startswith(_LOOKS_URL) and is_web_url(text if "://" in text else f"https://{text}"):
        return HeadPart("url", "url", text)
    if is_date_only(text):
        return _date_part(text)
    source = _SOURCE.match(text)
    if source:
        name = text[source.end() :].strip(" .")
        return HeadPart("source", "outlet", name) if _is_source_name(name) else None
    if strip_prefix(text) is not None and find_outlet(text) is None:
        return HeadPart("byline", "byline", text) if parse_byline(text).complete else None
    if len(text) <= 60 and _is_outlet_line(text):
        return HeadPart("source", "outlet", text)
    return None


def _date_part(text: str) -> HeadPart:
    if not READ_TIME.sub("", text).strip(" |·•-"):
        return HeadPart("read_time", "read_time", text)
    return HeadPart("date", "published", text)


def _bare_name(text: str) -> HeadPart | None:
    """A name without "By", which is a byline only in one line with something surer."""
    byline = parse_byline(text)
    return HeadPart("bare", "byline", text) if byline.complete and byline.persons else None


def _is_source_name(name: str) -> bool:
    if not name or len(name) > 80:
        return False
    return find_outlet(name) is not None or (len(name.split()) <= 6 and name[0].isupper() and name[-1] not in "!?")


def _is_outlet_line(text: str) -> bool:
    if text[-1] in "!?:," or _is_section(text):
        return False
    return find_outlet(text) is not None or looks_like_outlet(text, weak=True)


# Matches: 'KABUL (Reuters) -', 'KABUL, Afghanistan —', "BERLIN, 3. März (dpa) -".  Not: "Ice is back - at last".
DATELINE = re.compile(
    r"""[^\W\d_][^\n(]{1,60}\([^()\n]{2,40}\)\s?[-–—:]
       |(?:[A-ZÄÖÜ]{3,20}[\ .,]{0,2}){1,3}(?:[A-Z][\w.]{1,20}[\ ,]{0,2}){0,3}\s?[-–—]\s""",
    re.VERBOSE,
)


def _is_title(text: str, title: str | None, follows: list[str]) -> bool:
    """Whether a line that no grammar takes may be the headline."""
    if title is not None:
        return fold_title(text) == fold_title(title)
    if len(text) > MAX_TITLE_CHARS or not follows or len(text.split()) > MAX_TITLE_WORDS:
        return False
    # In capitals before a dash may stand a section as well ("OPINION - ..."): only a sentence has a dateline.
    if (text[-1] in '.”"' and DATELINE.match(text)) or not any(c.isalpha() for c in text):
        return False
    if text[-1] in ".。" and not text.endswith(("...", "U.S.", "D.C.", "Inc.", "Jr.")):
        return len(text) <= 120 and (len(text) < max(map(len, follows)) or bool(read_line(follows[0])))
    return True


def _is_odd_byline(text: str) -> bool:
    """Whether a short line begins as a byline, though its names can't be read."""
    return len(text) <= 60 and text[-1] not in ".!?" and strip_prefix(text) is not None


# Words that no article opens with: a line that does goes on from the headline above it.
_GOES_ON = re.compile(
    r"(?:But|And|Yet|Still|However|Nor|Instead|Meanwhile|Moreover|Nevertheless|Otherwise|Or|Doch|Aber|Und|Mais|Pero|Ma|Mas|Maar|Men|Но)\b"
)
# Words of a lead rather than of a standfirst: the day of the news, quotation, the agency's place line.
_NEWS = re.compile(
    r"[\"“”«»„]|\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|said|says|told|announced|reported|yesterday|today)\b"
)
# Matches the end of a sentence inside a line.  Not: "U.S. troops", the end of the line.
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])[.!?]\s+(?=[A-Z“\"])")
# Matches a sentence cut at an abbreviation: "... with Mr.".  Not: "... of the U.S."
_CUT_SHORT = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Gen|Gov|Sen|Rep|Lt|St|Jr|No|vs)\.$")


def _is_deck(text: str, below: list[str]) -> bool:
    """Whether the last line above the body is a standfirst and no lead.

    A lead wrongly moved is a loss, a standfirst left in the text is none, so only two kinds are sure: one
    sentence that goes on from the headline ("But first they ..."), and a short one in a text of paragraphs so long that
    it's none of them. Tried and rejected: any short line before a paragraph three times as long (23 of 600 texts
    lost their lead, as magazines open with short sentences).
    """
    if not _may_be_deck(text) or text[-1] != ".":
        return False
    if _NEWS.search(text) or _SENTENCE_END.search(text) or _CUT_SHORT.search(text):
        return False
    if fold_title(below[0]).startswith(fold_title(text)[:60]) or len(below[0]) < len(text):
        return False
    if _GOES_ON.match(text):
        return True
    usual = statistics.median(map(len, below))
    return len(text) <= 80 and len(below[0]) >= max(6 * len(text), LONG_PARAGRAPH_CHARS) and usual >= USUAL_CHARS
