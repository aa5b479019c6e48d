"""Headlines: compared without typography, and freed of the site's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from copydesk.metadata.outlets import find_outlet, fold_name

# Typography that differs from source to source: quotes, dashes, spaces; soft hyphens and zero-width spaces go.
_QUOTES = (
    dict.fromkeys("\"'`´‘’‚‛“”„‟«»‹›′″「」『』", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"\u00a0": " ", "\u00ad": "", "\u200b": ""}
)
_ASCII = bytes(range(128))

# Matches what parts a headline from a site's name: " | ", " - ", " : ", " « ".  Not: the hyphen of "by-election".
_MARK = re.compile(r"\s[|–—·•»«:-]{1,3}\s|\s?\|\s?")
# What every such mark has: looked for first, as the pattern tries each blank.
_MARK_SIGN = re.compile(r"[|–—·•»«:-]")


@lru_cache(maxsize=256)
def fold_title(title: str) -> str:
    """The title for comparison: without case, typography and final full stop.

    >>> fold_title("‘No Option’ but War.") == fold_title("'no option' but war")
    True
    """
    # `translate` over a table costs thirty times as much as to replace the few marks that a title has.
    plain = title.replace('"', "'").replace("`", "'")
    if not plain.isascii():
        beyond = plain.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
        for mark in _QUOTES.keys() & set(beyond):
            plain = plain.replace(mark, _QUOTES[mark])
    return " ".join(plain.casefold().split()).rstrip(" .")


def strip_site_name(title: str, names: tuple[str, ...] = ()) -> str:
    """The title without a site's name or section at its end or start.

    A part is cut off if it is an outlet of the registry or one of `names` (the page's own site name, its
    domain). A part that is neither stays: "Obama - and his critics" has no site name in it.

    >>> strip_site_name("Ice is back | Lakeside Courier", ("Lakeside Courier",))
    'Ice is back'
    >>> strip_site_name("CNN Poll: who leads?")
    'CNN Poll: who leads?'
    """
    if not _MARK_SIGN.search(title) or not _MARK.search(title):
        return title.strip()
    known = {squeeze(n) for n in names if n}
    for _ in range(3):
        marks = list(_MARK.finditer(title))
        if not marks:
            break
        tail = title[marks[-1].end() :]
        head = title[: marks[0].start()]
        if _is_site(tail, known) and marks[-1].start():
            title = title[: marks[-1].start()]
        elif _is_site(head, known) and title[marks[0].end() :]:
            title = title[marks[0].end() :]
        else:
            break
    return title.strip()


def site_beside(title: str, headlines: Sequence[str]) -> str | None:
    """What stands beside the headline in a page's title, at its far end: the site's name; None if nothing does.

    Only a part that is one of the page's headlines tells which of the others isn't.

    >>> site_beside("Orrery – Bees do better on barges", ["Bees do better on barges"])
    'Orrery'
    >>> site_beside("Bees do better on barges | Life | Orrery", ["Bees do better on barges"])
    'Orrery'
    >>> site_beside("Bees on barges – a summer's tale", ["Bees on barges – a summer's tale"])
    """
    parts = [part.strip() for part in _MARK.split(title)]
    known = {fold_title(headline) for headline in headlines}
    if len(parts) < 2 or fold_title(title) in known:
        return None
    if fold_title(parts[0]) in known:
        return parts[-1] or None
    return parts[0] or None if fold_title(parts[-1]) in known else None


@lru_cache(maxsize=1024)
def squeeze(name: str) -> str:
    """The name without spaces and marks, as it stands in a domain.

    >>> squeeze("The Lakeside-Courier")
    'lakesidecourier'
    """
    return _NO_LETTER.sub("", fold_name(name))


# Matches what is neither letter nor digit.
_NO_LETTER = re.compile(r"[\W_]+")


def _is_site(part: str, known: set[str]) -> bool:
    squeezed = squeeze(part)
    return bool(squeezed) and (squeezed in known or (find_outlet(part) is not None and len(part) > 2))
