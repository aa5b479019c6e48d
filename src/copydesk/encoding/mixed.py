"""Files in two encodings at once: UTF-8 with stray bytes, or lines of one encoding among lines of another."""

from __future__ import annotations

import re
from dataclasses import dataclass

from copydesk.encoding.detection import detect
from copydesk.encoding.labels import UTF_8, WINDOWS_1252, Encoding

# Matches the bytes of é, of ’ and of an emoji in UTF-8; not E9 alone. Shortest forms only (RFC 3629, section 4).
UTF_8_CHARACTER = re.compile(
    rb"""
      [\xc2-\xdf] [\x80-\xbf]
    | \xe0 [\xa0-\xbf] [\x80-\xbf]
    | [\xe1-\xec\xee\xef] [\x80-\xbf]{2}
    | \xed [\x80-\x9f] [\x80-\xbf]
    | \xf0 [\x90-\xbf] [\x80-\xbf]{2}
    | [\xf1-\xf3] [\x80-\xbf]{3}
    | \xf4 [\x80-\x8f] [\x80-\xbf]{2}
    """,
    re.VERBOSE,
)

# The beginning of a character whose end is lost. Matches E2 80 before a blank; not E9 92, which is é’ in windows-1252:
# a letter and a typographic sign stand side by side, a letter and a euro or per mille sign don't.
CUT_CHARACTER = re.compile(
    rb"""
      [\xe0-\xef] [\x80-\x84\x86-\x90\x98-\x9f\xa1-\xaa\xac-\xba\xbc-\xbf] (?! [\x80-\xbf])
    | [\xf0-\xf4] [\x80-\xbf]{1,2} (?! [\x80-\xbf])
    """,
    re.VERBOSE,
)

# Matches b"\xe9", in windows-1252 an é; not b"e".
HIGH_BYTE = re.compile(rb"[\x80-\xff]")

MIN_UTF_8_PER_STRAY = 2.0
"""Well-formed UTF-8 characters per other high byte from which the content is UTF-8 with strays. In text of a two-byte
encoding the ratio comes out below .3 by chance, in windows-1252 below .05."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """Text of two encodings, and the second one."""

    text: str
    second: Encoding


def decode_mixed(content: bytes) -> Mixture | None:
    """The text of content that is UTF-8 for the most part, None if it isn't or if the rest stays unreadable.

    Lines in which UTF-8 and other bytes meet are read character by character, with windows-1252 for the strays; lines
    without any UTF-8 are taken together and detected, so that a part pasted from a Russian file is read as Russian.

    >>> decode_mixed("“a” é ü ".encode() + "it’s".encode("cp1252")).text
    '“a” é ü it’s'
    """
    well_formed, strays = count_utf_8(content)
    if not strays or (well_formed < MIN_UTF_8_PER_STRAY * strays and not _by_lines(content)):
        return None
    lines = content.split(b"\n")
    foreign = [line for line in lines if count_utf_8(line)[0] == 0 and not line.isascii()]
    second = _foreign_encoding(foreign)
    if second is None:
        return None
    try:
        text = "\n".join(_decode_line(line, second) for line in lines)
    except UnicodeDecodeError:
        return None
    return Mixture(text, second)


def count_utf_8(content: bytes) -> tuple[int, int]:
    r"""How many well-formed UTF-8 characters of two bytes and more there are, and how many other high bytes.

    >>> count_utf_8("é’".encode() + b"\x92")
    (2, 1)
    """
    if content.isascii():
        return 0, 0
    rest, well_formed = UTF_8_CHARACTER.subn(b"", content)
    return well_formed, len(HIGH_BYTE.findall(rest))


def _by_lines(content: bytes) -> bool:
    """Whether whole lines are UTF-8 and whole lines are not, with hardly one in which both meet."""
    pure, foreign, both = 0, 0, 0
    for line in content.split(b"\n"):
        well_formed, strays = count_utf_8(line)
        # A short line can be UTF-8 by chance, three characters of it hardly.
        pure += well_formed >= 3 and not strays
        foreign += strays > 0 and not well_formed
        both += strays > 0 and well_formed > 0
    return pure >= 1 and both <= 0.1 * (pure + foreign)


def _foreign_encoding(lines: list[bytes]) -> Encoding | None:
    """What the lines that hold no UTF-8 are in: windows-1252 for a few strays, else what is detected."""
    text = b"\n".join(lines)
    if sum(len(HIGH_BYTE.findall(line)) for line in lines) < 8:
        return WINDOWS_1252
    guess = detect(text, markup=False)
    return guess.encoding if guess and guess.encoding != UTF_8 else None


def _decode_line(line: bytes, second: Encoding) -> str:
    if line.isascii():
        return line.decode("ascii")
    if not UTF_8_CHARACTER.search(line):
        return _decode_strays(line) if second == WINDOWS_1252 else line.decode(second.codec)
    parts = []
    end = 0
    for match in UTF_8_CHARACTER.finditer(line):
        parts += [_decode_strays(line[end : match.start()]), match[0].decode()]
        end = match.end()
    return "".join([*parts, _decode_strays(line[end:])])


def _decode_strays(strays: bytes) -> str:
    """Bytes between characters of UTF-8: windows-1252, and U+FFFD for what is left of a cut character."""
    return "\ufffd".join(part.decode(WINDOWS_1252.codec) for part in CUT_CHARACTER.split(strays))
