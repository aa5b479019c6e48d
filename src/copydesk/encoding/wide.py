"""UTF-16 and UTF-32 without a byte order mark, told by what the bytes would say."""

from __future__ import annotations

import re
import unicodedata

from copydesk.encoding.labels import UTF_8, Encoding

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

MAX_BLOCKS_SHARE = 0.12
"""Different 128-character blocks of the code space per character (beyond a handful). Text stays within few blocks,
random bytes don't; CJK, which spreads over many, is counted as one."""

MIN_NUL_SHARE = 0.25
"""Share of NULs below which bytes that are UTF-8 without them are UTF-8 with stray ones: any two ASCII letters are a
Chinese character in UTF-16. UTF-16 of ASCII letters has half NULs, of other letters bytes that are no UTF-8."""

# What East Asian text can't do without: kana, its own punctuation, Hangul. Matches 。 and の; not 慴 (bytes of "ta").
EAST_ASIAN = re.compile("[\u3001\u3002\uff0c\u3040-\u30ff\uac00-\ud7a3]")
MIN_EAST_ASIAN_SHARE = 0.02
"""Share of such characters in text of more than one alphabet, from which it is East Asian."""


def find_wide(content: bytes) -> Encoding | None:
    """The UTF-16 or UTF-32 that the content is in, None if it is in neither (or is no text).

    >>> find_wide("Two words".encode("utf-16-be")).name
    'utf-16be'
    >>> find_wide(b"Two words") is None
    True
    """
    sample = content[:SAMPLE_BYTES]
    if b"\0" not in sample:
        return _find_without_nuls(sample)
    if sample.count(0) < MIN_NUL_SHARE * len(sample) and _is_plain(sample.replace(b"\0", b"")):
        return None
    best = max(CANDIDATES, key=lambda encoding: _sensible_share(sample, encoding))
    return best if _sensible_share(sample, best) >= MIN_SENSIBLE_SHARE else None


def _find_without_nuls(sample: bytes) -> Encoding | None:
    """UTF-16 without a single space or full stop from ASCII.

    The bytes that say which script vary less than those that say which letter. They must be one or two (an alphabet)
    or give text that shows as East Asian.
    """
    if len(sample) % 2 or not _has_controls(sample) or _is_plain(sample):
        return None
    first, second = set(sample[::2]), set(sample[1::2])
    encoding, scripts = (CANDIDATES[2], second) if len(second) <= len(first) else (CANDIDATES[3], first)
    if _sensible_share(sample, encoding) < MIN_SENSIBLE_SHARE:
        return None
    text = sample.decode(encoding.codec, "ignore")
    one_alphabet = len(scripts) <= 2 and len(text) >= 4
    shows = len(EAST_ASIAN.findall(text)) >= MIN_EAST_ASIAN_SHARE * len(text)
    return encoding if one_alphabet or shows else None


CONTROLS = bytes([*range(0x09), *range(0x0E, 0x20)])
"""Bytes that no multi-byte encoding of East Asia has in text; UTF-16 has them in every other sentence."""


def _is_plain(sample: bytes) -> bool:
    """Whether the bytes are UTF-8 text without controls, but for a character cut at the end."""
    try:
        sample.decode(UTF_8.codec)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 3:
            return False
    return not _has_controls(sample)


def _has_controls(sample: bytes) -> bool:
    # Many times faster than to search for the first one.
    return len(sample.translate(None, CONTROLS)) < len(sample)


def _sensible_share(sample: bytes, encoding: Encoding) -> float:
    """Share of the sample's characters that text is written with; 0 where it doesn't decode."""
    width = 4 if "32" in encoding.name else 2
    sample = sample[: len(sample) // width * width]
    try:
        text = sample.decode(encoding.codec)
    except UnicodeDecodeError as error:
        # A surrogate pair may be cut by the end of the sample.
        if error.start < len(sample) - 4:
            return 0.0
        text = sample[: error.start].decode(encoding.codec)
    if not text or len({_block(char) for char in text}) > 8 + MAX_BLOCKS_SHARE * len(text):
        return 0.0
    return sum(map(_is_sensible, text)) / len(text)


def _is_sensible(char: str) -> bool:
    if char.isascii():
        return char in "\t\n\r\f" or char.isprintable()
    return char == "\ufeff" or (unicodedata.category(char)[0] in "LMNPSZ" and not _swapped_ascii(char))


def _swapped_ascii(char: str) -> bool:
    """Whether the character is what an ASCII character reads as in the wrong byte order (U+6100 for a).

    But for U+4E00, "one", which would be an N: it is among the commonest characters of Chinese.
    """
    point = ord(char)
    return char != "一" and point & 0xFF == 0 and 0x09 <= point >> 8 < 0x7F


def _block(char: str) -> int:
    point = ord(char)
    return 0x4E00 if 0x2E80 <= point <= 0xD7FF or point >= 0x20000 else point >> 7
