"""All fields of an article chosen from the gathered evidence, in the order in which they need each other."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copydesk.article import Evidence, Metadata
from copydesk.metadata.archives import without_archive
from copydesk.metadata.choose import (
    NOTHING,
    Choice,
    choose_canonical,
    choose_outlet,
    choose_url,
    with_value,
)
from copydesk.metadata.choose_authors import choose_authors
from copydesk.metadata.choose_dates import choose_dates
from copydesk.metadata.choose_title import WRITTEN, choose_title
from copydesk.metadata.language import base_tag, reconcile
from copydesk.metadata.outlets import Outlet, registrable_domain
from copydesk.metadata.titles import fold_title, site_beside, squeeze
from copydesk.metadata.urls import host_of, original_url, url_key

# The order of dates where the outlet doesn't say, by language. English has two orders and is not here.
_ORDER_OF_LANGUAGE = {
    "ja": "ymd",
    "zh": "ymd",
    "ko": "ymd",
    "hu": "ymd",
    "fa": "ymd",
    "lt": "ymd",
    "en": None,
    "und": None,
}

MAX_SITE_WORDS = 6
"""A longer part of a page's title is a slogan or a second headline."""
DECK_CHARS = 1_500
"""How much of the text's beginning a description is looked for in. Nothing else looks at more of it."""
MAX_SECTION_CHARS = 60
"""A longer section is a description."""
MAX_TAG_CHARS = 80
"""A longer tag is a sentence."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an article was published: its address and outlet."""

    address: str | None
    host: str | None
    outlet: Choice
    registered: Outlet | None

    @property
    def domain(self) -> str | None:
        """The outlet's domain by the registry, else that of the address."""
        if self.registered and self.registered.domain:
            return self.registered.domain
        return registrable_domain(self.host) if self.host else None


def choose_metadata(gathered: Sequence[Evidence], text: str, latest: dt.date) -> tuple[Metadata, tuple[Evidence, ...]]:
    """The metadata and the evidence for it, winner first per field, what was refused last.

    `text` is the article's, or at least the first DECK_CHARS characters of it. `latest` is the last day that a date may
    name.

    >>> known, _ = choose_metadata([Evidence("title", "Ice is back", "record.title", "", 0.8)], "", dt.date(2100, 1, 1))
    >>> known.title, known.language
    ('Ice is back', 'und')
    """
    found, by_archive = without_archive(_by_field(gathered))
    url = choose_url(found.get("url", []))
    canonical = choose_canonical(found.get("canonical", []), url.value)
    address = url.value or canonical.value
    place = _find_place(found, original_url(address) if address else None)
    language, languages = _choose_language(text, found.get("language", []), place.registered)
    dates = choose_dates(
        [*found.get("published", []), *_dated(text)], found.get("modified", []),
        order=_date_order(place.registered, language), url=place.address, latest=latest,
    )  # fmt: skip
    title, titles = choose_title(
        found.get("title", []), _site_names(found, place), news=_is_news(found, place.registered)
    )
    authors = choose_authors(found.get("authors", []), place.outlet.value)
    deck = _choose_deck(found.get("deck", []), title, text)
    section, tags = _choose_section(found.get("section", [])), _choose_tags(found.get("tags", []))
    day = dates.published
    metadata = Metadata(
        title=title,
        deck=deck.value,
        byline=authors.byline,
        authors=authors.names,
        outlet=place.outlet.value,
        outlet_domain=place.domain,
        published_on=day.day if day else None,
        published_at=day.at if day else None,
        published_precision=day.precision if day else None,
        modified_at=dates.modified.at if dates.modified else None,
        url=url.value,
        canonical_url=canonical.value,
        url_key=url_key(place.address) if place.address else None,
        section=section.value,
        tags=tuple(e.value for e in tags),
        language=language,
    )
    refused = [*by_archive, *(e for e in gathered if e.confidence <= 0)]
    chosen = (titles, deck.evidence, authors.evidence, place.outlet.evidence, dates.evidence, url.evidence,
              canonical.evidence, section.evidence, tags, languages, refused)  # fmt: skip
    return metadata, tuple(item for group in chosen for item in group)


# Matches the place line that an agency dates: "MISTWOOD, Dec 20, 2025 (NNA) -", "KABUL, 3 March 2024 —".
# Not: "MISTWOOD (NNA) -", "In Mistwood, on Dec 20, 2025, the ice broke".
_DATED = re.compile(
    r"""(?: [A-Z\d][^\n]{0,60} \n\n )?
        [A-Z][A-Z .'’-]{2,40} (?:, [ ] [A-Z][\w .]{2,30})? , [ ]
        (?P<day> (?:[A-Z][a-z]{2,8}\.? [ ] \d{1,2}, | \d{1,2} [ ] [A-Z][a-z]{2,8}\.?) [ ] \d{4} ) [ ]?
        (?: \([^()\n]{2,40}\) | [-–—] )""",
    re.VERBOSE,
)


def _dated(text: str) -> Iterator[Evidence]:
    """The day in the place line that a text begins with, where it has a year."""
    match = _DATED.match(text[:300])
    if match:
        yield Evidence("published", match["day"], "text.dateline", match["day"], 0.6)


def _by_field(gathered: Sequence[Evidence]) -> dict[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = {}
    for item in gathered:
        if item.confidence > 0:
            found.setdefault(item.field, []).append(item)
    return found


def _find_place(found: dict[str, list[Evidence]], address: str | None) -> _Place:
    host = host_of(address) or _stated_host(found)
    titles = found.get("title", [])
    found["outlet"] = [e for e in found.get("outlet", []) if not _is_headline(e.value, titles)]
    outlet, registered = choose_outlet([*found["outlet"], *_site_of_title(titles)], host)
    return _Place(address, host, outlet, registered)


def _is_headline(name: str, titles: Sequence[Evidence]) -> bool:
    """Whether a page gives its headline out as the name of its site."""
    if len(name.split()) <= MAX_SITE_WORDS:
        return False
    folded = squeeze(name)
    return any(e.source in WRITTEN and squeeze(e.value) == folded for e in titles)


def _site_of_title(titles: Sequence[Evidence]) -> Iterator[Evidence]:
    """The site's name as evidence, where a page's title has it beside the headline."""
    headlines = [e.value for e in titles if e.source != "html.title"]
    for item in titles:
        name = site_beside(item.value, headlines) if item.source == "html.title" else None
        if name and len(name.split()) <= MAX_SITE_WORDS:
            yield Evidence("outlet", name, "html.title.site", item.raw, 0.5)


def _stated_host(found: dict[str, list[Evidence]]) -> str | None:
    """The host that a record names as its outlet's domain, where it has no URL."""
    for item in found.get("outlet_domain", []):
        host = host_of(item.value if "://" in item.value else f"https://{item.value}")
        if host:
            return host
    return None


def _date_order(outlet: Outlet | None, language: str) -> str | None:
    """The order of 03/04/2024: the outlet's, else the language's, else none."""
    if outlet and outlet.date_order:
        return outlet.date_order
    return _ORDER_OF_LANGUAGE.get(language, "dmy")


def _is_news(found: dict[str, list[Evidence]], outlet: Outlet | None) -> bool:
    """Whether headlines are an editor's: in plain text and records, and on pages of the press, by the registry.

    Tried and rejected: pages whose JSON-LD says `NewsArticle`, which firms' blogs say of themselves as well.
    """
    on_page = any(e.source.startswith(("html.", "og:")) for e in found.get("title", []))
    return not on_page or (outlet is not None and outlet.language is not None)


def _site_names(found: dict[str, list[Evidence]], place: _Place) -> tuple[str, ...]:
    names = [name for e in found.get("outlet", []) for name in (e.value, e.raw)]
    if place.outlet.value:
        names.append(place.outlet.value)
    if place.host:
        domain = registrable_domain(place.host)
        names += [place.host, domain, domain.partition(".")[0]]
    return tuple(dict.fromkeys(names))


def _choose_language(text: str, declared: Sequence[Evidence], outlet: Outlet | None) -> tuple[str, list[Evidence]]:
    """The language by content, reconciled with the surest declared one, else with the outlet's."""
    ranked = sorted(declared, key=lambda e: -e.confidence)
    tag = next((t for t in (base_tag(e.value) for e in ranked) if t), None)
    if tag is None and outlet and text:
        tag = outlet.language
    language, certainty = reconcile(text, tag)
    if language == "und":
        return language, ranked
    return language, [Evidence("language", language, "text", text[:60], round(certainty, 4)), *ranked]


_CUT_OFF = ("…", "...", "\ufffd")
"""How a summary ends that was cut off; the last where it was cut within a character."""


def _choose_deck(evidence: Sequence[Evidence], title: str | None, text: str) -> Choice:
    """The deck. Rule: the surest line that is whole, not the title, and (on a page) not in the text's beginning."""
    if not evidence:
        return NOTHING
    ranked = sorted(evidence, key=lambda e: -e.confidence)
    start: str | None = None
    for item in ranked:
        folded = fold_title(item.value)
        if not folded or item.value.rstrip(" ]").endswith(_CUT_OFF) or folded == fold_title(title or ""):
            continue
        stated = item.source.startswith(("head.", "block."))
        # Folded where it is needed: most pages' descriptions are cut off or the headline again.
        start = fold_title(text[:DECK_CHARS]) if start is None and not stated else start
        if stated or folded[:80] not in (start or ""):
            return Choice(item.value, (item, *(e for e in ranked if e is not item)))
    return Choice(None, tuple(ranked))


def _choose_section(evidence: Sequence[Evidence]) -> Choice:
    """The section. Rule: the surest that is short and no address."""
    if not evidence:
        return NOTHING
    fitting = [e for e in evidence if len(e.value) <= MAX_SECTION_CHARS and not e.value.startswith("http")]
    ranked = sorted(fitting, key=lambda e: -e.confidence)
    return Choice(ranked[0].value if ranked else None, tuple(ranked))


def _choose_tags(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The tags of the surest source, each once, in its order."""
    if not evidence:
        return []
    best = max(evidence, key=lambda e: e.confidence).source
    chosen = [e for e in evidence if e.source == best]
    if len(chosen) == 1:
        chosen = [with_value(chosen[0], tag.strip()) for tag in re.split("[,;|]", chosen[0].value) if tag.strip()]
    unique: dict[str, Evidence] = {}
    for item in chosen:
        if len(item.value) <= MAX_TAG_CHARS:
            unique.setdefault(item.value.casefold(), item)
    return list(unique.values())
