"""The encoding of bytes that declare none, told from the letters: the one place where chardet is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

import chardet

from copydesk.encoding.labels import WINDOWS_1252, Encoding, encoding_of_codec

SAMPLE_BYTES = 200_000
"""How much is looked at. More doesn't change an answer, and chardet's cost grows with it."""

EXCLUDED = ("cp1140", "cp424", "cp500", "cp875", "cp1026", "cp273", "utf-7", "hp-roman8", "ptcp154", "koi8-t")
"""Encodings in which no news was ever put on the web (EBCDIC, terminals of the eighties): only wrong answers come of
them."""

UNSURE = 0.1
"""Certainty below which a few letters of Western Europe are taken for what they most often are. chardet is at .02 for
"El Niño" (and answers ISO 8859-4), at .18 for a German sentence."""

MIN_CONFIDENCE = 0.05
"""Certainty below which an answer is none: random bytes come to .04, text of a dozen words to .15 and more."""

# Words of ASCII with single letters of Western Europe in windows-1252 among them, and its typographic signs.
# Matches El Ni\xf1o; not \xcf\xf0\xe8 (no three in a row in any of these languages).
WESTERN = re.compile(
    rb"""(?: [\x00-\x7f]
    | (?<![\x80-\xff])
    [\x80\x82\x84\x85\x91-\x97\x99\xa0\xa1\xa3\xa7\xa9\xab\xae\xb0\xb4\xb7\xbb\xbf\xc0-\xcf\xd1-\xd6\xd8-\xdc\xdf-\xef\xf1-\xf6\xf8-\xfc]{1,2}
      (?![\x80-\xff]) )*""",
    re.VERBOSE,
)

# Matches <p class="a">; not 3 < 4 and 6 > 5, which has a blank behind the sign.
TAG = re.compile(rb"<[a-zA-Z/!?][^<>]*>")
# Matches the start of <script>var a = 1;</script>; not <p>script</p>.
SCRIPT = re.compile(rb"<(script|style)\b", re.IGNORECASE)
# Matches the escape sequences of ISO-2022 and the shifts of HZ; not a single tilde or brace.
SEVEN_BIT_SHIFT = re.compile(rb"\x1b[$(]|~\{")


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding that the content decodes in without error, with the detector's certainty (0 to 1)."""

    encoding: Encoding
    confidence: float
    text: str


# Typographic signs and the no-break space in windows-1250 to 1258, which have them in the same places, alone or as a
# pair (a closing quotation mark behind a dash). Matches the 92 of it's; not the 92 E8 of two Thai letters.
TYPOGRAPHIC = re.compile(
    rb"(?<![\x80-\xff]) [\x80\x82\x84\x85\x91-\x97\x99\xa0\xa9\xae] {1,2} (?![\x80-\xff])", re.VERBOSE
)


def is_typographic(content: bytes) -> bool:
    """Whether nothing above ASCII is in the content but quotation marks, dashes and the like of the Windows encodings.

    So few bytes are too little for statistics: chardet takes the two of “Hi” for letters of a Baltic DOS table.

    >>> is_typographic("“It’s” – 5 €".encode("cp1252")), is_typographic("Café".encode("cp1252"))
    (True, False)
    """
    return not content.isascii() and TYPOGRAPHIC.sub(b"", content).isascii()


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
    sample = visible(content[: SAMPLE_BYTES * 2]) if markup else content
    for excluded in (EXCLUDED, EXCLUDED + _RARE):
        found = chardet.detect(
            sample[:SAMPLE_BYTES],
            prefer_superset=True,
            compat_names=False,
            exclude_encodings=excluded,
            no_match_encoding="utf-8",
        )
        name = found["encoding"]
        if name is None:
            return None
        encoding = encoding_of_codec(name)
        confidence = float(found["confidence"])
        if confidence < UNSURE and WESTERN.fullmatch(sample):
            encoding = WINDOWS_1252
        elif confidence < MIN_CONFIDENCE:
            return None
        text = _decode(content, encoding)
        if text is not None:
            return Guess(encoding, confidence, text)
    return None


_RARE = ("cp720", "cp1006", "cp1125", "cp864", "cp856", "johab", "mac-iceland", "mac-turkish")


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
