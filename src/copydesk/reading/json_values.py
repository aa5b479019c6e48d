"""JSON texts → values, without trusting them: no NaN, no object that says two things, no bottomless nesting."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from copydesk.article import Form, Refusal
from copydesk.encoding import decode
from copydesk.encoding.labels import codec_of
from copydesk.reading.refusals import Refused

CHUNK_BYTES = 1 << 18
"""What is read ahead at once; where a value is longer, as much again as is held of it."""

# Both match everywhere, were it nothing: the blanks before "{", a comma and its blanks between two values; not ",,".
BLANK = re.compile(r"[ \t\r\n\ufeff]*")
SEPARATOR = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*")


def parse_json(content: bytes) -> Any:
    """The value of one JSON text, in UTF-8, UTF-16 or UTF-32, or, where it is none of these, in what is detected.

    NaN and infinities, which JSON doesn't know but Python and pandas write for "missing", are null. An object
    that gives one name two different values is refused: nobody can know which one was meant.

    Raises Refused: `invalid_json` with place, `duplicate_keys`, `too_deep`.

    >>> parse_json(b'{"a": NaN, "b": [1]}')
    {'a': None, 'b': [1]}
    """
    return parse_text(json_text(content))


def json_text(content: bytes) -> str:
    """The text of JSON bytes. JSON is UTF-8 by its standard (RFC 8259, 8.1), but isn't always.

    Raises Refused where no encoding fits.
    """
    try:
        return content.decode(json.detect_encoding(content), "strict").removeprefix("\ufeff")
    except UnicodeDecodeError:
        decoded = decode(content, Form.TEXT)
    if isinstance(decoded, Refusal):
        raise Refused(decoded.code, decoded.detail)
    return decoded.text


def parse_text(text: str) -> Any:
    """As parse_json, from text.

    >>> parse_text('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    copydesk.reading.refusals.Refused: duplicate_keys: an object gives "a" twice, with different values
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Refused("invalid_json", f"{error.msg.removesuffix(' at')} at character {error.pos}") from error
    except RecursionError as error:
        raise Refused("too_deep", "nested deeper than can be followed") from error
    except ValueError as error:
        # An integer of more than 4,300 digits (sys.set_int_max_str_digits).
        raise Refused("invalid_json", str(error)) from error


def _null(_: str) -> None:
    return None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        for key, value in pairs:
            if values[key] != value:
                raise Refused("duplicate_keys", f'an object gives "{key[:80]}" twice, with different values')
    return values


_DECODER = json.JSONDecoder(parse_constant=_null, object_pairs_hook=_object)


def stream_list(stream: BinaryIO, max_bytes: int) -> Iterator[Any]:
    """The values of a list (or of values one after the other), one by one, whatever the size of the whole.

    At most one value and a chunk are held. A value of more than `max_bytes` characters is refused. Raises Refused
    at the first place that is no JSON; what stood before it has been given by then.

    >>> import io
    >>> list(stream_list(io.BytesIO(b'[{"a": 1}, 2]'), 100))
    [{'a': 1}, 2]
    """
    buffer = _Buffer(stream, max_bytes)
    closing = buffer.skip_opening()
    while buffer.has_more(closing):
        yield buffer.next_value()


class _Buffer:
    """The part of a JSON text that is being looked at. It grows while a value runs over its end."""

    def __init__(self, stream: BinaryIO, max_bytes: int) -> None:
        self._stream = stream
        self._max = max_bytes
        head = stream.read(CHUNK_BYTES)
        codec = _codec(head)
        # A stray byte in UTF-8 is windows-1252. Escaping it (surrogateescape) would make it look like JSON's "\udc80".
        self._decoder = codecs.getincrementaldecoder(codec)(WINDOWS_1252_STRAYS if codec == "utf_8" else "replace")
        self._text = self._decoder.decode(head)
        self._at = 0
        self._ended = False

    def skip_opening(self) -> bool:
        """Steps over the bracket; whether there was one."""
        self._fill()
        self._at = BLANK.match(self._text).end()  # type: ignore[union-attr]  # it matches any text, were it empty
        opened = self._text.startswith("[", self._at)
        self._at += opened
        return opened

    def has_more(self, closing: bool) -> bool:
        """Steps to the next value; whether there is one. The end must be a bracket if the start was one."""
        while True:
            # It matches any text, were it empty.
            self._at = SEPARATOR.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                break
            if not self._fill():
                if closing:
                    raise Refused("truncated", "the list has no end")
                return False
        return not (closing and self._text[self._at] == "]")

    def next_value(self) -> Any:
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                unfinished = error.pos >= len(self._text) - 16 or error.msg.startswith("Unterminated")
                if unfinished and self._fill():
                    continue
                message = error.msg.removesuffix(" at")
                raise Refused("invalid_json", f"{message}, in the value at character {self._at}") from error
            except RecursionError as error:
                raise Refused("too_deep", "nested deeper than can be followed") from error
            except ValueError as error:
                raise Refused("invalid_json", str(error)) from error
            if end == len(self._text) and self._fill():
                continue  # a number may go on in the next chunk
            self._at = end
            return value

    def _fill(self) -> bool:
        """Reads on, as much again as is held (so growing costs no more than reading); False at the end."""
        if self._ended:
            return False
        held = len(self._text) - self._at
        if held > self._max:
            raise Refused("too_large", f"more than {self._max:,} characters in one value")
        part = self._stream.read(max(CHUNK_BYTES, held))
        self._ended = not part
        self._text = self._text[self._at :] + self._decoder.decode(part, final=self._ended)
        self._at = 0
        return True


def _codec(head: bytes) -> str:
    """The codec of a JSON text, from its beginning: UTF-8, -16 or -32 by its first bytes, else what is detected."""
    codec = json.detect_encoding(head)
    if codec != "utf-8":
        return codec
    whole = head[: head.rfind(b"\n") + 1] or head
    decoded = decode(whole, Form.TEXT)
    return "utf_8" if isinstance(decoded, Refusal) else codec_of(decoded.encoding)


WINDOWS_1252_STRAYS = "copydesk-windows-1252"


def _stray(error: UnicodeError) -> tuple[str, int]:
    """What a byte that isn't UTF-8 means: windows-1252, or U+FFFD where that has none."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(WINDOWS_1252_STRAYS, _stray)


def canonical(value: Any) -> bytes:
    r"""A value as bytes that are the same whatever order its names came in: sorted, without blanks, UTF-8.

    >>> canonical({"b": 1, "a": "é"})
    b'{"a":"\xc3\xa9","b":1}'
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return text.encode("utf-8", "surrogatepass")


def _plain(value: Any) -> str:
    """What JSON has no form for: bytes by their digest, times and decimals as printed."""
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else str(value)
