"""The encoding of bytes that declare none, told from the letters: the one place where chardet is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from copydesk.encoding.labels import Encoding, encoding_of_codec
from copydesk.encoding.sparse import find_sparse, in_place_share

SAMPLE_BYTES = 200_000
"""How much is looked at. More doesn't change an answer, and chardet's cost grows with it."""

UNLIKELY = (
    *("cp1140", "cp424", "cp500", "cp875", "cp1026", "cp273"),
    *("hp-roman8", "ptcp154", "koi8-t", "kz1048", "cp720", "cp1006", "cp1125", "cp856", "cp864"),
    *("johab", "mac-iceland", "mac-turkish"),
)
"""Encodings that hardly any news was ever written in: EBCDIC, terminals and home computers. Left out unless the
detector is sure of one, since on short texts they take what belongs to others."""

MIN_UNLIKELY_CONFIDENCE = 0.3
"""Confidence (0 to 1) from which the detector is sure of one of those."""

UNSURE = 0.1
"""Certainty below which the place of few bytes says more than their frequency. chardet is at .02 for "El Niño" (and
answers ISO 8859-4), at .18 for a German sentence."""

MIN_GAIN = 0.1
"""Share of characters that must stand better than in the detector's answer. Names in brackets and tables cost a few
hundredths in any encoding; the wrong encoding costs half."""

MIN_CONFIDENCE = 0.05
"""Certainty below which an answer is none: random bytes come to .04, text of a dozen words to .15 and more."""

STANDARD = {
    "shift_jis_2004": Encoding("shift_jis", "cp932"),
    "euc_jis_2004": Encoding("euc-jp", "euc_jp"),
    "iso2022_jp_2": Encoding("iso-2022-jp", "iso2022_jp_ext"),
    "iso2022_jp_2004": Encoding("iso-2022-jp", "iso2022_jp_ext"),
}
"""Sets that the detector names where a text is in their common part, and the ones that such text was written in."""

# Matches <p class="a">; not 3 < 4 and 6 > 5, which has a blank behind the sign.
TAG = re.compile(rb"<[a-zA-Z/!?][^<>]*>")
# Matches the start of <script>var a = 1;</script>; not <p>script</p>.
SCRIPT = re.compile(rb"<(script|style)\b", re.IGNORECASE)
# Matches the indentation of markup; not a single line end. Blanks drown the letters as tags do: of 154 pages in
# 30 encodings 106 were told with them, 144 without.
BLANKS = re.compile(rb"[\t\n\f\r ]{2,}")
# Matches the escape sequences of ISO-2022 and the shifts of HZ; not a single tilde or brace.
SEVEN_BIT_SHIFT = re.compile(rb"\x1b[$(]|~\{")


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding that the content decodes in without error, with the detector's certainty (0 to 1)."""

    encoding: Encoding
    confidence: float
    text: str


def has_seven_bit_shift(content: bytes) -> bool:
    """Whether pure ASCII bytes may be ISO-2022 or HZ, whose letters are shifted into ASCII.

    >>> has_seven_bit_shift("日本".encode("iso2022_jp")), has_seven_bit_shift(b"plain (text)")
    (True, False)
    """
    return SEVEN_BIT_SHIFT.search(content) is not None


def detect(content: bytes, *, markup: bool) -> Guess | None:
    """The encoding that reads best, None where no answer fits.

    With `markup`, tags and scripts are left out first: they are ASCII and in English in every language, and
    drown the letters. The same bytes give the same answer on every run.

    >>> detect("Привет, это новость о погоде".encode("koi8-r"), markup=False).encoding.name
    'koi8-r'
    """
    # In ISO-2022 and HZ the brackets of tags are halves of letters.
    plain = not markup or content.isascii()
    sample = BLANKS.sub(b" ", content if plain else visible(content[: SAMPLE_BYTES * 2]))[:SAMPLE_BYTES]
    name, confidence = _ask(sample, ())
    if name in UNLIKELY and confidence < MIN_UNLIKELY_CONFIDENCE:
        name, confidence = _ask(sample, UNLIKELY)
    if name is None:
        return None
    encoding = encoding_of_codec(name)
    standard = STANDARD.get(encoding.codec)
    if standard is not None and _decode(content, standard) is not None:
        encoding = standard
    sparse = find_sparse(sample)
    if sparse and (confidence < UNSURE or _stands_better(sample, sparse, encoding)):
        encoding = sparse
    elif confidence < MIN_CONFIDENCE:
        return None
    text = _decode(content, encoding)
    return None if text is None else Guess(encoding, confidence, text)


def _stands_better(sample: bytes, sparse: Encoding, encoding: Encoding) -> bool:
    return in_place_share(sample, sparse) > in_place_share(sample, encoding) + MIN_GAIN


def _ask(sample: bytes, excluded: tuple[str, ...]) -> tuple[str | None, float]:
    """The detector's answer and certainty; no name where it takes the bytes for no text."""
    import chardet  # It takes .02 s, and nearly all bytes say what they are.

    found = chardet.detect(sample, compat_names=False, exclude_encodings=excluded or None, no_match_encoding="utf-8")
    return found["encoding"], float(found["confidence"])


def visible(content: bytes) -> bytes:
    """The bytes without scripts, styles and tags, for detection only.

    Multi-byte encodings keep their characters: none has `<` or `>` as a second byte.

    >>> visible(b"<p>a<script>b</script>c")
    b' a  c'
    """
    return TAG.sub(b" ", _without_scripts(content))


def _without_scripts(content: bytes) -> bytes:
    """One pass; a script that never ends takes the rest with it. A regex for the whole is quadratic on those."""
    lower = content.lower()
    parts = []
    start = 0
    while opening := SCRIPT.search(content, start):
        parts.append(content[start : opening.start()])
        start = lower.find(b"</" + opening[1].lower(), opening.end())
        if start < 0:
            return b" ".join(parts)
    return b" ".join([*parts, content[start:]])


def _decode(content: bytes, encoding: Encoding) -> str | None:
    try:
        return content.decode(encoding.codec)
    except (UnicodeDecodeError, UnicodeError):
        return None
