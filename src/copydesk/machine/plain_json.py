r"""Values ↔ JSON, for what only this program reads: quick, and without loss of half characters (lone surrogates), which
JSON may hold as `"\ud83d"` and UTF-8 may not.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

STRICTLY = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
"""Without it, values would be written that aren't read as what they were."""


def write_json(value: object) -> bytes:
    r"""The value as JSON; its numbers are finite.

    By orjson, which takes a seventh of the time that Python's own library does, and refuses half characters: these the
    library writes. Raises TypeError for what no JSON can hold.

    >>> write_json(["a", 1, None]), read_json(write_json(["half \ud83d"])) == ["half \ud83d"]
    (b'["a",1,null]', True)
    """
    try:
        return orjson.dumps(value, default=_as_list, option=STRICTLY)
    except orjson.JSONEncodeError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def tell_all(value: object) -> bytes:
    """All that a value says, dataclasses, dates and named tuples in it included: for a digest, since it isn't read as
    what it was.

    >>> from copydesk.article import Refusal
    >>> tell_all([Refusal("empty", "no bytes")])
    b'[{"code":"empty","detail":"no bytes"}]'
    """
    try:
        return orjson.dumps(value, default=_as_list)
    except orjson.JSONEncodeError:
        return repr(value).encode("utf-8", "surrogatepass")


def _as_list(value: object) -> list[object]:
    """A named tuple as a list: orjson leaves these to whoever calls it."""
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(value)


def read_json(data: bytes | memoryview) -> Any:
    """What `write_json` made these bytes of. Raises ValueError for what is no JSON."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        # Of bytes it would first be guessed how they are encoded.
        return json.loads(str(data, "utf-8", "surrogatepass"))
