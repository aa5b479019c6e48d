"""Rich Text Format → plain text: what services of the press and word processors save articles as."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace

from copydesk.encoding.labels import find_encoding
from copydesk.reading.fields import storable
from copydesk.reading.refusals import Refused

# RTF 1.9.1, "RTF Syntax": a control word with its number, a byte in hexadecimal digits, a symbol, a brace, text.
_TOKEN = re.compile(
    r"""\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})?[ ]? | \\'(?P<byte>[0-9A-Fa-f]{2}) | \\(?P<symbol>.)
    | (?P<brace>[{}]) | (?P<text>[^\\{}\r\n]+) | [\r\n]+""",
    re.VERBOSE | re.DOTALL,
)

LEFT_OUT = frozenset(
    """annotation atnauthor atnid colortbl datastore filetbl fldinst fonttbl footer footerf footerl footerr generator
    header headerf headerl headerr info latentstyles listoverridetable listtable nonshppict objdata pict
    revtbl rsidtbl stylesheet themedata xmlnstbl""".split()  # noqa: SIM905 - forty quotation marks say no more
)
"""Groups that hold no text of the document: tables of fonts, pictures, instructions, what stands on each page."""

TEXTS = {
    "par": "\n", "sect": "\n", "page": "\n", "line": "\n", "row": "\n", "cell": "\t", "tab": "\t", "emdash": "—",
    "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ",
    "enspace": " ", "qmspace": " ",
}  # fmt: skip
SYMBOLS = {"~": "\xa0", "_": "-", "\\": "\\", "{": "{", "}": "}", "\n": "\n", "\r": "\n"}

MAX_DEPTH = 1_000
"""Groups in groups."""


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside a pair of braces: whether its text counts, and how many letters stand in for one of Unicode."""

    counts: bool = True
    hidden: bool = False
    stand_ins: int = 1


def rtf_text(content: bytes) -> str:
    r"""The text of a document, a line per paragraph; "" where it has none.

    Raises Refused (`invalid_rtf`, `too_deep`).

    >>> rtf_text(rb"{\rtf1\ansi{\fonttbl\f0 Arial;}\b Ferry\b0  is back\par It\'92s bl\u252?e.}")
    'Ferry is back\nIt’s blüe.'
    """
    text = content.decode("latin-1")
    if not text.startswith("{\\rtf"):
        raise Refused("invalid_rtf", "doesn't begin as RTF does")
    reader = _Reader()
    at = 0
    while (token := _TOKEN.match(text, at)) and not reader.is_over:
        at = token.end() + reader.take(token)
    reader.end_bytes()
    return storable("".join(reader.parts))


@dataclass(slots=True)
class _Reader:
    """The text so far, the groups around the place that is read, and what is still to be passed over there.

    `waiting` holds bytes that may be the first of two of a character, `skip` how many letters only stand in for one of
    Unicode before them.
    """

    parts: list[str] = field(default_factory=list)
    waiting: bytearray = field(default_factory=bytearray)
    codec: str = "cp1252"
    groups: list[_Group] = field(default_factory=list)
    here: _Group = _Group()
    skip: int = 0
    is_over: bool = False

    def take(self, token: re.Match[str]) -> int:
        """How many letters behind the token are none of the document's."""
        if token["brace"]:
            self._take_brace(token["brace"])
        elif token["word"]:
            return self._take_word(token["word"], int(token["number"]) if token["number"] else None)
        elif token["symbol"] == "*":
            self.here = replace(self.here, counts=False)
        elif token["text"]:
            self._say_run(token["text"][self.skip :])
            self.skip = max(0, self.skip - len(token["text"]))
        elif self.skip:
            self.skip -= bool(token["byte"] or token["symbol"])
        elif token["byte"]:
            self._say_run(chr(int(token["byte"], 16)))
        elif token["symbol"]:
            self._say(SYMBOLS.get(token["symbol"], ""))
        return 0

    def _take_brace(self, brace: str) -> None:
        self.skip = 0
        if brace == "{":
            self.groups.append(self.here)
            if len(self.groups) > MAX_DEPTH:
                raise Refused("too_deep", f"groups nested more than {MAX_DEPTH} deep")
        else:
            self.here = self.groups.pop()
            self.is_over = not self.groups

    def _take_word(self, word: str, number: int | None) -> int:
        if word == "bin":
            return max(0, number or 0)
        if word == "u" and number is not None:
            self._say(chr(number & 0xFFFF))
            self.skip = self.here.stand_ins
        elif self.skip:
            self.skip -= 1
        elif word == "ansicpg" and number is not None:
            self.codec = _codec(number) or self.codec
        elif word == "mac":
            self.codec = "mac_roman"
        elif word in TEXTS:
            self._say(TEXTS[word])
        else:
            self.here = _after(word, number, self.here)
        return 0

    def _say(self, text: str) -> None:
        if self.here.counts and not self.here.hidden:
            self.end_bytes()
            self.parts.append(text)

    def _say_run(self, run: str) -> None:
        """Letters as they are; bytes above ASCII as those of the code page, which may take two for a letter."""
        if run.isascii() and not self.waiting:
            self._say(run)
        elif run and self.here.counts and not self.here.hidden:
            self.waiting += run.encode("latin-1")

    def end_bytes(self) -> None:
        """What waited is text now."""
        if self.waiting:
            self.parts.append(self.waiting.decode(self.codec, "replace"))
            self.waiting.clear()


def _after(word: str, number: int | None, here: _Group) -> _Group:
    """The group behind a control word."""
    if word in LEFT_OUT:
        return replace(here, counts=False)
    if word == "uc" and number is not None:
        return replace(here, stand_ins=max(0, min(number, 8)))
    if word in ("v", "plain"):
        return replace(here, hidden=word == "v" and number != 0)
    return here


def _codec(number: int) -> str | None:
    """The codec of a code page."""
    known = find_encoding(f"windows-{number}")
    return known.codec if known else _python_codec(number)


def _python_codec(number: int) -> str | None:
    try:
        return codecs.lookup(f"cp{number}").name
    except LookupError:
        return None
