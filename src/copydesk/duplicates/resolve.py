"""Linked pairs → which article is a copy of which: each copy once, verified against its survivor, no chains.

An article goes only if it is linked to the survivor itself and at least two thirds of its words are in the survivor
(`settings.duplicates.removal_coverage`), or if it is an older version of the same page. Links below that are reported
by
`find_pairs`, but nothing is removed for them: an excerpt in as much text of its own stays.

Texts below 25 words say too little to be told apart by their words: they are copies of each other only with the same
words, title, outlet and day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.duplicates.candidates import pack, unpack
from copydesk.duplicates.columns import as_strings, read_columns
from copydesk.duplicates.compare import LARGEST_CLOSURE, Comparison, Linked, compare
from copydesk.duplicates.engine import Engine, LoadTexts, open_engine, open_stored
from copydesk.duplicates.fold import UPPER_MARK, words
from copydesk.duplicates.groups import Digest, connect
from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.order import Row, rank, version
from copydesk.duplicates.scores import open_scores
from copydesk.duplicates.verify import SHORT_WORDS
from copydesk.errors import UsageError
from copydesk.settings import DuplicateSettings, Settings

LINKS = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("canonical_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("jaccard", pa.float64(), nullable=False),
        pa.field("containment", pa.float64(), nullable=False),
    ]
)
"""`article_id` is the copy, `canonical_id` its survivor; `kind`: exact, near, excerpt, revision, syndicated;
`jaccard` and
`containment` (0 to 1) of their runs of three words."""

LIKELY = 16
"""In a story of too many texts for all its pairs, everything is measured against so many likely survivors, by rank and
by what they are known to hold; what these don't take goes by the pairs that are known."""
TITLE_WORDS = 4
"""Titles of fewer words ("Weather", "News in brief") say nothing about the text."""
LEAST_RUNS = 0.36
"""Share of the smaller text's runs of three words below which a linked text stays. On a corpus of retold stories the
links below .4 were two newsrooms telling one event in like words; at .5 light scans and agency copies stayed too (the
benchmark's heavy edits found fell from .97 to .88; at .36 they are at .94)."""
NOTE_WORDS, NOTE_RUNS = 150, 0.56
"""A near copy below 150 words goes only if it shares 0.56 of its runs of three words. Match reports and notes written
from one form share 0.53 and differ in who, when and how many, whatever their alignment says; badly scanned briefs stay
with them."""
SHORT_COVERAGE = 0.95
"""Share of a text below 25 words that a longer one must hold for the short one to be its excerpt."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A linked pair seen from one side: `covered` is the share of that side's words that is in the other text."""

    same: bool
    jaccard: float
    containment: float
    covered: float


@dataclass(frozen=True, slots=True)
class Corpus:
    """The articles of stories, and which are linked.

    A *unit* is a tuple of articles of the same words (for short texts also the same title, outlet and day);
    `units[group]` those of a group of
    texts of the same words; `pairs[group]` the groups it is linked with.
    """

    rows: Mapping[int, Row]
    words: Mapping[int, int]
    groups: Mapping[int, int]
    units: Mapping[int, Sequence[tuple[int, ...]]]
    pairs: dict[int, dict[int, Pair]]
    outdated: frozenset[int]
    digest: Digest


@dataclass(frozen=True, slots=True)
class Linking:
    """The links (schema `LINKS`), and the measures they rest on (schema `scores.SCORES`), for the next time."""

    links: pa.Table
    scores: pa.Table


def find_links(
    articles: pa.Table,
    settings: Settings | None = None,
    *,
    sketches: pa.Table | None = None,
    texts: LoadTexts | None = None,
    compile_code: bool | None = None,
) -> pa.Table:
    """The removed copies with their survivors (schema `LINKS`), sorted by `article_id`; none for no articles.

    `articles` needs `article_id` and `text`; `title`, `outlet`, `url`, `url_key`, `published_on`, `published_at`,
    `modified_at`, `authors`, `section`, `language` are used where they are there and not null. With `sketches`
    (`columns.sketch_columns`, one row per article) no texts are needed but those that `texts` is asked for, by row;
    the links are the same.

    >>> story = "The council of Marlow voted on Monday to close the old swimming pool by the river next spring, "
    >>> table = pa.table({"article_id": ["a", "b"], "text": [story * 2, story * 2 + "its mayor said on Tuesday."]})
    >>> find_links(table).select(["article_id", "canonical_id", "kind"]).to_pylist()
    [{'article_id': 'a', 'canonical_id': 'b', 'kind': 'near'}]
    """
    if sketches is not None:
        return link_sketches(
            articles, sketches, texts or _texts_of(articles), settings, compile_code=compile_code
        ).links
    engine = open_engine(as_strings(articles["text"]), compile_code=compile_code)
    return _find_links(articles, engine, settings)


def link_sketches(
    articles: pa.Table,
    sketches: pa.Table,
    texts: LoadTexts,
    settings: Settings | None = None,
    *,
    scores: pa.Table | None = None,
    compile_code: bool | None = None,
) -> Linking:
    """The links, as `find_links`, and the measures of all pairs that were compared.

    Give the measures of the last time as `scores`: pairs of texts that were compared then, and of which the same runs
    are common in the corpus, aren't measured again. The result doesn't depend on it.

    Raises UsageError where sketches or scores were made by another version, or there aren't as many as articles.
    """
    if len(sketches) != len(articles):
        raise UsageError(f"{len(articles)} articles and {len(sketches)} sketches; make the sketches again")
    book = open_scores(scores)
    engine = open_stored(read_columns(sketches), texts, book, compile_code=compile_code)
    return Linking(_find_links(articles, engine, settings), book.table())


def _texts_of(articles: pa.Table) -> LoadTexts:
    if "text" not in articles.column_names:
        raise UsageError("the articles have no column 'text'; say how texts are loaded with texts=")
    return lambda rows: as_strings(articles["text"].take(pa.array(rows, pa.int64()))).to_pylist()


def _find_links(articles: pa.Table, engine: Engine, settings: Settings | None) -> pa.Table:
    limits = (settings or Settings()).duplicates
    keys = [hash_column(_column(articles, "url_key")), hash_column(map(_title_key, _column(articles, "title")))]
    comparison = compare(engine, limits, keys=keys)
    stories = _stories(comparison)
    corpus = _read_corpus(_rows(articles, stories), engine.digest, comparison, stories)
    found = [link for story in stories for link in _resolve(story, corpus, comparison, limits)]
    return pa.Table.from_pylist(sorted(found, key=lambda link: str(link["article_id"])), schema=LINKS)


def _column(articles: pa.Table, name: str) -> list[str | None]:
    if name not in articles.column_names:
        return []
    values: list[str | None] = articles[name].to_pylist()
    return values


def _rows(articles: pa.Table, stories: Sequence[Sequence[int]]) -> dict[int, Row]:
    """The rows of the articles of these stories, and of all pages under their URL keys; no others are needed."""
    chosen = np.zeros(len(articles), dtype=bool)
    chosen[[i for story in stories for i in story]] = True
    if "url_key" in articles.column_names:
        same_page = pc.is_in(articles["url_key"], value_set=articles["url_key"].filter(chosen).drop_null())
        chosen |= np.asarray(same_page)
    numbers = np.flatnonzero(chosen)
    table = articles.select([name for name in articles.column_names if name != "text"])
    return dict(zip(numbers.tolist(), table.take(numbers).to_pylist(), strict=True))


def hash_column(values: Iterable[str | None]) -> Hashes:
    """A key per value for `compare`: 0 where there is none; no keys for no values."""
    found = [hashlib.blake2b(value.encode(), digest_size=8).digest() if value else bytes(8) for value in values]
    return np.frombuffer(b"".join(found), dtype=np.uint64)


def fold_title(title: str | None) -> str:
    """The words of a title as they are compared.

    >>> fold_title("Café fire: 3 hurt")
    'cafe fire 3 hurt'
    """
    return " ".join(words(title or "")).replace(UPPER_MARK, "")


def _title_key(title: str | None) -> str | None:
    folded = fold_title(title)
    return "title " + folded if folded.count(" ") >= TITLE_WORDS - 1 else None


def _read_corpus(
    rows: Mapping[int, Row], digest: Digest, comparison: Comparison, stories: Sequence[Sequence[int]]
) -> Corpus:
    groups = {i: int(comparison.groups.of[i]) for i in rows}
    lengths = {i: int(comparison.words[group]) if group >= 0 else 0 for i, group in groups.items()}
    told = {groups[i] for story in stories for i in story}
    units = {group: _split_short(comparison.groups[group], rows, lengths) for group in told}
    pairs: dict[int, dict[int, Pair]] = {}
    _add_pairs(pairs, comparison.linked)
    return Corpus(rows, lengths, groups, units, pairs, _find_outdated(rows, groups, pairs), digest)


def _split_short(
    members: Sequence[int], rows: Mapping[int, Row], lengths: Mapping[int, int]
) -> tuple[tuple[int, ...], ...]:
    if len(members) == 1 or lengths[members[0]] >= SHORT_WORDS:
        return (tuple(members),)
    apart: dict[tuple[Any, ...], list[int]] = {}
    for i in members:
        key = (fold_title(rows[i].get("title")), rows[i].get("outlet"), rows[i].get("published_on"))
        apart.setdefault(key, []).append(i)
    return tuple(map(tuple, apart.values()))


def _add_pairs(pairs: dict[int, dict[int, Pair]], linked: Linked) -> None:
    values = linked.verdicts
    columns = (values.same, values.jaccard, values.containment, values.covered_b, values.covered_a)
    for a, b, same, jaccard, containment, covered_a, covered_b in zip(
        linked.left.tolist(), linked.right.tolist(), *(column.tolist() for column in columns), strict=True
    ):
        pairs.setdefault(a, {})[b] = Pair(same, jaccard, containment, covered_a)
        pairs.setdefault(b, {})[a] = Pair(same, jaccard, containment, covered_b)


def _find_outdated(
    rows: Mapping[int, Row], groups: Mapping[int, int], pairs: Mapping[int, Mapping[int, Pair]]
) -> frozenset[int]:
    """The articles of which there is a linked newer version under the same URL key."""
    by_url: dict[str, list[int]] = {}
    for i, row in rows.items():
        if row.get("url_key") and groups[i] >= 0:
            by_url.setdefault(row["url_key"], []).append(i)
    found = set()
    for pages in by_url.values():
        latest = max((v for i in pages if (v := version(rows[i]))), default=None)
        newest = {groups[i] for i in pages if version(rows[i]) == latest}
        for i in pages:
            older = latest is not None and version(rows[i]) != latest
            if older and (groups[i] in newest or newest & pairs.get(groups[i], {}).keys()):
                found.add(i)
    return frozenset(found)


def _stories(comparison: Comparison) -> list[list[int]]:
    """The articles of each set of groups that hang together by links, where there is more than one article."""
    groups, linked = comparison.groups, comparison.linked
    story = connect(len(groups), linked.left, linked.right)
    names = np.repeat(story, np.diff(groups.starts))
    order = np.lexsort((groups.flat, names))
    breaks = np.flatnonzero(names[order[1:]] != names[order[:-1]]) + 1
    parts = np.split(groups.flat[order], breaks)
    return [part.tolist() for part in parts if len(part) > 1]


def _resolve(
    story: list[int], corpus: Corpus, comparison: Comparison, limits: DuplicateSettings
) -> Iterable[dict[str, Any]]:
    """The copies in one story: the article of the best rank stays and takes what it covers, then the next of those
    left.
    """
    undecided = set(story)
    groups = sorted({corpus.groups[i] for i in story})
    if len(groups) > LARGEST_CLOSURE:
        _measure_likely(story, groups, corpus, comparison, limits)
    for survivor in _in_order(story, groups, corpus, limits):
        if survivor not in undecided:
            continue
        undecided.discard(survivor)
        for copy, pair in _taken(survivor, undecided, corpus, limits):
            undecided.discard(copy)
            yield _link(copy, survivor, pair, corpus)


def _in_order(story: Sequence[int], groups: Sequence[int], corpus: Corpus, limits: DuplicateSettings) -> list[int]:
    """The articles of a story in the order of survivors."""
    held = {group: _count_held(group, corpus, limits) for group in groups}
    best = max(max(held.values()), 1.0)
    return sorted(story, key=lambda i: _place(i, corpus, held[corpus.groups[i]] / best))


def _place(i: int, corpus: Corpus, holds: float = 1.0) -> tuple[Any, ...]:
    return rank(corpus.rows[i], corpus.digest(i), corpus.words[i], outdated=i in corpus.outdated, holds=holds)


def _count_held(group: int, corpus: Corpus, limits: DuplicateSettings) -> float:
    """How many other articles of the story could go for a text of this group, each by the share of it that is there."""
    held = sum(map(len, corpus.units[group])) - 1.0
    for other in sorted(corpus.pairs.get(group, {})):
        pair = corpus.pairs[other][group]
        if pair.covered >= limits.removal_coverage and _same_runs(pair, corpus.words[corpus.units[other][0][0]]):
            held += sum(map(len, corpus.units[other])) * pair.covered
    return held


def _measure_likely(
    story: Sequence[int], groups: Sequence[int], corpus: Corpus, comparison: Comparison, limits: DuplicateSettings
) -> None:
    """Measures all groups of a large story against its likely survivors: the first by rank, and those known to
    hold most.
    """
    by_rank = [corpus.groups[i] for i in sorted(story, key=lambda i: _place(i, corpus))]
    held = {group: _count_held(group, corpus, limits) for group in groups}
    by_held = sorted(groups, key=lambda group: (-held[group], group))
    for group in dict.fromkeys([*dict.fromkeys(by_rank[:LIKELY]), *by_held[:LIKELY]]):
        known = corpus.pairs.get(group, {})
        others = np.array([g for g in groups if g != group and g not in known], dtype=np.int64)
        _add_pairs(corpus.pairs, comparison.measure(*unpack(pack(np.full(len(others), group), others))))


def _taken(
    survivor: int, undecided: set[int], corpus: Corpus, limits: DuplicateSettings
) -> list[tuple[int, Pair | None]]:
    """The undecided articles that are copies of the survivor; without a pair where the words are the same."""
    group = corpus.groups[survivor]
    same = next(unit for unit in corpus.units[group] if survivor in unit)
    found: list[tuple[int, Pair | None]] = [(i, None) for i in same if i in undecided]
    for other in sorted(corpus.pairs.get(group, {})):
        seen = corpus.pairs[other][group]
        for unit in corpus.units[other]:
            found.extend((i, seen) for i in unit if i in undecided and _goes(i, survivor, seen, corpus, limits))
    return found


def _goes(copy: int, survivor: int, pair: Pair, corpus: Corpus, limits: DuplicateSettings) -> bool:
    """Whether a linked article may go: its words are in the survivor, or it is an older version of that page."""
    if corpus.words[copy] < SHORT_WORDS:
        return pair.covered >= SHORT_COVERAGE and corpus.words[survivor] >= SHORT_WORDS
    if _is_revision(copy, survivor, corpus):
        return True
    return _same_runs(pair, corpus.words[copy]) and pair.covered >= limits.removal_coverage


def _same_runs(pair: Pair, words: int) -> bool:
    """Whether a text of so many words shares enough runs of words with another one to go for it."""
    note = pair.same and words < NOTE_WORDS
    return pair.containment >= (NOTE_RUNS if note else LEAST_RUNS)


def _is_revision(copy: int, survivor: int, corpus: Corpus) -> bool:
    row, kept = corpus.rows[copy], corpus.rows[survivor]
    return copy in corpus.outdated and survivor not in corpus.outdated and row["url_key"] == kept.get("url_key")


def _link(copy: int, survivor: int, pair: Pair | None, corpus: Corpus) -> dict[str, Any]:
    return {
        "article_id": corpus.rows[copy]["article_id"],
        "canonical_id": corpus.rows[survivor]["article_id"],
        "kind": _kind(copy, survivor, pair, corpus),
        "jaccard": pair.jaccard if pair else 1.0,
        "containment": pair.containment if pair else 1.0,
    }


def _kind(copy: int, survivor: int, pair: Pair | None, corpus: Corpus) -> str:
    outlets = {corpus.rows[i].get("outlet") for i in (copy, survivor)}
    if pair and _is_revision(copy, survivor, corpus):
        return "revision"
    if pair and not pair.same:
        return "excerpt"
    if len(outlets) == 2 and None not in outlets:
        return "syndicated"
    return "near" if pair else "exact"
