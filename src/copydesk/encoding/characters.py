"""Characters that nobody sees: which of them a script needs, and what becomes of the others."""

from __future__ import annotations

import re
import unicodedata

# One class per kind, spelled as ranges of code points; Unicode 15, chapters 5.8 and 23.
CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x9f"
LINE_SEPARATORS = "\x0b\x0c\x85\u2028\u2029"
NO_BREAK_SPACES = "\xa0\u2007\u202f"
ALWAYS_REMOVED = "\xad\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffc"
DIRECTION_MARKS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
TAGS = "\U000e0001-\U000e007f"

SPACELESS = "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u3040-\u30ff\u4e00-\u9fff"
"""Scripts in which U+200B marks where a word ends: Thai, Lao, Tibetan, Myanmar, Khmer, Tai; and Japanese and
Chinese."""
JOINING = "\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufeff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af\u1b00-\u1b7f"
"""Scripts in which joiner and non-joiner change the shape of letters: Arabic, Syriac, N'Ko, the Indic ones, Myanmar,
Khmer, Mongolian, Balinese."""
RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
PICTURES = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff\ufe0f\u20e3"
"""What emoji are made of, the variation selector that follows them among it."""

# Matches the colour sequence ESC [ 1 ; 31 m; not a lone ESC.
TERMINAL_ESCAPE = re.compile("\x1b\\[[0-9;]{0,20}[A-Za-z]")
# Matches a CR, a CR LF or U+2028 with the blanks around it; not a line feed alone.
LINE_BREAK = re.compile(f"[ \t]{{0,16}}(?:\r\n?|[{LINE_SEPARATORS}])[ \t]{{0,16}}")
# Matches a letter of Hebrew or Arabic; not a Latin one.
HAS_RIGHT_TO_LEFT = re.compile(f"[{RIGHT_TO_LEFT}]")
# Matches the non-joiner behind "auf"; not that behind a Persian letter.
NON_JOINER = re.compile(f"(?<![{JOINING}])\u200c")
# Matches the joiner behind "a", or between a picture and a letter; not that in an emoji of a family.
JOINER = re.compile(f"(?<![{JOINING}{PICTURES}])\u200d|(?<=[{PICTURES}])\u200d(?![{PICTURES}])")
# Matches it in "news\u200bpaper"; not between two Thai words.
ZERO_WIDTH_SPACE = re.compile(f"(?<![{SPACELESS}])\u200b(?![{SPACELESS}])")
# Matches tags that hang on nothing, in which text can be hidden; not those of the flag of Scotland.
TAG_OUTSIDE_FLAG = re.compile(f"(?<![\U0001f3f4{TAGS}])[{TAGS}]+")
# The next four match one character each, or blanks before a line feed; never a letter.
REMOVED = re.compile(f"[{CONTROLS}{ALWAYS_REMOVED}]")
DIRECTION = re.compile(f"[{DIRECTION_MARKS}]")
SPACE = re.compile(f"[{NO_BREAK_SPACES}\t]")
TRAILING = re.compile(" {1,64}(?=\n)")


def clean_characters(text: str) -> tuple[str, tuple[str, ...]]:
    r"""The text in NFC without characters that nobody sees and no script needs, and the names of the rules that did it.

    No-break spaces and tabs become spaces, line separators line feeds. Soft hyphens, byte order marks and controls go;
    zero-width characters stay where they carry meaning: the non-joiner in Persian, the joiner in Indic scripts and in
    emoji, direction marks in text that runs from right to left. Blanks around the text and before line ends go.

    >>> clean_characters("co\u00adop\u00a0shop ")
    ('coop shop', ('invisible/1', 'spaces/1'))
    >>> clean_characters("می\u200cشود")[1]
    ()
    """
    rules = []
    for name, step in STEPS if has_invisible(text) else ALWAYS:
        changed = step(text)
        if changed != text:
            rules.append(name)
            text = changed
    return text, tuple(rules)


def has_invisible(text: str) -> bool:
    """Whether anything but printable characters, spaces and line feeds is in the text: many times faster than a search.

    Python calls printable what is no separator but the space, no control, format, surrogate, private or unassigned one.
    """
    return not text.replace("\n", " ").isprintable() or OBJECT in text


OBJECT = "\ufffc"
"""Stands where a picture stood. A symbol to Unicode, so printable to Python."""


def _line_breaks(text: str) -> str:
    return LINE_BREAK.sub("\n", text)


def _remove(text: str) -> str:
    text = REMOVED.sub("", TERMINAL_ESCAPE.sub("", text))
    for pattern in (NON_JOINER, JOINER, ZERO_WIDTH_SPACE, TAG_OUTSIDE_FLAG):
        text = pattern.sub("", text)
    return text if HAS_RIGHT_TO_LEFT.search(text) else DIRECTION.sub("", text)


def _plain_spaces(text: str) -> str:
    return _trim(SPACE.sub(" ", text))


def _trim(text: str) -> str:
    return (TRAILING.sub("", text) if " \n" in text else text).strip(" \n")


def _normalise(text: str) -> str:
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


ALWAYS = (("spaces/1", _trim), ("nfc/1", _normalise))
STEPS = (("line-ends/1", _line_breaks), ("invisible/1", _remove), ("spaces/1", _plain_spaces), ("nfc/1", _normalise))
"""The order matters: line separators are told from other controls first, and NFC sees no character that is about to
go."""
