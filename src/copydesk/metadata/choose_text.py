"""The written rules for title, deck and authors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from copydesk.article import Evidence
from copydesk.metadata.choose import agree, refuse, with_value
from copydesk.metadata.names import Byline, parse_byline, strip_prefix
from copydesk.metadata.persons import is_person, made_of_names, tidy_name
from copydesk.metadata.titles import fold_title, squeeze, strip_site_name
from copydesk.metadata.words import byline_words, fold_word

MAX_TITLE_CHARS = 400
"""A longer value is a paragraph in the wrong field."""
MAX_HEADING_CHARS = 200
"""A longer h1 is a paragraph set large; the longest headline of 129 pages of the press has 152."""
MIN_TITLE_CHARS = 12
"""A shorter heading ("Blog", "News") is not what a longer title may be cut down to."""
LISTED = ("rel.author", "html.byline")
"""Sources that may list the names of a whole page."""
MIN_LIKENESS = 0.2
"""An h1 less like all other candidates is a banner. Of .2 to .6, .2 was best on 249 pages of blogs and guides."""


def choose_title(
    evidence: Sequence[Evidence], site_names: tuple[str, ...], *, news: bool = True
) -> tuple[str | None, tuple[Evidence, ...]]:
    """The headline as a reader sees it, and its evidence.

    Rule: every candidate loses the site's name, and what stands behind or before a mark where the rest is a
    headline of the page's own; equal ones (without case and typography) join. On a news page and in plain text the
    candidate of the highest joint confidence wins. On other pages JSON-LD and OpenGraph are written for search
    engines, so there the h1 wins that is most like them. A candidate that is only the site's name is refused.
    """
    cleaned, refused = _clean_titles(evidence, site_names)
    if not cleaned:
        return None, tuple(refused)
    joint: dict[str, list[Evidence]] = {}
    for item in cleaned:
        joint.setdefault(_title_key(item.value), []).append(item)
    best = None if news else _best_heading(cleaned)
    if best is None:
        best = max(joint, key=lambda t: agree(_one_per_kind(joint[t])))
    forms = Counter(fold_title(e.value) for e in joint[best])
    group = sorted(joint[best], key=lambda e: (_shouts(e.value), -forms[fold_title(e.value)], -e.confidence))
    group.sort(key=lambda e: _shouts(e.value) or not KICKER.search(e.value))
    winner = replace(group[0], confidence=agree(_one_per_kind(group)))
    rivals = sorted((e for e in cleaned if _title_key(e.value) != best), key=lambda e: -e.confidence)
    return winner.value, (winner, *group[1:], *rivals, *refused)


def _clean_titles(evidence: Sequence[Evidence], site_names: tuple[str, ...]) -> tuple[list[Evidence], list[Evidence]]:
    names = {squeeze(n) for n in site_names if n}
    cleaned: list[Evidence] = []
    refused: list[Evidence] = []
    for item in evidence:
        value = strip_site_name(item.value, site_names)
        long = item.source == "html.h1" and len(value) > MAX_HEADING_CHARS
        if not value or squeeze(value) in names or len(value) > MAX_TITLE_CHARS or long:
            refused.append(refuse(item, "no headline"))
        else:
            cleaned.append(with_value(item, value))
    headings = {_title_key(e.value) for e in cleaned if e.source == "html.h1" and len(e.value) >= MIN_TITLE_CHARS}
    shared = {_title_key(e.value) for e in cleaned if e.source == "og:title" and len(e.value) >= MIN_TITLE_CHARS}
    return [with_value(e, _cut_to(e.value, headings, shared)) for e in cleaned], refused


# Matches a kicker joined by a colon, as in running text: "Ice on the lake: ferry stuck".  Not: "9:30", "Ice - ferry".
KICKER = re.compile(r"\w: \S")


def _shouts(title: str) -> bool:
    """Whether a title is set in capitals: another source has it as it is written."""
    return title.isupper() and " " in title


# Matches a mark with its spaces: " | ", " - ", ": ".  Not: the hyphen of "by-election".
_TITLE_MARK = re.compile(r"\s[|–—·•:/-]{1,3}\s|:\s|\s?\|\s?")


def _cut_to(title: str, headings: set[str], shared: set[str]) -> str:
    """The title without a section behind the page's heading, or a kicker before the headline that is shared."""
    for mark in list(_TITLE_MARK.finditer(title))[:20]:
        if _title_key(title[: mark.start()]) in headings:
            return title[: mark.start()]
        if _title_key(title[mark.end() :]) in shared:
            return title[mark.end() :]
    return title


# Matches what parts words.  Not: letters, digits.
_NOT_WORD = re.compile(r"[\W_]+")


def _title_key(title: str) -> str:
    """The words of a title: kickers are joined by a colon, a dash or nothing, from source to source."""
    return " ".join(_NOT_WORD.sub(" ", fold_title(title)).split())


def _best_heading(cleaned: Sequence[Evidence]) -> str | None:
    """The h1 that shares most words with the other candidates, if it shares a fifth."""
    others = [e.value for e in cleaned if e.source in ("og:title", "jsonld.headline", "html.title", "twitter:title")]
    headings = [e.value for e in cleaned if e.source == "html.h1"]
    likeness = {h: max((_likeness(h, o) for o in others), default=1.0) for h in headings}
    best = max(likeness, key=lambda h: likeness[h], default=None)
    return _title_key(best) if best is not None and likeness[best] > MIN_LIKENESS else None


def _likeness(a: str, b: str) -> float:
    first, second = set(_title_key(a).split()), set(_title_key(b).split())
    shared = len(first & second)
    return shared / max(1, min(len(first), len(second))) * (0.5 + 0.5 * shared / max(1, len(first | second)))


def _one_per_kind(items: Sequence[Evidence]) -> list[float]:
    """One confidence per kind of source: og:title and twitter:title are filled from one field."""
    best: dict[str, float] = {}
    for item in items:
        kind = (
            "jsonld"
            if item.source.startswith("jsonld")
            else item.source
            if item.source.startswith(("html", "head", "record"))
            else "meta"
        )
        best[kind] = max(best.get(kind, 0.0), item.confidence)
    return list(best.values())


@dataclass(frozen=True, slots=True)
class Authors:
    """The persons who wrote an article, the byline as printed, and the evidence with agencies and desks apart."""

    names: tuple[str, ...] = ()
    byline: str | None = None
    outlet: str | None = None
    evidence: tuple[Evidence, ...] = ()


def choose_authors(evidence: Sequence[Evidence], outlet: str | None) -> Authors:
    """The authors.

    Rule: the evidence of one source is read together; the source of the highest confidence that names
    persons wins, raised by every other source that names one of them. Agencies, desks and outlets are kept
    as evidence of the field `credits` and never become authors.
    """
    lists: list[tuple[tuple[str, ...], list[Evidence]]] = []
    credited: list[Evidence] = []
    refused: list[Evidence] = []
    desks: set[str] = set()
    for group in _by_source(evidence):
        source = group[0].source
        if source.removesuffix(".later") in desks:
            refused.extend(refuse(e, "behind a desk") for e in group)
            continue
        names, groups = _read_group(group, outlet)
        credited.extend(groups)
        if names:
            lists.append((names, group))
        elif not groups:
            refused.extend(refuse(e, "no person") for e in group)
        else:
            desks.add(source)
    if not lists:
        return Authors((), _printed(evidence), None, (*credited, *refused))
    names, group = max(lists, key=lambda pair: pair[1][0].confidence)
    supports = [g[0].confidence for n, g in lists if _key(n) & _key(names)]
    winner = Evidence(
        "authors",
        "; ".join(names),
        group[0].source,
        "; ".join(dict.fromkeys(e.raw for e in group))[:400],
        agree(supports),
    )
    rivals = [
        Evidence("authors", "; ".join(n), g[0].source, g[0].raw, g[0].confidence) for n, g in lists if g is not group
    ]
    return Authors(
        names, _printed(evidence), None, (winner, *sorted(rivals, key=lambda e: -e.confidence), *credited, *refused)
    )


def _by_source(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    groups: dict[str, list[Evidence]] = {}
    for item in evidence:
        groups.setdefault(
            item.source.removesuffix(".person").removesuffix(".organization").removesuffix(".name"), []
        ).append(item)
    return list(groups.values())


def _key(names: Sequence[str]) -> set[str]:
    return {squeeze(n) for n in names}


def _read_group(group: Sequence[Evidence], outlet: str | None) -> tuple[tuple[str, ...], list[Evidence]]:
    names: list[str] = []
    credited: list[Evidence] = []
    for item in group:
        if item.source.endswith(".organization"):
            credited.append(replace(item, field="credits"))
            continue
        byline = parse_byline(item.value)
        found = list(byline.persons) or _turned_name(item, byline) or _single_name(item, byline, outlet)
        # A person may be the outlet (a blog under its author's name) where the page says that it's a person, or
        # where the name is made of nothing else than names.
        personal = item.source.endswith(".person") or byline.prefixed
        names.extend(n for n in found if personal or squeeze(n) != squeeze(outlet or "") or made_of_names(n))
        credited.extend(replace(item, field="credits", value=g) for g in byline.groups)
        if item.source.startswith(LISTED) and byline.groups and not names:
            # "Our staff" first in a list of linked names: those after it took the pictures, or wrote other stories.
            break
    unique = {squeeze(n): n for n in reversed(names)}
    return tuple(dict.fromkeys(unique[squeeze(n)] for n in names)), credited


# Matches: "Roe, Jane", "O'Donnell, Lynne M.".  Not: "Reuters, London and Kabul".
_TURNED = re.compile(
    r"([^\W\d_][^\W\d_'’-]{0,30}(?:[ '’-][^\W\d_]{1,30})?),\s([^\W\d_][^\W\d_.-]{0,30}(?:\s[^\W\d_]\.?)?)\Z"
)


def _turned_name(item: Evidence, byline: Byline) -> list[str]:
    """The name in a field that libraries fill: surname first."""
    match = (
        None
        if byline.groups or byline.prefixed or item.source.startswith(("head", "html"))
        else _TURNED.match(item.value)
    )
    name = f"{match[2]} {match[1]}" if match else ""
    return [tidy_name(name)] if is_person(name) else []


# Matches: "Melissa", "Jean-Luc".  Not: "admin7", "https", "@melissa".
_GIVEN = re.compile(r"[^\W\d_]{2,20}(?:-[^\W\d_]{2,20})?\Z")


def _single_name(item: Evidence, byline: Byline, outlet: str | None) -> list[str]:
    """A name of one word, believed only in a field for authors or behind a byline's prefix."""
    if (
        byline.groups
        or byline.roles
        or not (item.source.startswith(("jsonld.author", "author", "parsely-author")) or byline.prefixed)
    ):
        return []
    names = [n for n in re.split(r"\s+(?:and|&|und|et)\s+|,\s+", strip_prefix(item.value) or item.value) if n]
    return names if len(names) <= 3 and all(_is_given(n, outlet) for n in names) else []


def _is_given(name: str, outlet: str | None) -> bool:
    if not _GIVEN.match(name) or not name[0].isupper() or name.isupper() or squeeze(name) == squeeze(outlet or ""):
        return False
    words = byline_words()
    return fold_word(name) not in words.press | words.weak_press | words.desks | words.roles | words.stop


def _printed(evidence: Sequence[Evidence]) -> str | None:
    """The byline as printed: only from sources that print one."""
    for item in sorted(evidence, key=lambda e: -e.confidence):
        if item.source.startswith(("head.byline", "html.byline", "block.byline", "record.byline")):
            return item.raw
    return None
