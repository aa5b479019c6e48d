"""Which articles of an index are copies of which: decided anew for stories that have changed, kept for the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates.candidates import Numbers
from copydesk.duplicates.compare import LARGEST_CLOSURE, Comparison, Linked
from copydesk.duplicates.forms import stay_linked
from copydesk.duplicates.groups import ExactGroups, connect, distinct
from copydesk.duplicates.index.groups import Groups
from copydesk.duplicates.index.keys import OWNER, Keys
from copydesk.duplicates.index.pairs import Pairs
from copydesk.duplicates.index.rows import KNOWN, Rows
from copydesk.duplicates.index.update import Measure
from copydesk.duplicates.numbering import hash_column
from copydesk.duplicates.order import Row
from copydesk.duplicates.removal import remove_copies
from copydesk.duplicates.stories import read_corpus
from copydesk.duplicates.verify import Verdicts
from copydesk.settings import DuplicateSettings

Flags = npt.NDArray[np.bool_]

NUMBERED = pa.schema(
    [
        pa.field("copy", pa.int64(), nullable=False),
        pa.field("survivor", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("jaccard", pa.float64(), nullable=False),
        pa.field("containment", pa.float64(), nullable=False),
    ]
)
"""Links by the numbers of the articles, sorted by copy; the rest as in `decided.LINKS`."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when links are decided: articles, groups, keys, the pairs of groups by position, and which groups
    (by position) are notes of a form.
    """

    rows: Rows
    groups: Groups
    keys: Keys
    pairs: Pairs
    positions: Numbers
    groups_at: Numbers
    forms: Flags


def same_verdicts(before: Pairs, after: Pairs) -> Flags:
    """Of which of the pairs after nothing is new: they were linked as they are linked now, or weren't and aren't."""
    old = before.spread(after.packed)
    same: Flags = old.verdicts.linked == after.verdicts.linked
    for name in Verdicts.__slots__:
        same &= ~after.verdicts.linked | (getattr(old.verdicts, name) == getattr(after.verdicts, name))
    return same


def change_links(
    links: pa.Table,
    known: Known,
    touched: Flags,
    stale: Flags,
    measure: Measure,
    settings: DuplicateSettings,
    first: int,
) -> pa.Table:
    """The links (schema `NUMBERED`), decided anew in each set of groups that hang together and one of which is touched.

    `touched`: groups with new articles or other links; `stale`: groups of which other runs are common than before;
    `first`: the first new article.
    """
    groups = known.groups
    told = _touch_pages(known, touched, first)
    linked = known.pairs.verdicts.linked
    names = connect(len(groups.reps), known.pairs.left[linked], known.pairs.right[linked])[known.positions]
    sizes = np.bincount(names, minlength=len(names))
    told |= stale & (sizes[names] > LARGEST_CLOSURE)
    chosen = np.zeros(len(names), dtype=bool)
    chosen[names[told]] = True
    chosen = chosen[names]
    kept = links.filter(pa.array(~chosen[groups.of[links["copy"].to_numpy()]]))
    several = chosen & ((sizes[names] > 1) | (np.bincount(groups.of[groups.of >= 0], minlength=len(names)) > 1))
    found = _decide(known, np.flatnonzero(several), names, measure, settings)
    return pa.concat_tables([kept, found]).sort_by("copy").combine_chunks()


def _touch_pages(known: Known, touched: Flags, first: int) -> Flags:
    """The touched groups, and those with an article under the URL key of a new one: it may be older now."""
    fresh = np.arange(first, len(known.rows))
    told = touched.copy()
    told[known.groups.of[_same_pages(known, fresh)]] = True
    return told


def _same_pages(known: Known, articles: Numbers) -> Numbers:
    """The articles with words under the URL keys of some articles."""
    wanted = set(known.rows.take(["url_key"], articles)["url_key"].to_pylist()) - {None, ""}
    keys = distinct(hash_column(sorted(wanted)) & ~OWNER)
    others, _ = known.groups.articles(distinct(known.keys.find("url", keys)[1]))
    same = [key in wanted for key in known.rows.take(["url_key"], others)["url_key"].to_pylist()]
    found: Numbers = others[np.array(same, dtype=bool)]
    return found


def _decide(known: Known, groups: Numbers, names: Numbers, measure: Measure, settings: DuplicateSettings) -> pa.Table:
    """The links within these groups, which hold whole stories; numbered anew, in the order of content."""
    own, _ = known.groups.articles(groups)
    pages = _same_pages(known, own)
    everyone = distinct(np.concatenate([groups, known.groups.of[pages]]))
    everyone = everyone[np.argsort(known.positions[everyone])]
    articles, sizes = known.groups.articles(everyone)
    comparison = _compare(known, everyone, articles, sizes, measure)
    local = np.isin(everyone, groups)
    needed = np.isin(articles, own) | np.isin(articles, pages)
    rows = _read(known.rows, articles, np.flatnonzero(needed))
    stories = _split(comparison, np.flatnonzero(local), names[everyone])
    digests = known.rows.hashes("digest", articles)
    corpus = read_corpus(rows, lambda row: digests[row].tobytes(), comparison, stories)
    number = {row["article_id"]: int(articles[at]) for at, row in rows.items()}
    found = [link for story in stories for link in remove_copies(story, corpus, comparison, settings)]
    return pa.Table.from_pylist([_numbered(link, number) for link in found], schema=NUMBERED)


def _compare(known: Known, everyone: Numbers, articles: Numbers, sizes: Numbers, measure: Measure) -> Comparison:
    """A comparison of some groups (in the order of content) as if there were no others."""
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    exact = ExactGroups(np.arange(len(articles)), starts, np.repeat(np.arange(len(everyone)), sizes))
    words = known.rows.take(["words"], known.groups.reps[everyone])["words"].to_numpy()
    at = known.positions[everyone]
    place = np.full(len(known.positions), -1, dtype=np.int64)
    place[at] = np.arange(len(at))
    pairs = known.pairs.take(known.pairs.verdicts.linked)
    pairs = pairs.take((place[pairs.left] >= 0) & (place[pairs.right] >= 0))
    linked = Linked(place[pairs.left], place[pairs.right], pairs.verdicts)

    def link(left: Numbers, right: Numbers) -> Linked:
        verdicts = measure(at[left], at[right])
        chosen = stay_linked(known.forms, at[left], at[right], verdicts)
        part = Verdicts(*(getattr(verdicts, name)[chosen] for name in Verdicts.__slots__))
        return Linked(left[chosen], right[chosen], part)

    return Comparison(exact, words, linked, link)


def _read(rows: Rows, articles: Numbers, places: Numbers) -> Mapping[int, Row]:
    table = rows.take(["article_id", *KNOWN.names], articles[places])
    return dict(zip(places.tolist(), table.to_pylist(), strict=True))


def _split(comparison: Comparison, local: Numbers, names: Numbers) -> list[list[int]]:
    """The articles of each story, by the groups that belong to it."""
    order = local[np.argsort(names[local], kind="stable")]
    stories: dict[int, list[int]] = {}
    for group in order.tolist():
        stories.setdefault(int(names[group]), []).extend(comparison.groups[group])
    return [sorted(story) for story in stories.values() if len(story) > 1]


def _numbered(link: Mapping[str, Any], number: Mapping[str, int]) -> dict[str, Any]:
    return {
        "copy": number[link["article_id"]],
        "survivor": number[link["canonical_id"]],
        **{name: link[name] for name in ("kind", "jaccard", "containment")},
    }
