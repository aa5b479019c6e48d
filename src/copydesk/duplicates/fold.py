"""What two spellings of one word have in common: the folding under which texts are compared.

Copies of a story differ in case, accents, ligatures, curly or straight quotes, invisible characters,
HTML escapes and in UTF-8 that was read as windows-1252. Folding makes these alike, character by
character, so that a table of characters is all that the compiled pass needs. The text itself is never changed.

- A word is a run of letters, marks and digits; everything else parts words, apostrophes too.
- Scripts that put no spaces between words (Chinese, Japanese, Thai, Khmer, Lao, Burmese) give a word per character.
- Letters are case-folded and lose their accents: a wire that can't print "é" sends "e". Accented
  letters are letters: "été" is one word, not a "t". Tried and rejected: leaving U+0080 to U+02FF out, which
  mends damaged quotes for nothing but tears every French and German word.
- Invisible characters (zero-width space, soft hyphen, byte order mark) vanish without parting a word.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

NORMALISER = f"fold/1 unicode/{unicodedata.unidata_version}"
"""Name of these rules, kept beside stored signatures: signatures of another folding can't be compared."""

UPPER_MARK = "\x01"
"""Stands before each letter that was a capital while a text is split; no folded text contains it."""

_SPACELESS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3031, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),  # half-width Katakana
    (0x1B000, 0x1B16F),
    (0x20000, 0x3FFFF),  # Han, planes 2 and 3
)

_SPACELESS_BEGINS = tuple(low for low, _ in _SPACELESS)

PLANES_END = 0x20000
"""Characters from here on are Han (to 0x3FFFF) or part words: no table is kept for them."""

CP1252 = {byte: ord(char) for byte in range(0x80, 0xA0) if (char := bytes([byte]).decode("cp1252", "ignore"))}
"""Bytes 0x80 to 0x9F as windows-1252 shows them; the undefined five stay control characters."""

# matches "&quot;", "&#8217;", "&#x27;"; not "AT&T" or "R & D;"
_ENTITY = r"&(?:\#(?P<decimal>[0-9]{1,7})|\#[xX](?P<hexadecimal>[0-9a-fA-F]{1,6})|[A-Za-z][A-Za-z0-9]{1,9});"
# matches "â€™" (a quote in UTF-8, read as windows-1252) and "Ã©" (é); not "âge" or "São"
_SHOWN = "\x80-\xbf" + "".join(map(chr, CP1252.values()))
_MISREAD = rf"(?P<quote>\xe2[\x80€](?s:.))|\xc2[\x80-\xbf]|\xc3(?P<letter>[{_SHOWN}])"
_DAMAGE = re.compile(f"{_ENTITY}|{_MISREAD}", re.VERBOSE)
_BYTES = {shown: byte for byte, shown in CP1252.items()}


def words(text: str) -> list[str]:
    r"""The folded words of a text in order; capitals carry `UPPER_MARK`.

    >>> [word.replace(UPPER_MARK, "") for word in words("L’Été: it&rsquo;s “ﬁne”, caf\u00c3\u00a9!")]
    ['l', 'ete', 'it', 's', 'fine', 'cafe']
    >>> words("東京 2024")
    ['東', '京', '2024']
    >>> words("--")
    []
    """
    return [word for word in _DAMAGE.sub(_mend, text).translate(_TABLE).split(" ") if word]


def _mend(match: re.Match[str]) -> str:
    decimal, hexadecimal, letter = match.group("decimal", "hexadecimal", "letter")
    if letter:
        byte = _BYTES.get(ord(letter), ord(letter))
        return chr(0xC0 | (byte & 0x3F))
    if not decimal and not hexadecimal:
        return " "
    point = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(point) if point < 0x110000 else " "


def fold(point: int) -> str:
    """What one character becomes: folded letters, "" if it vanishes, " " if it parts words.

    A character that is a word by itself comes between spaces.

    >>> fold(ord("É")), fold(ord("ß")), fold(0x200B), fold(ord("-")), fold(ord("京"))
    ('e', 'ss', '', ' ', ' 京 ')
    """
    char = chr(point)
    if point >= PLANES_END:
        return f" {char} " if point < 0x40000 else " "
    category = unicodedata.category(char)
    if category[0] in "LMN" and _is_spaceless(point):
        return f" {char} "
    if category == "Cf" or 0x0300 <= point <= 0x036F or 0xFE00 <= point <= 0xFE0F:
        return ""
    if category[0] in "CZ":
        return " "
    return _letters(char)


def _is_spaceless(point: int) -> bool:
    before = bisect_right(_SPACELESS_BEGINS, point)
    return before > 0 and point <= _SPACELESS[before - 1][1]


def _letters(char: str) -> str:
    if not unicodedata.decomposition(char) and char.casefold() == char:
        # Nearly all characters: there is nothing to take apart (Hangul, which is, would be put together again).
        return char if unicodedata.category(char)[0] in "LMN" else " "
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    bare = unicodedata.normalize("NFC", "".join(c for c in apart if not 0x0300 <= ord(c) <= 0x036F))
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in bare)


def is_capital(point: int) -> bool:
    """Whether a character is an upper-case or title-case letter."""
    return point < PLANES_END and unicodedata.category(chr(point)) in ("Lu", "Lt")


def is_digit(char: str) -> bool:
    """Whether a folded character makes its word a number: digits of any script, Roman signs, fractions."""
    return unicodedata.category(char)[0] == "N"


class _Table(dict[int, str]):
    """The folding as `str.translate` wants it, filled as characters turn up: at most one entry each."""

    def __missing__(self, point: int) -> str:
        folded = fold(point)
        if is_capital(point) and folded and " " not in folded:
            folded = UPPER_MARK + folded
        self[point] = folded
        return folded


_TABLE = _Table()


def is_number(word: str) -> bool:
    """Whether a folded word holds a digit.

    >>> is_number("3rd"), is_number("third")
    (True, False)
    """
    return any(map(is_digit, word))
