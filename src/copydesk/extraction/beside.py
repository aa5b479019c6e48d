"""What stands among paragraphs and is none: captions beside images, pleas; times and headings of live-blog entries."""

from __future__ import annotations

import functools
import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from importlib import resources

from copydesk.article import BlockKind
from copydesk.extraction.marks import mark_bits
from copydesk.extraction.segments import Segments
from copydesk.extraction.tags import KIND_CODES, TAG_CODES

CAPTION_CHARS = (25, 300)
"""A caption that only its place beside an image tells: shorter may be a name under a portrait, longer is text."""

BOX_LEVELS = 4
"""Elements outwards in which an image makes a caption of the only text beside it: a cell, its row, its table."""

# A time of day, as live blogs print it.
# matches: "12:15", "9h05", "14.30 Uhr"; does not match: "112:155", "5 minutes ago"
CLOCK = re.compile(r"(?<!\d)(?:[01]?\d|2[0-4])[:.hH時][0-5]\d(?!\d)")

ENTRY_TIME_CHARS = 40
"""A longer line isn't an entry's time alone."""

ENTRY_TIME_LETTERS = 14
"""Letters beside a clock time: "Updated" and a time zone, no sentence."""

HEADING_CHARS = 160
"""A longer line heads no entry."""
TEXT_WITHIN = 3
"""So many segments below its heading an entry's text begins: its time and who wrote it may stand between."""
ROW_OF_HEADINGS = 3
"""So many headings of one make over text are those of entries."""

NAME_CHARS = 60
"""A longer line is no author's name and role."""

_BYLINE = mark_bits()["byline"]
ASKING_BITS = _BYLINE | mark_bits()["promo"] | mark_bits()["share"] | mark_bits()["ad"]
"""The marks of what asks for something; only among elements with one are names looked at."""

_TITLE = mark_bits()["title"]
_SUBHEAD = KIND_CODES[BlockKind.SUBHEAD]
_CELL, _TABLE = KIND_CODES[BlockKind.TABLE_CELL], TAG_CODES["table"]


def is_entry_time(text: str, *, is_marked: bool = False) -> bool:
    """Whether a line of a live blog says when its entry was written: a clock time and hardly a word beside it.

    `is_marked`: its markup says that it is a time, so that "vor 5 Minuten" is one, too.

    >>> is_entry_time("12.15 Uhr"), is_entry_time("At 12:15 the council voted.")
    (True, False)
    """
    if len(text) > ENTRY_TIME_CHARS or not (is_marked or CLOCK.search(text)):
        return False
    return is_marked or sum(map(str.isalpha, text)) <= ENTRY_TIME_LETTERS


def entry_headings(segments: Segments, chosen: frozenset[int]) -> frozenset[int]:
    """The headings of a live blog's entries that the choice has left out, though the entries below them are text.

    Headings of one make (tag and marks of their element and of the one around it) stand over the text of entry after
    entry. One that is a link leads to another story, mostly, and what stands above no text heads what is none.
    """
    if not chosen:
        return frozenset()
    found: dict[tuple[int, ...], list[int]] = {}
    text = sorted(chosen)
    for place in range(max(0, min(chosen) - TEXT_WITHIN), max(chosen)):
        make = _heading_make(segments, place)
        below = (after in chosen for after in range(place + 1, place + 1 + TEXT_WITHIN))
        if make is not None and any(below) and _heads_text(segments, place, text):
            found.setdefault(make, []).append(place)
    rows = (row for row in found.values() if len(row) >= ROW_OF_HEADINGS)
    return frozenset(place for row in rows for place in row) - chosen


def _heads_text(segments: Segments, place: int, text: Sequence[int]) -> bool:
    """Whether a heading stands right among the text, of which the places are given in order, or in a box with the text
    below it and none above.

    A box of its own between two paragraphs is another story's.
    """
    at, behind = bisect_left(text, place), bisect_right(text, place)
    # The segments of a box lie side by side: if there is text above the heading in it, that right above is.
    above, below = text[max(0, at - 1) : at], text[behind : behind + 1]
    box = int(segments.parents[int(segments.elements[place])])
    for level in range(BOX_LEVELS):
        if box < 0:
            return False
        has_above, has_below = (
            any(box <= segments.elements[one] < segments.ends[box] for one in some) for some in (above, below)
        )
        if has_above or has_below:
            return level == 0 or not has_above
        box = int(segments.parents[box])
    return False


def _heading_make(segments: Segments, place: int) -> tuple[int, ...] | None:
    """Tag and marks of a heading's element and of the one around it; None for what is no heading, or a link."""
    length, element = len(segments.texts[place]), int(segments.elements[place])
    is_heading = segments.kinds[element] == _SUBHEAD or segments.marks[element] & _TITLE
    if not is_heading or length > HEADING_CHARS or 2 * segments.link_chars[place] > length:
        return None
    around = max(0, int(segments.parents[element]))
    return (
        int(segments.tags[element]),
        int(segments.marks[element]),
        int(segments.tags[around]),
        int(segments.marks[around]),
    )


def stands_by_image(segments: Segments, place: int) -> bool:
    """Whether a segment is the only text beside an image, in a box or a table of theirs: a caption without a name."""
    length = len(segments.texts[place])
    if not CAPTION_CHARS[0] <= length <= CAPTION_CHARS[1] or segments.link_chars[place] * 2 > length:
        return False
    element, ends = int(segments.elements[place]), segments.ends
    before = int(segments.elements[place - 1]) if place else -1
    after = int(segments.elements[place + 1]) if place + 1 < len(segments.elements) else -1
    # In a table of products every cell has an image and a text: of a table, the whole must be the box.
    in_table = segments.kinds[element] == _CELL
    box = element
    for _ in range(BOX_LEVELS):
        end = int(ends[box])
        if box <= 0 or box <= before < end or box <= after < end:
            return False
        if (not in_table or segments.tags[box] == _TABLE) and segments.images[box:end].any():
            return True
        box = int(segments.parents[box])
    return False


def stands_apart(segments: Segments, place: int) -> bool:
    """Whether a paragraph's own element or the one around it is named as one that asks for something, or a short one's
    own as a byline. Only to be asked of what the model is unsure of: sure text stands in elements of all names.
    """
    element = int(segments.elements[place])
    around = int(segments.parents[element])
    if not (segments.marks[element] | segments.marks[max(around, 0)]) & ASKING_BITS:
        return False
    if segments.marks[element] & _BYLINE and len(segments.texts[place]) <= NAME_CHARS:
        return True
    return is_named(segments, place, "plea")


def is_named(segments: Segments, place: int, table: str) -> bool:
    """Whether the name of a segment's element, or of the one around it, has a part that stands in a table of
    extraction_notices.toml.
    """
    element = int(segments.elements[place])
    names = [segments.name(at).lower() for at in (element, int(segments.parents[element])) if at > 0]
    return any(part in name for name in names for part in _parts(table))


@functools.cache
def _parts(table: str) -> tuple[str, ...]:
    text = resources.files("copydesk.data").joinpath("extraction_notices.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)[table]["phrases"])
