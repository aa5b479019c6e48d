"""The written rules for authors: persons only, in printed order; agencies and desks are kept apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from copydesk.article import Evidence
from copydesk.metadata.choose import agree, refuse
from copydesk.metadata.names import Byline, parse_byline
from copydesk.metadata.persons import is_common_name, is_person, made_of_names, tidy_name
from copydesk.metadata.prefixes import strip_prefix
from copydesk.metadata.titles import squeeze
from copydesk.metadata.words import byline_words, fold_word

STATED = ("jsonld.author", "author", "parsely-author")
"""Sources that are fields for authors' names and nothing else."""
LISTED = ("rel.author", "html.byline")
"""Sources that may list the names of a whole page."""


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
    if not evidence:
        return Authors()
    lists: list[tuple[tuple[str, ...], list[Evidence]]] = []
    credited: list[Evidence] = []
    refused: list[Evidence] = []
    desks: set[str] = set()
    others = _credited_otherwise(evidence)
    for group in _by_source(evidence):
        source = group[0].source
        if source.removesuffix(".later") in desks:
            refused.extend(refuse(e, "behind a desk") for e in group)
            continue
        names, groups = _read_group(group, outlet)
        names = tuple(n for n in names if squeeze(n) not in others)
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


def _credited_otherwise(evidence: Sequence[Evidence]) -> frozenset[str]:
    """The names that the page credits with something else, squeezed: reviewers, editors, photographers.

    Publishers fill the field for authors with them. Who is named behind "By" as well stays an author.
    """
    bylines = [parse_byline(e.value) for e in evidence]
    wrote = {squeeze(n) for b in bylines if b.prefixed for n in b.persons}
    return frozenset(squeeze(n) for b in bylines for n in b.others) - wrote


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
            credited.append(_credit(item, item.value))
            continue
        byline = parse_byline(item.value)
        found = _turned_name(item, byline) or _persons_of(item, byline) or _single_name(item, byline, outlet)
        # A person may be the outlet (a blog under its author's name) where the page says that it's a person, or
        # where the name is made of nothing else than names.
        personal = item.source.endswith(".person") or byline.prefixed
        names.extend(n for n in found if made_of_names(n) or not _is_of_outlet(n, outlet, personal=personal))
        credited.extend(_credit(item, name) for name in byline.groups)
        if item.source.startswith(LISTED) and byline.groups and not names:
            # "Our staff" first in a list of linked names: those after it took the pictures, or wrote other stories.
            break
    unique = {squeeze(n): n for n in reversed(names)}
    return tuple(dict.fromkeys(unique[squeeze(n)] for n in names)), credited


def _credit(item: Evidence, name: str) -> Evidence:
    return Evidence("credits", name, item.source, item.raw, item.confidence)


def _is_of_outlet(name: str, outlet: str | None, *, personal: bool) -> bool:
    """Whether a name is the outlet's or a part of it: "Top Growth" of "News from Top Growth"."""
    folded, whole = squeeze(name), squeeze(outlet or "")
    return folded == whole if personal else bool(folded) and folded in whole


MAX_LOOSE_CHARS = 120
"""A longer value without "By" of which not every part is read is a paragraph, and the names in it are anybody's."""


def _persons_of(item: Evidence, byline: Byline) -> list[str]:
    if byline.persons:
        loose = len(item.value) > MAX_LOOSE_CHARS and not byline.prefixed and not byline.complete
        return [] if loose else list(byline.persons)
    return _small_name(item)


# Matches: "annette thurmon".  Not: "Annette Thurmon", "annette", "ann thurmon writes".
_SMALL = re.compile(r"[^\W\d_]{2,20} [^\W\d_]{3,20}\Z")


def _small_name(item: Evidence) -> list[str]:
    """A name in small letters, believed only in a field for authors and where both words are used as names."""
    if not item.source.startswith(STATED) or not item.value.islower() or not _SMALL.match(item.value):
        return []
    name = item.value.title()
    return [name] if is_person(name) and made_of_names(name) else []


# Matches: "Roe, Jane", "O'Donnell, Lynne M.".  Not: "Reuters, London and Kabul".
_TURNED = re.compile(
    r"([^\W\d_][^\W\d_'’-]{0,30}(?:[ '’-][^\W\d_]{1,30})?),\s([^\W\d_][^\W\d_.-]{0,30}(?:\s[^\W\d_]\.?)?)\Z"
)


def _turned_name(item: Evidence, byline: Byline) -> list[str]:
    """The name in a field that libraries fill: surname first."""
    if byline.groups or byline.prefixed or item.source.startswith(("head", "html")):
        return []
    match = _TURNED.match(item.value)
    # "Jane Roe, Max Moor" are two persons; "Roe, Jane M." leaves "Jane M." as the only one.
    if match is None or (byline.persons and byline.persons != (tidy_name(match[2]),)):
        return []
    name = f"{match[2]} {match[1]}"
    return [tidy_name(name)] if is_person(name) else []


# Matches: "Melissa", "Jean-Luc", "McKay".  Not: "admin7", "https", "@melissa".
_GIVEN = re.compile(r"(?:Mc|Mac)?[^\W\d_]{2,20}(?:-[^\W\d_]{2,20})?\Z")
# Matches a second capital in a word, as in the name of a firm or an account: "LinkNaija", "KatieS".  Not: "McKay".
_CAMEL = re.compile(r"(?<!\bMc)(?<!\bMac)(?<=[^\W\d_A-Z])[A-Z]")


def _single_name(item: Evidence, byline: Byline, outlet: str | None) -> list[str]:
    """A name of one word, believed only in a field for authors or behind a byline's prefix."""
    if byline.groups or byline.roles or not (item.source.startswith(STATED) or byline.prefixed):
        return []
    names = [n for n in re.split(r"\s+(?:and|&|und|et)\s+|,\s+", strip_prefix(item.value) or item.value) if n]
    return names if len(names) <= 3 and all(_is_given(n, outlet) for n in names) else []


def _is_given(name: str, outlet: str | None) -> bool:
    if not _GIVEN.match(name) or not name[0].isupper() or name.isupper() or _CAMEL.search(name):
        return False
    if outlet and squeeze(outlet).startswith(squeeze(name)) and not (is_common_name(name) or is_person(outlet)):
        return False
    words, folded = byline_words(), fold_word(name)
    return not any(folded in known for known in (words.press, words.weak_press, words.desks, words.roles, words.stop))


def _printed(evidence: Sequence[Evidence]) -> str | None:
    """The byline as printed: only from sources that print one."""
    for item in sorted(evidence, key=lambda e: -e.confidence):
        if item.source.startswith(("head.byline", "html.byline", "block.byline", "record.byline")):
            return item.raw
    return None
