"""Plain text → blocks: what a paragraph is in text that people pasted.

Pasted text has each paragraph on a line of its own, or blank lines between paragraphs, or lines that were
broken at 60 to 80 columns by a mail program, or the first for the head and the second for the body.
One rule serves all: a line end is the end of a paragraph unless the line was broken *because it was full*.
"""

from __future__ import annotations

import re
from itertools import pairwise

from copydesk.article import Block, BlockKind

MIN_WRAP_CHARS = 40
"""No mail program breaks lines earlier; verse and lists do."""
MAX_WRAP_CHARS = 100
"""Later breaks than this are not made by programs that count columns (the common ones are 65 to 80)."""
MIN_WRAPPED_BREAKS = 3
"""With fewer full lines, the text may be a few short paragraphs that happen to be as long as each other."""

MAX_SUBHEAD_CHARS = 80
"""A longer line above a paragraph is a paragraph, too."""

_NEWLINES = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""Every line end that Unicode and old systems know: what `str.splitlines` parts lines at."""
# Matches two and more spaces or any tab inside a line.  Not: one space, a no-break space.
_SPACES = re.compile(r"[ \t]*\t[ \t]*|  +")
# Matches: "- Bread", "• Bread", "3) Bread", "3. Bread".  Not: "3.5 per cent", "-5 degrees".
_LIST_MARK = re.compile(r"(?:[-*•‣▪◦·–]|\d{1,2}[.)])\s+\S")

_PARAGRAPH, _SUBHEAD, _LIST_ITEM = BlockKind.PARAGRAPH, BlockKind.SUBHEAD, BlockKind.LIST_ITEM
"""To ask the enumeration takes as long as to make half a block."""
_MARGIN = " \t\u00a0\u3000\ufeff\u200b"


def split(text: str) -> tuple[Block, ...]:
    r"""The paragraphs, subheads and list items of a plain text, in order; none for an empty text.

    Every word of the text is in exactly one block.

    >>> [block.text for block in split("Ice is back\n\nBy Jane Roe\nThe lake froze on Monday.\n")]
    ['Ice is back', 'By Jane Roe', 'The lake froze on Monday.']
    """
    lines = text.splitlines()
    if not text or text[-1] in _NEWLINES:
        lines.append("")
    begun = 0
    stripped = [line.strip(_MARGIN) for line in lines]
    if stripped != lines and ("\n " in text or "\n\t" in text):
        lines, begun = _parted_at_indents(lines)
        stripped = [line.strip(_MARGIN) for line in lines]
    width = _wrap_width(lines[begun:], stripped[begun:])
    paragraphs = _join(lines, width) if width else [_fold(line) for line in stripped if line]
    kept = [p for p in paragraphs if p]
    return tuple([Block(p, _PARAGRAPH if _is_prose(p) else _kind(kept, at)) for at, p in enumerate(kept)])


def _is_prose(paragraph: str) -> bool:
    """Whether a paragraph is too long for a subhead and begins with no mark: most need no look at their neighbours."""
    return len(paragraph) > MAX_SUBHEAD_CHARS and paragraph[0].isalpha()


def _fold(stripped: str) -> str:
    return _SPACES.sub(" ", stripped) if "  " in stripped or "\t" in stripped else stripped


def _parted_at_indents(lines: list[str]) -> tuple[list[str], int]:
    """The lines with a blank one before each indented one, where indents begin paragraphs, and the first such place.

    They do where lines without an indent follow on them, as agencies and books print it; not in a text that is
    indented as a whole. Whether those lines go on with the paragraph is seen by their width: in verse they don't.
    """
    indented = [line[:1] in (" ", "\t") and bool(line.strip(_MARGIN)) for line in lines]
    followed = [at for at, line in enumerate(lines[1:]) if indented[at] and not indented[at + 1] and line]
    if len(followed) < MIN_WRAPPED_BREAKS:
        return lines, 0
    parted = [
        part for line, begins in zip(lines, indented, strict=True) for part in (("", line) if begins else (line,))
    ]
    return parted, indented.index(True)


def _wrap_width(lines: list[str], stripped: list[str]) -> int | None:
    """The column at which the text was broken by a program, or None if it wasn't.

    A few lines may be longer (a URL, a headline), so widths near the longest are tried downwards.
    """
    breaks = sum([bool(line and after) for line, after in pairwise(stripped)])
    if breaks < MIN_WRAPPED_BREAKS:
        return None
    lengths = sorted(map(len, stripped))
    if lengths[len(lengths) // 2] > MAX_WRAP_CHARS:
        return None
    longest = [n for n in lengths if n <= MAX_WRAP_CHARS]
    for width in dict.fromkeys(reversed(longest[-12:])):
        if width >= MIN_WRAP_CHARS and _is_wrapped(lines, width):
            return width
    return None


def _is_wrapped(lines: list[str], width: int) -> bool:
    """Whether most line ends inside chunks are there because the next word had no room."""
    full = open_ends = breaks = 0
    for line, after in pairwise(lines):
        if not line.strip(_MARGIN) or not after.strip(_MARGIN):
            continue
        breaks += 1
        if _is_full(line, after, width):
            full += 1
            open_ends += line.rstrip(_MARGIN)[-1] not in '.!?:”"»…'
    return full >= MIN_WRAPPED_BREAKS and full >= 0.6 * breaks and open_ends >= 0.6 * full


def _is_full(line: str, after: str, width: int) -> bool:
    """Whether the first word of the next line would have gone beyond the width."""
    length = len(line.strip(_MARGIN))
    words = after.split(maxsplit=1)
    if length > width or not words or (after[:1] in (" ", "\t") and not line[:1].isspace()):
        return False
    # Over a line without one, an indent is part of the line that was filled.
    filled = length if after[:1].isspace() else len(line.rstrip(_MARGIN))
    return filled + 1 + len(words[0]) > width and not _LIST_MARK.match(after.strip(_MARGIN))


def _join(lines: list[str], width: int) -> list[str]:
    """The lines with those joined that were broken at the width."""
    paragraphs: list[list[str]] = [[]]
    for at, line in enumerate(lines):
        folded = _fold(line.strip(_MARGIN))
        if folded:
            paragraphs[-1].append(folded)
        if not folded or at + 1 == len(lines) or not lines[at + 1].strip() or not _is_full(line, lines[at + 1], width):
            paragraphs.append([])
    return [" ".join(p) for p in paragraphs]


def _kind(paragraphs: list[str], at: int) -> BlockKind:
    """A subhead is a short line without a full stop before a long one; a list item has a neighbour with a mark too."""
    text = paragraphs[at]
    if not text[0].isalpha() and _LIST_MARK.match(text):
        beside = paragraphs[max(0, at - 1) : at] + paragraphs[at + 1 : at + 2]
        if any(_LIST_MARK.match(p) for p in beside):
            return _LIST_ITEM
    following = paragraphs[at + 1] if at + 1 < len(paragraphs) else ""
    if len(text) <= MAX_SUBHEAD_CHARS and len(following) > 2 * len(text) and following[-1:] in '.”"?!' and _heads(text):
        return _SUBHEAD
    return _PARAGRAPH


def _heads(text: str) -> bool:
    words = text.split()
    return len(words) <= 12 and text[-1] not in '.,;:!…”"' and not text[0].islower() and text[0].isalnum()
