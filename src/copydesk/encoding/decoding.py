"""Bytes → text: which encoding is believed, in which order, and when none is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ftfy.badness import badness

from copydesk.article import Form, Refusal
from copydesk.encoding.declared import byte_order_mark, declared_in_markup
from copydesk.encoding.detection import Guess, detect, has_seven_bit_shift
from copydesk.encoding.labels import UTF_8, WINDOWS_1252, Encoding, find_encoding
from copydesk.encoding.mixed import count_utf_8, decode_mixed
from copydesk.encoding.wide import find_wide

MIN_UTF_8_CHARACTERS = 3
"""Well-formed UTF-8 characters that outweigh a declaration of a two-byte encoding. "联通" in GBK is one of the words
that are well-formed UTF-8 by accident; three characters in a row, and nothing else above ASCII, are none."""

MAX_UNREADABLE_SHARE = 0.001
"""Share of bytes that may be unreadable in an encoding that is both declared and detected: pages cut in
the middle of a two-byte character by a length limit. More than that is another encoding."""

CONTROLS = bytes({*range(0x20)} - set(b"\t\n\f\r\x0e\x0f\x1b"))
"""Control characters that text doesn't have. Escape and the shifts 0E and 0F are those of ISO-2022."""

MAX_CONTROL_SHARE = 0.02
"""Share of control bytes from which content is binary. Broken text has a stray one here and there."""

# Matches CR LF and a CR alone; not a line feed.
LINE_END = re.compile("\r\n?")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in (the standard's name), and how that was told.

    `how` is `bom`, `declared`, `meta`, `utf-8`, `wide`, `detected` or `mixed`; for `mixed`, `encoding` names both.
    `utf_8` is the text as UTF-8 where the content was just that: who needs it needn't write it again.
    """

    text: str
    encoding: str
    how: str
    utf_8: bytes | None = field(default=None, repr=False, compare=False)


def decode(content: bytes, form: Form | None = None, declared: str | None = None) -> Decoded | Refusal:
    r"""The text of the content, or why there is none. Line ends of plain text come out as line feeds.

    `form` None takes content that begins with `<` for markup, `declared` is a charset that came with it.

    The order is the HTML standard's (https://html.spec.whatwg.org/#determining-the-character-encoding): byte order
    mark, what the transport declared, what the page declares, UTF-8, detection. Unlike a browser we believe no
    declaration that the bytes contradict: it has to decode them without error, and content that is well-formed UTF-8
    is UTF-8 whatever it is said to be. What can't be told is refused, never read as latin-1. Empty content is empty.

    >>> decode("Müller: „ja“".encode("cp1252"), Form.TEXT, "iso-8859-1")
    Decoded(text='Müller: „ja“', encoding='windows-1252', how='declared')
    >>> decode(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe\xd8", Form.TEXT).code
    'binary'
    """
    if form is None:
        form = Form.HTML if content.lstrip()[:1] == b"<" else Form.TEXT
    decoded = _decode(content, form, declared)
    if isinstance(decoded, Refusal) or form is Form.HTML:
        return decoded
    return Decoded(LINE_END.sub("\n", decoded.text), decoded.encoding, decoded.how)


def _decode(content: bytes, form: Form, declared: str | None) -> Decoded | Refusal:
    if marked := _decode_marked(content):
        return marked
    if wide := find_wide(content):
        return Decoded(content.decode(wide.codec, "replace"), wide.name, "wide")
    if _is_binary(content):
        return Refusal("binary", "holds control bytes that no text has")
    if content.isascii() and not has_seven_bit_shift(content):
        return Decoded(content.decode("ascii"), UTF_8.name, "utf-8", content)
    declarations = tuple(_declarations(content, form, declared))
    for encoding, how in declarations:
        text = _believed(content, encoding)
        if text is not None:
            return Decoded(text, encoding.name, how, content if encoding == UTF_8 else None)
    if not content.isascii() and (text := _strictly(content, UTF_8)) is not None:
        return Decoded(text, UTF_8.name, "utf-8", content)
    return _decode_undeclared(content, form, tuple(encoding for encoding, _ in declarations))


def _decode_marked(content: bytes) -> Decoded | None:
    """The text behind a byte order mark; None without one, or where what follows isn't what it says."""
    if (found := byte_order_mark(content)) is None:
        return None
    mark, encoding = found
    text = _strictly(content[len(mark) :], encoding)
    if text is not None:
        return Decoded(text, encoding.name, "bom")
    if encoding == UTF_8:
        mixture = decode_mixed(content[len(mark) :])
        return Decoded(mixture.text, f"utf-8+{mixture.second.name}", "mixed") if mixture else None
    # A file cut in the middle of a character: at most three bytes at its end are lost.
    cut = content[len(mark) : len(content) - (len(content) - len(mark)) % (4 if "32" in encoding.name else 2)]
    text = _strictly(cut, encoding)
    return Decoded(text, encoding.name, "bom") if text is not None else None


def _declarations(content: bytes, form: Form, declared: str | None) -> Iterator[tuple[Encoding, str]]:
    if declared and (encoding := find_encoding(declared)):
        yield encoding, "declared"
    if form is Form.HTML:
        for encoding in declared_in_markup(content):
            yield encoding, "meta"


def _believed(content: bytes, encoding: Encoding) -> str | None:
    """The text in the declared encoding; None if the bytes contradict the declaration."""
    if encoding.codec.startswith("utf_16"):
        return None  # would have been seen: a mark, or NULs
    if encoding != UTF_8:
        well_formed, strays = count_utf_8(content)
        single_byte = encoding.codec.startswith(("cp125", "iso8859", "koi8", "mac", "cp866", "cp874"))
        if well_formed >= (1 if single_byte else MIN_UTF_8_CHARACTERS) and not strays:
            return None
    text = _strictly(content, encoding)
    if text is None or (encoding != UTF_8 and not content.isascii() and _looks_mixed(content, text)):
        return None
    return text


def _looks_mixed(content: bytes, text: str) -> bool:
    """Whether the content is mostly UTF-8 all the same, with strays that made it fail as such."""
    well_formed, strays = count_utf_8(content)
    return well_formed >= 2 * strays and badness(text) > 0


def _decode_undeclared(content: bytes, form: Form, declared: tuple[Encoding, ...]) -> Decoded | Refusal:
    if (text := _but_for_the_end(content)) is not None:
        return Decoded(text, UTF_8.name, "utf-8")
    mixture = decode_mixed(content)
    if mixture:
        return Decoded(mixture.text, f"utf-8+{mixture.second.name}", "mixed")
    guess = detect(content, markup=form is Form.HTML)
    if guess is not None:
        return _guessed(content, guess)
    for encoding in declared:
        text = content.decode(encoding.codec, "replace")
        if text.count("\ufffd") <= max(1, MAX_UNREADABLE_SHARE * len(content)):
            return Decoded(text, encoding.name, "declared")
    return Refusal("unknown_encoding", "no encoding reads these bytes as text")


def _but_for_the_end(content: bytes) -> str | None:
    """UTF-8 that was cut in the middle of its last character, without that; None for anything else."""
    try:
        content.decode(UTF_8.codec)
    except UnicodeDecodeError as error:
        # A lone é at the end of windows-1252 looks the same: there must be other characters that prove UTF-8.
        if error.reason == "unexpected end of data" and not content[: error.start].isascii():
            return content[: error.start].decode(UTF_8.codec)
    return None


def _guessed(content: bytes, guess: Guess) -> Decoded:
    """What was detected, unless it reads UTF-8 characters among it as mojibake: then windows-1252 with UTF-8 inside."""
    well_formed, _ = count_utf_8(content)
    if well_formed and guess.encoding == WINDOWS_1252 and badness(guess.text):
        mixture = decode_mixed(content)
        if mixture:
            return Decoded(mixture.text, f"utf-8+{mixture.second.name}", "mixed")
    return Decoded(guess.text, guess.encoding.name, "detected")


def _strictly(content: bytes, encoding: Encoding) -> str | None:
    try:
        return content.decode(encoding.codec)
    except UnicodeError:
        return None


def _is_binary(content: bytes) -> bool:
    sample = content[:65_536]
    return len(sample) - len(sample.translate(None, CONTROLS)) > MAX_CONTROL_SHARE * len(sample)
