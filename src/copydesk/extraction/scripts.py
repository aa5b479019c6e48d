"""JSON-LD scripts as data, each read once: the facts of a page and its metadata stand in the same ones."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

MAX_JSON_CHARS = 2_000_000
"""A longer script is refused. The longest of the page sets has 400,000 characters."""

KEPT_SCRIPTS = 8
"""Scripts whose data are kept: those of one page, nearly always. More would only hold memory."""

# Matches what JSON forbids inside strings and pages print: raw control characters.  Not: letters.
CONTROL = re.compile(r"[\x00-\x1f]+")
# Matches a comma before a closing bracket.  Not: a comma between values.
LAST_COMMA = re.compile(r",\s*(?=[\]}])")

# What old pages wrap around scripts, at the start and at the end.
_OPENINGS = ("<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "<![CDATA[")
_ENDINGS = ("-->", "//]]>", "// ]]>", "/*]]>*/", "]]>", "//", ";")


@functools.lru_cache(maxsize=KEPT_SCRIPTS)
def load_script(script: str) -> tuple[Any, str | None]:
    """The data of a script, with the usual faults mended, or None and why there are none. Nobody may change the data.

    >>> load_script('<!-- {"headline": "Ice is back",} -->')
    ({'headline': 'Ice is back'}, None)
    >>> load_script("Ice is back")
    (None, 'refused: not JSON')
    """
    if len(script) > MAX_JSON_CHARS:
        return None, "refused: too large"
    text = _unwrap(script)
    if not text:
        return None, None
    try:
        try:
            return json.loads(text, strict=False), None
        except ValueError:
            return json.loads(LAST_COMMA.sub("", CONTROL.sub(" ", text)), strict=False), None
    except ValueError:
        return None, "refused: not JSON"
    except RecursionError:
        return None, "refused: nested too deep"


def _unwrap(script: str) -> str:
    text = script.strip()
    for opening in _OPENINGS:
        text = text.removeprefix(opening).lstrip()
    for ending in _ENDINGS:
        text = text.removesuffix(ending).rstrip()
    return text
