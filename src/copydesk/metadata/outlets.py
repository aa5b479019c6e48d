"""The registry of outlets: names and aliases as readers know them, by name and by domain.

An unknown outlet keeps the name that the page or the text prints, cleaned. Names that several
outlets share (`The Standard`) give no domain unless the URL says which one it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from copydesk.metadata.words import byline_words, read_rows


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher as readers know it. `zone` is an IANA name, `date_order` one of dmy, mdy, ymd."""

    name: str
    domain: str | None
    language: str | None = None
    country: str | None = None
    date_order: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class _Registry:
    by_name: dict[str, Outlet]
    by_domain: dict[str, Outlet]


@cache
def _registry() -> _Registry:
    by_name: dict[str, Outlet] = {}
    by_domain: dict[str, Outlet] = {}
    shared: dict[str, Outlet] = {}
    for row in read_rows("outlets.csv"):
        domains = row["domains"].split(";")
        outlet = Outlet(row["name"], domains[0], row["language"], row["country"], row["date_order"], row["zone"])
        by_domain.update(dict.fromkeys(domains, outlet))
        names = [row["name"], *filter(None, row["aliases"].split(";"))]
        if row["region"]:
            shared.setdefault(fold_name(row["name"]), Outlet(row["name"], None))
            names = names[1:]
        for name in names:
            by_name.setdefault(fold_name(name), outlet)
    return _Registry(shared | by_name, by_domain)


def fold_name(name: str) -> str:
    """The name for look-up: without case, article, curly quotes and outer punctuation.

    >>> fold_name("The Foreign Affairs.")
    'foreign affairs'
    """
    folded = name.replace("’", "'").casefold().strip(" .,:;|-–—•·\"“”'")
    return " ".join(folded.removeprefix("the ").split())


@lru_cache(maxsize=1024)
def find_outlet(name: str) -> Outlet | None:
    """The outlet of the registry that goes by this name or alias, or None.

    >>> find_outlet("CNN.com International").name
    'CNN'
    >>> find_outlet("Lakeside Courier") is None
    True
    """
    if len(name) > 60:
        return None
    return _registry().by_name.get(fold_name(name))


@lru_cache(maxsize=256)
def outlet_of_host(host: str | None) -> Outlet | None:
    """The outlet of the registry that this host belongs to, by the longest known domain.

    >>> outlet_of_host("edition.cnn.com").name
    'CNN'
    >>> outlet_of_host("notcnn.com") is None
    True
    """
    if not host or len(host) > 253:
        return None
    labels = host.casefold().strip(".").split(".")
    for start in range(len(labels) - 1):
        outlet = _registry().by_domain.get(".".join(labels[start:]))
        if outlet:
            return outlet
    return None


# Second-level labels under which anybody registers: `news.example.co.uk` is of `example.co.uk`.
_SHARED_SECOND = frozenset(["co", "com", "org", "net", "gov", "edu", "ac", "gob", "gouv", "or", "ne", "go"])


def registrable_domain(host: str) -> str:
    """The domain that an outlet registered, for hosts that the registry doesn't know.

    >>> registrable_domain("news.lakeside-courier.co.uk")
    'lakeside-courier.co.uk'
    """
    labels = host.casefold().strip(".").split(".")
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED_SECOND else 2
    return ".".join(labels[-keep:])


# Matches the tail of: "Lakeside Courier | News from the lake", "Courier - Home".  Not: "Pittsburgh Post-Gazette".
_SLOGAN = re.compile(r"\s+[|–—·:•-]+\s+.*$")
# Matches: "Lakeside Courier Online", "Courier International Edition".  Not: "Online".
_EDITION = re.compile(r"(?<=\w) (?:online|international edition|digital edition|homepage|website)$", re.IGNORECASE)


# Matches a notice in a field for names: "Copyright 2014", "© Courier Ltd. All rights reserved".  Not: "Copy Right Now".
_NOTICE = re.compile(r"(?:copyright\b|©|\(c\))|.{0,80}\ball rights reserved", re.IGNORECASE)


@lru_cache(maxsize=256)
def clean_site_name(name: str) -> str | None:
    """A page's own site name as a reader would say it: registry name, else without slogan and edition.

    >>> clean_site_name("CNN.com International")
    'CNN'
    >>> clean_site_name("Lakeside Courier | News from the lake")
    'Lakeside Courier'
    """
    known = find_outlet(name)
    if known:
        return known.name
    if len(name) > 120:
        return None
    cut = _EDITION.sub("", _SLOGAN.sub("", name.strip(" @|-–—"))).strip()
    known = find_outlet(cut)
    if known:
        return known.name
    if cut.startswith(("http:", "https:")) or not any(c.isalpha() for c in cut) or _NOTICE.match(cut):
        return None
    return cut or None


# Matches what no paper has in its name: "Contributing: The Press", "CNN, News".  Not: "Capital & Freight".
_PARTED = re.compile(r"[:;,|]")


def looks_like_outlet(name: str, *, weak: bool = False) -> bool:
    """Whether an unknown name has the form of a paper's name: capitalised, few words, with a press word.

    >>> looks_like_outlet("The Lakeside Courier"), looks_like_outlet("Peter Bergen")
    (True, False)
    >>> looks_like_outlet("Energy Policy"), looks_like_outlet("The Asia Cable")
    (False, True)
    >>> looks_like_outlet("Le Courrier de Valbrume"), looks_like_outlet("汐見新報")
    (True, True)

    With `weak`, words that are surnames and headline words as well ("Ledger", "Policy") count too.
    """
    words = name.split()
    lists = byline_words()
    if len(words) == 1 and len(name) <= 12 and name.endswith(lists.press_endings):
        return True
    if not 2 <= len(words) <= 5 or len(name) > 50 or name[-1] in ".!?" or _PARTED.search(name):
        return False
    lowercase = [
        w for w in words if w[0].islower() and w not in ("of", "and", "the", "de", "la", "le", "del", "della", "da")
    ]
    press = lists.press | lists.weak_press if weak or words[0].casefold() in lists.articles else lists.press
    last = words[-1].casefold()
    first = words[-2 if words[-1][0].islower() else 0].casefold()
    second = words[1].casefold() if words[0].casefold() in lists.articles else ""
    return not lowercase and (last in press or first in press or second in press)
