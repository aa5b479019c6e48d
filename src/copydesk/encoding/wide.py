"""UTF-16 and UTF-32 without a byte order mark, told by what the bytes would say."""

from __future__ import annotations

import unicodedata

from copydesk.encoding.labels import Encoding

CANDIDATES = (
    Encoding("utf-32le", "utf_32_le"),
    Encoding("utf-32be", "utf_32_be"),
    Encoding("utf-16le", "utf_16_le"),
    Encoding("utf-16be", "utf_16_be"),
)

SAMPLE_BYTES = 8_192
"""How much is looked at; a multiple of four, so no character of any candidate is cut."""

MIN_SENSIBLE_SHARE = 0.97
"""Share of characters that must be ones that text is written with. Text in the wrong byte order reads as rare CJK and
unassigned code points and stays below .7; binary data rarely decodes at all."""

MAX_SCRIPT_BLOCKS_SHARE = 0.12
"""Different 128-character blocks of the code space per character (beyond a handful). Text stays within few blocks,
random bytes don't; CJK, which spreads over many, is counted as one."""


def find_wide(content: bytes) -> Encoding | None:
    """The UTF-16 or UTF-32 that the content is in, None if it is in neither (or is no text).

    Only bytes with NULs are asked about: text in any other encoding has none, and wide text without
    a single one (no space, no full stop, no line end) is too rare to risk guessing at.

    >>> find_wide("Two words".encode("utf-16-be")).name
    'utf-16be'
    >>> find_wide(b"Two words") is None
    True
    """
    sample = content[:SAMPLE_BYTES]
    if b"\0" not in sample:
        return None
    scored = [(_sensible_share(sample, encoding), -rank) for rank, encoding in enumerate(CANDIDATES)]
    best, rank = max(scored)
    return CANDIDATES[-rank] if best >= MIN_SENSIBLE_SHARE else None


def _sensible_share(sample: bytes, encoding: Encoding) -> float:
    """Share of the sample's characters that text is written with; 0 where it doesn't decode."""
    width = 4 if "32" in encoding.name else 2
    if len(sample) % width:
        return 0.0
    try:
        text = sample.decode(encoding.codec)
    except UnicodeDecodeError as error:
        # A surrogate pair may be cut by the end of the sample.
        if error.start < len(sample) - 4:
            return 0.0
        text = sample[: error.start].decode(encoding.codec)
    if not text:
        return 0.0
    blocks = {_block(char) for char in text}
    if len(blocks) > 8 + MAX_SCRIPT_BLOCKS_SHARE * len(text):
        return 0.0
    return sum(map(_is_sensible, text)) / len(text)


def _is_sensible(char: str) -> bool:
    if char in "\t\n\r\f\ufeff":
        return True
    # Tibetan to Hangul Jamo and the rarer blocks up to general punctuation are what swapped bytes of ASCII read as.
    if char.isascii():
        return char.isprintable()
    return unicodedata.category(char)[0] in "LMNPSZ" and not _swapped_ascii(char)


def _swapped_ascii(char: str) -> bool:
    """Whether the character is what an ASCII character reads as in the wrong byte order (U+6100 for a)."""
    point = ord(char)
    return point & 0xFF == 0 and 0x09 <= point >> 8 < 0x7F


def _block(char: str) -> int:
    point = ord(char)
    return 0x4E00 if 0x2E80 <= point <= 0xD7FF or point >= 0x20000 else point >> 7
