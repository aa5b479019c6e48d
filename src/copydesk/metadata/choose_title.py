"""The written rules for the title: the headline as a reader sees it, out of what a page or text calls its title.

Candidates are made comparable first (`_clean_titles`), equal ones join into a reading, and one reading wins:

- Pages of the press: `og:title` where the newsroom wrote it apart, that is where the page's title repeats the h1 or
  the JSON-LD headline, but not it.
- Pages of others: the heading (h1, or what the page sets as its title) that is most like the other titles.
- Plain text, records, and where neither decides: the highest joint confidence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from copydesk.article import Evidence
from copydesk.metadata.choose import agree, refuse, with_confidence, with_value
from copydesk.metadata.titles import fold_title, squeeze, strip_site_name

MAX_TITLE_CHARS = 400
"""A longer value is a paragraph in the wrong field."""
MAX_HEADING_CHARS = 200
"""A longer h1 is a paragraph set large; the longest headline of 129 pages of the press has 152."""
MIN_TITLE_CHARS = 12
"""A shorter heading ("Blog", "News") is not what a longer title may be cut down to."""
MAX_TAIL_CHARS = 40
"""What stands behind a bar and is longer is the second half of a headline."""
MIN_LIKENESS = 0.2
"""An h1 less like all other candidates is a banner. Of .2 to .6, .2 was best on 249 pages of blogs and guides."""
HEADINGS = ("html.h1", "block.title")
"""Sources of what stands above the text, set large."""
ON_PAGE = ("html.h1", "html.title", "jsonld.headline")
WRITTEN = ("jsonld.headline", "og:title", "html.title", "twitter:title")
"""Sources of titles that no reader sees on the page."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """Candidates that say the same headline, by its words."""

    key: str
    items: tuple[Evidence, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of sources that say it."""
        return frozenset(_kind(e.source) for e in self.items)

    @property
    def confidence(self) -> float:
        """The joint confidence, one per kind: og:title and twitter:title are filled from one field."""
        best: dict[str, float] = {}
        for item in self.items:
            kind = _kind(item.source)
            best[kind] = max(best.get(kind, 0.0), item.confidence)
        return agree(best.values())


def choose_title(
    evidence: Sequence[Evidence], site_names: tuple[str, ...], *, news: bool = True
) -> tuple[str | None, tuple[Evidence, ...]]:
    """The headline as a reader sees it, and its evidence, winner first.

    `news` says that headlines here are an editor's: plain text, records and pages of the press. A candidate that is
    only the site's name is refused.

    >>> choose_title([Evidence("title", "Ice is back | Courier", "og:title", "", 0.8)], ("Courier",))[0]
    'Ice is back'
    """
    cleaned, refused = _clean_titles(evidence, site_names)
    if not cleaned:
        return None, tuple(refused)
    if len(cleaned) == 1:  # What most records have: there is nothing to weigh.
        winner = with_confidence(cleaned[0], agree([cleaned[0].confidence]))
        return winner.value, (winner, *refused)
    readings = _join(cleaned)
    best = (_best_of_press(readings) if news else _best_heading(readings)) or max(readings, key=lambda r: r.confidence)
    group = _by_form(best.items)
    winner = with_confidence(group[0], best.confidence)
    rivals = sorted((e for r in readings if r is not best for e in r.items), key=lambda e: -e.confidence)
    return winner.value, (winner, *group[1:], *rivals, *refused)


def _kind(source: str) -> str:
    if source.startswith("jsonld"):
        return "jsonld"
    if source in HEADINGS:
        return "html.h1"
    return source if source.startswith(("html", "head", "record")) else "meta"


def _join(cleaned: Sequence[Evidence]) -> list[_Reading]:
    """The candidates by their letters: what a page sets in two lines is glued in one source and spaced in the next."""
    joint: dict[str, list[Evidence]] = {}
    for item in cleaned:
        joint.setdefault(_title_key(item.value).replace(" ", ""), []).append(item)
    return [_Reading(_title_key(_by_form(items)[0].value), tuple(items)) for items in joint.values()]


def _best_of_press(readings: Sequence[_Reading]) -> _Reading | None:
    """The reading of `og:title` where it was written apart from what search engines and readers of the page get.

    Of 129 pages of 91 publishers 18 are such, and on 14 of them the publishers' own parsers call it the headline.
    Where the page's title repeats og:title, both are written for search engines (4 of 4 have the other one).
    """
    shared = next((r for r in readings if any(e.source == "og:title" for e in r.items)), None)
    if shared is None or any(e.source in ON_PAGE for e in shared.items):
        return None
    rivals = [r for r in readings if any(e.source in ("html.h1", "jsonld.headline") for e in r.items)]
    titled = any("html.title" in r.kinds for r in rivals)
    followed = any(e.source == "twitter:title" for e in shared.items)
    return shared if rivals and (titled or followed) else None


def _best_heading(readings: Sequence[_Reading]) -> _Reading | None:
    """The heading that shares most words with the titles nobody sees, if it shares a fifth."""
    headings = [r for r in readings if any(e.source in HEADINGS for e in r.items)]
    if not headings:
        return None
    others = [r.key for r in readings if any(e.source in WRITTEN for e in r.items)]
    likeness = {r.key: max((_likeness(r.key, o) for o in others), default=1.0) for r in headings}
    best = max(headings, key=lambda r: likeness[r.key])
    return best if likeness[best.key] > MIN_LIKENESS else None


def _likeness(a: str, b: str) -> float:
    first, second = set(a.split()), set(b.split())
    shared = len(first & second)
    return shared / max(1, min(len(first), len(second))) * (0.5 + 0.5 * shared / max(1, len(first | second)))


def _by_form(items: Sequence[Evidence]) -> list[Evidence]:
    """The candidates of one reading, best written first: not in capitals, kicker marked, as most have it."""
    if all(e.value == items[0].value for e in items):
        return sorted(items, key=lambda e: -e.confidence)
    forms = Counter(fold_title(e.value) for e in items)
    return sorted(
        items, key=lambda e: (_shouts(e.value), not _KICKER.search(e.value), -forms[fold_title(e.value)], -e.confidence)
    )


# Matches a kicker joined by a colon or a stroke, as in running text: "Ice on the lake: ferry stuck", "Lake / Ice".
# Not: "9:30", "Ice - ferry", "and/or".
_KICKER = re.compile(r"\w: \S|\w / \S")


def _shouts(title: str) -> bool:
    """Whether a title is set in capitals: another source has it as it is written."""
    return title.isupper() and " " in title


def _clean_titles(evidence: Sequence[Evidence], site_names: tuple[str, ...]) -> tuple[list[Evidence], list[Evidence]]:
    names = {squeeze(n) for n in site_names if n}
    cleaned: list[Evidence] = []
    refused: list[Evidence] = []
    stripped = {value: strip_site_name(_without_marks(value), site_names) for value in {e.value for e in evidence}}
    for item in evidence:
        value = stripped[item.value]
        long = item.source == "html.h1" and len(value) > MAX_HEADING_CHARS
        if not value or (names and squeeze(value) in names) or len(value) > MAX_TITLE_CHARS or long:
            refused.append(refuse(item, "no headline"))
        else:
            cleaned.append(with_value(item, value))
    return _cut_all(cleaned), refused


# Matches the marks of Markdown that a template printed as they are: "## Ice is back", "*Ice* is back".
# Not: "#icewatch", "5 * 3", "Ice**".
_MARKUP = re.compile(r"\A#{1,6}\s+|(?<![\w*])(\*{1,2}|_{1,2})(?=[^\s*_])([^*_]{1,200}?)(?<=[^\s*_])\1(?![\w*])")


def _without_marks(title: str) -> str:
    if "*" not in title and "_" not in title and "#" not in title:
        return title
    return _MARKUP.sub(lambda mark: mark[2] or "", title)


def _cut_all(cleaned: list[Evidence]) -> list[Evidence]:
    """The candidates without a section behind another's headline, or a kicker that the shared headline lacks."""
    headlines: set[str] = set()
    shared: set[str] = set()
    for item in cleaned:
        if len(item.value) < MIN_TITLE_CHARS:
            continue
        if item.source in ("html.h1", "jsonld.headline"):
            headlines.add(_title_key(item.value))
        elif item.source == "og:title":
            shared.add(_title_key(item.value))
    cut = {v: _cut_bar(_cut_to(v, headlines, shared), headlines) for v in {e.value for e in cleaned}}
    return [with_value(e, cut[e.value]) for e in cleaned]


# Matches a mark with its spaces: " | ", " - ", ": ".  Not: the hyphen of "by-election".
_TITLE_MARK = re.compile(r"\s[|–—·•:/-]{1,3}\s|:\s|\s?\|\s?")


def _cut_to(title: str, headlines: set[str], shared: set[str]) -> str:
    """The title without a kicker before the headline that is shared, or a section behind the page's heading."""
    if not headlines and not shared:
        return title
    key = _title_key(title)
    # Most titles neither begin nor end with another headline: then no mark needs to be looked at.
    if key not in headlines and key.endswith(tuple(shared)):
        for mark in _marks_of(title):
            if _title_key(title[mark.end() :]) in shared:
                return title[mark.end() :]
    if key.startswith(tuple(headlines)):
        for mark in _marks_of(title):
            if _title_key(title[: mark.start()]) in headlines:
                return title[: mark.start()]
    return title


def _marks_of(title: str) -> list[re.Match[str]]:
    return list(_TITLE_MARK.finditer(title))[:20]


def _cut_bar(title: str, headlines: set[str]) -> str:
    """The title up to its last bar: behind it stands a section or a site that nothing else on the page names."""
    head, bar, tail = title.rpartition(" | ")
    if not bar or head.count(" ") < 2 or len(tail) > MAX_TAIL_CHARS or _title_key(title) in headlines:
        return title
    return head.rstrip()


# Matches what parts words.  Not: letters, digits.
_NOT_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=512)
def _title_key(title: str) -> str:
    """The words of a title: kickers are joined by a colon, a dash or nothing, from source to source."""
    return " ".join(_NOT_WORD.sub(" ", fold_title(title)).split())
