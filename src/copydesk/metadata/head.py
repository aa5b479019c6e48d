"""The head of a pasted article: which of its first lines are title, byline, date, outlet, URL, deck.

Every line is read by a whole-line grammar: it is a head line only if nothing is left over. So a lead that
begins "By the time ..." or "KABUL (Reuters) -" is no head line. The first line that no grammar takes is the title;
the next one ends the head, unless it is a deck.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from copydesk.article import Block
from copydesk.contamination.background import articles_with
from copydesk.metadata.decks import DATELINE, is_deck, may_be_deck
from copydesk.metadata.entries import heads_entry
from copydesk.metadata.foot import read_named
from copydesk.metadata.head_lines import (
    MAX_HEAD_CHARS,
    HeadPart,
    bare_name,
    is_furniture,
    is_section,
    may_be_outlet,
    read_joined_title,
    read_line,
    without_title_label,
)
from copydesk.metadata.outlets import find_outlet, fold_name, looks_like_outlet, registrable_domain
from copydesk.metadata.prefixes import strip_prefix
from copydesk.metadata.titles import fold_title, squeeze
from copydesk.metadata.urls import host_of
from copydesk.metadata.words import byline_words

MAX_HEAD_LINES = 14
"""The longest head of the five samples has 5 lines. Beyond this, lines are the article's."""


MAX_TITLE_CHARS = 220
"""A longer first line is a lead. The longest headline of 1,700 has 166 characters."""


MAX_TITLE_WORDS = 36
"""The same in words: 31 is the longest seen."""


MEASURED_PARAGRAPHS = 12
"""How many of the lines below are measured to see how long paragraphs are in a text."""


MAX_NAMED_CHARS = 50
"""A longer line is no outlet's name."""


MIN_BELOW = 3


MIN_LEAD_CHARS = 80
"""Lines below a lone name under the title, and characters of the first: what names something else stands over less."""


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


def read_head(blocks: Sequence[Block], title: str | None = None) -> tuple[HeadLine, ...]:
    """The head lines among the first kept blocks, in order; none where the text begins at once.

    `title` is the headline where something else says it: then only that line is taken as title. A line that the foot
    names as an outlet is the outlet's, also where the next sentence goes on behind it.

    >>> [line.label for line in read_head([Block("Ice is back"), Block("By Jane Roe"), Block("Lakeside Courier"),
    ...     Block("The lake froze on Monday, and the village went out to skate.")])]
    ['title', 'byline', 'source']
    """
    positions = [at for at, block in enumerate(blocks) if block.kept]
    found: list[HeadLine] = []
    known = title
    for step, at in enumerate(positions[:MAX_HEAD_LINES]):
        if len(blocks[at].text) > MAX_HEAD_CHARS:
            break
        below = [blocks[p].text for p in positions[step + 1 : step + 1 + MEASURED_PARAGRAPHS]]
        line = _read_block(at, blocks[at].text, below, found, known)
        if (line is None or line.rule == _LAST_RULE) and found and _is_named_below(blocks[at].text, blocks):
            line = HeadLine(at, (HeadPart("source", "outlet", blocks[at].text),), "head-source-foot/1")
        if line is None or (
            line.rule == "head-date/2" and not _is_signed(found) and heads_entry(blocks[at].text, below)
        ):
            break
        if line.parts:
            found.append(line)
            if line.rule == _LAST_RULE:
                break
    return tuple(found) if len(found) < len(positions) else ()


_LAST_RULE = "head-deck/1"


def _is_signed(found: Sequence[HeadLine]) -> bool:
    """Whether a head has more than a title yet: then the date is its own, whatever days the story tells of."""
    return any(line.label not in ("title", "section", "deck") for line in found)


def _is_named_below(text: str, blocks: Sequence[Block]) -> bool:
    """Whether a line is what the foot names as outlet. The foot is read here: most texts have no head and don't ask."""
    folded = fold_name(text) if len(text) <= MAX_NAMED_CHARS else ""
    return bool(folded) and any(n == folded or n.startswith(f"{folded}.") for n in read_named(blocks))


def _read_block(at: int, text: str, below: list[str], found: list[HeadLine], title: str | None) -> HeadLine | None:
    """The head line that a block is; one without parts where it is passed over; None where the head ends."""
    parts = read_line(text)
    titled = any(line.label == "title" for line in found)
    if parts and not titled and title is None and _may_be_title_after_all(text, below):
        parts = ()
    if parts:
        return HeadLine(at, parts, f"head-{parts[0].label}/{2 if parts[0].label == 'date' else 1}")
    if not below:
        return None
    if not titled and title is None and found and _CONTACT.match(text):
        return HeadLine(at, (), "head-passed/1")
    if not titled:
        joined = read_joined_title(text) if title is None else ()
        return HeadLine(at, joined, "head-title/1") if joined else _read_above_title(at, text, below, title)
    if is_furniture(text):
        return HeadLine(at, (), "head-passed/1")
    next_labels = {part.label for part in read_line(below[0])}
    # Of two dates with text between them, the second heads an entry of a timeline.
    followed = bool(next_labels & (_SURE - {line.label for line in found if line.label == "date"}))
    named = "byline" in next_labels or any(part.label == "byline" for line in found for part in line.parts)
    for label, field, taken, rule in (
        ("source", "outlet", _is_name_of_domain(text, found), "head-source-domain/1"),
        ("byline", "byline", followed and _is_odd_byline(text), "head-byline-odd/1"),
        ("section", "section", is_section(text) and (followed or len(below[0]) > MAX_HEAD_CHARS), "head-section/1"),
        ("byline", "byline", followed and not named and bare_name(text) is not None, "head-byline-bare/1"),
        ("source", "outlet", followed and may_be_outlet(text), "head-source-unknown/1"),
        ("source", "outlet", _stands_apart(text, below, found), "head-source-alone/1"),
        ("deck", "deck", followed and may_be_deck(text), "head-deck-between/2"),
        ("deck", "deck", is_deck(text, below), _LAST_RULE),
    ):
        if taken:
            return HeadLine(at, (HeadPart(label, field, text),), rule)
    return None


def _read_above_title(at: int, text: str, below: list[str], title: str | None) -> HeadLine | None:
    """The title, a section above it, or None."""
    head = below[1:] if _CONTACT.match(below[0]) else below
    if title is None and is_section(text) and head and _is_title(head[0], None, head[1:]) and not read_line(head[0]):
        return HeadLine(at, (HeadPart("section", "section", text),), "head-section/1")
    labelled = without_title_label(text)
    # Alone it may be a headline with a colon; where head lines follow, the whole head is labelled.
    if labelled and read_line(below[0]) and _is_title(labelled, title, below[:6]):
        return HeadLine(at, (HeadPart("title", "title", labelled),), "head-title/1")
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


def _is_name_of_domain(text: str, found: Sequence[HeadLine]) -> bool:
    """Whether a line is the name that the domain of the URL spells: "Capital & Freight", capitalandfreight.com."""
    if not may_be_outlet(text):
        return False
    hosts = [host_of(part.text) for line in found for part in line.parts if part.field == "url"]
    labels = {registrable_domain(host).partition(".")[0].replace("-", "") for host in hosts if host}
    name = squeeze(text.replace("&", " and "))
    return name in labels or f"the{name}" in labels


_ABOVE = frozenset(("title", "byline", "date", "url", "read_time"))
"""What stands above a lone outlet: the title or another line of the head."""


def _stands_apart(text: str, below: list[str], found: Sequence[HeadLine]) -> bool:
    """Whether a line below the title or another line of the head is a name of which the text knows nothing.

    Such a name is an outlet's, and no kicker: a kicker, a place or a subhead names what the text is about. What nobody
    has heard of (no word of the background) or what has an article or an ampersand ("The Quarterdeck", "Capital &
    Freight") is the outlet's.
    """
    if not may_be_outlet(text) or len(below) < MIN_BELOW or not found or found[-1].label not in _ABOVE:
        return False
    words = _telling_words(text)
    # The first sentence of a lead may stand above the lead by itself.
    lead = below[1] if below[1].startswith(below[0]) else below[0]
    if not words or not (_is_named(text) or _is_unheard(words)) or len(lead) < MIN_LEAD_CHARS:
        return False
    # A second name of its kind further down makes a row of subheads: the places of a police log.
    if any(_is_of_kind(line, text) for line in below[1:]):
        return False
    titles = (line.parts[0].text for line in found if line.label == "title")
    around = " ".join((*titles, *below)).casefold()
    return not any(word in around for word in words)


def _telling_words(text: str) -> list[str]:
    return [word.casefold() for word in text.split() if len(word) > 3]


def _is_named(text: str) -> bool:
    return text.split()[0].casefold() in byline_words().articles or " & " in text


def _is_unheard(words: list[str]) -> bool:
    return bool(words) and all(word.isalpha() and articles_with(word) == 0 for word in words)


def _is_of_kind(line: str, text: str) -> bool:
    """Whether a line is set like a lone name and says as little: both unheard of, or both with an article."""
    if not may_be_outlet(line) or line.isupper() != text.isupper():
        return False
    return _is_unheard(_telling_words(line)) if _is_unheard(_telling_words(text)) else _is_named(line)


# Matches: "Contact: Dana Whitlock, 555-0142", "Media contact - d.roe@a.example".  Not: "Contact with Mars is lost".
_CONTACT = re.compile(r"(?:(?:media|press|news)\s)?contacts?(?:\s?[:–-]\s|:?$)", re.IGNORECASE)


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
