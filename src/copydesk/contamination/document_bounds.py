"""Which articles may be off a theme: by figures that were taken on another night, and how far things have moved since.

Each article is held against a company of 1,024, of which a night of one new article in a hundred changes ten. So all
figures change every night, and all by little. What is kept of each article are its figures beside the company of some
earlier night, the *reference*. From how far words, middle and members have moved since, it follows how far each figure
can have moved: nearly all articles are so deep within the theme that they can't be off it now. Only the others are
looked at, so what comes out is what would come out if all were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.contamination.document_company import Company, Near
from copydesk.contamination.document_figures import FLUENT, Question
from copydesk.contamination.document_words import Documents
from copydesk.contamination.figures import MIN_KNOWN_SHARE
from copydesk.contamination.model import Model
from copydesk.contamination.papers import Corpus
from copydesk.contamination.signals import Figures
from copydesk.contamination.subjects import OTHERS, Others, choose_others, other_subjects
from copydesk.contamination.telling import Telling, hold_telling
from copydesk.duplicates.hashing import STEP, Hashes, find_keys, finish_all
from copydesk.machine.forks import map_in_forks
from copydesk.machine.work import ALONE, Work
from copydesk.one_row import list_field, one_list

HELD, SPARE = 256, 16
"""Members of a reference that articles are held against, the first; and how many of these may have gone since. All that
have gone might be the nearest ones of an article, so those behind so many nearer ones are taken. What is told is how
near the company comes at least. A night takes two or three of the 256, so a reference lasts for some."""
NEAR = Near(HELD, SPARE)
MARGIN = 0.05
"""How much farther from the theme than its border other subjects are looked for, as the border moves."""
MOST_STRESS = 3.5
"""How much more a word counts that is repeated 65,000 times."""
ROUNDING = 0.001
"""What sums in another order, and figures kept with half of their digits, may make out."""
ROWS_AT_ONCE = 1 << 14
"""Articles whose scores are worked out together."""

KEPT = ("words", "stressed", "title", "topic", "nearest", "others", "hits", "theme", FLUENT)
"""The figures that are kept of each article, as far as they are asked for."""


THEMES = pa.schema(
    [
        list_field("articles", pa.uint64()),
        list_field("figures", pa.float32()),
        list_field("members", pa.uint64()),
        list_field("vectors", pa.float32()),
        list_field("core", pa.int64()),
        list_field("ids", pa.uint32()),
        list_field("says", pa.float64()),
        list_field("chosen", pa.bool_()),
    ]
)
"""One row. `articles` are the keys of articles, two numbers each, and `figures` theirs in the order of KEPT, as many
for each as there are. The others are the reference: the keys of its `members`, their `vectors`, the ranks of the
`core`, the `ids` of words and what each `says` outside of the company; which other subjects were `chosen`, a MARGIN
included (none where these aren't asked)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A company that figures were held against, and the keys of its members, uint64, shape (members, 2)."""

    company: Company
    members: Hashes


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is known: the keys of articles (uint64, shape (articles, 2)) and their figures beside a reference."""

    reference: Reference
    articles: Hashes
    figures: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Doubt:
    """The places of the articles that may be off the theme, in order, the company among them; the figures of all that
    the others were settled by (none where all are to be looked at), and what the next night needs (schema `THEMES`).
    """

    places: NDArray[np.int64]
    figures: Mapping[str, Figures]
    known: pa.Table


def find_doubtful(
    question: Question,
    documents: Documents,
    contents: Hashes | None,
    known: pa.Table | None,
    model: Model,
    limit: float,
    work: Work = ALONE,
) -> Doubt:
    """The articles whose log-odds may lie above the limit; all where nothing can be known of them, or they are few."""
    every = Doubt(np.arange(len(documents)), {}, THEMES.empty_table())
    if contents is None or question.company is None or len(documents) == len(question.company):
        return every
    keys = article_keys(documents.corpus, documents.rows, contents)
    members = keys[: len(question.company)]
    kept = _recall(known, question, len(documents))
    shifts = moved(kept.reference, question, members) if kept else None
    if shifts is None:
        kept = _refer_to(question, members)
        shifts = moved(kept.reference, question, members) if kept else None
    if kept is None or shifts is None:
        return every
    figures = _figures_of(kept, question, documents, keys, work)
    by_name = dict(zip(names_of(question), figures.astype(np.float64).T, strict=True))
    possible = highest_scores(question, by_name, shifts, model) > limit
    possible &= by_name[FLUENT] >= MIN_KNOWN_SHARE - ROUNDING
    possible[: len(question.company)] = True  # Their figures are known.
    return Doubt(np.flatnonzero(possible), by_name, _table(kept.reference, keys, figures))


def article_keys(corpus: Corpus, rows: NDArray[np.int64], contents: Hashes) -> Hashes:
    """A key for each of these articles (uint64, shape (articles, 2)), of what it says (`contents`, by row of the
    corpus) and which of its blocks are gone.
    """
    blocks = np.flatnonzero(corpus.gone)
    owner = corpus.row_of(blocks)
    lost = np.zeros(corpus.starts.size - 1, np.uint64)
    np.add.at(lost, owner, finish_all((blocks - corpus.starts[owner] + 1).astype(np.uint64)))
    keys = contents[rows].copy()
    keys[:, 0] += lost[rows] * np.uint64(STEP)
    return keys


def _refer_to(question: Question, members: Hashes) -> _Kept | None:
    """The question's company as the reference; None where there are too few other subjects, or members, to say how near
    these come at least.
    """
    company = question.company
    if company is None or len(company) < HELD:
        return None
    if company.others:
        if len(company.others.vectors) < OTHERS:
            return None
        wide = other_subjects(company.vectors, company.core, question.background, MARGIN)
        company = replace(company, others=wide)
    none = np.zeros((0, 2), np.uint64)
    return _Kept(Reference(company, members), none, np.zeros((0, len(names_of(question))), np.float32))


def moved(reference: Reference, question: Question, members: Hashes) -> dict[str, float] | None:
    """By how much each figure of an article outside of both companies may differ from that beside the reference; None
    where too much has changed. What isn't named is as it was, and of `nearest` and `others` it is told how low they can
    be.
    """
    then, now = reference.company, question.company
    if now is None or len(then) != len(now) or bool(then.others) != bool(now.others):
        return None
    if np.count_nonzero(find_keys(members, reference.members[:HELD]) < 0) > SPARE:
        return None
    if then.others and now.others and not _covers(then.others, now.others):
        return None
    words = _most_moved(then.telling, now.telling)
    middle, place = (float(np.linalg.norm(a - b)) for a, b in zip(then.middles, now.middles, strict=True))
    return {"words": words, "stressed": words * MOST_STRESS, "title": middle, "topic": place}


def _covers(then: Others, now: Others) -> bool:
    """Whether articles are no farther from these other subjects now than they were from those then."""
    return len(now.vectors) >= OTHERS and not (now.chosen & ~then.chosen).any()


def _most_moved(then: Telling, now: Telling) -> float:
    """How much what a word says has changed at most; a word that isn't there says nothing."""
    ids = np.union1d(then.ids, now.ids)
    says = np.zeros((2, ids.size))
    for own, telling in zip(says, (then, now), strict=True):
        own[np.searchsorted(ids, telling.ids)] = telling.says[0]
    return float(np.abs(says[0] - says[1]).max(initial=0))


def highest_scores(
    question: Question, figures: Mapping[str, Figures], shifts: Mapping[str, float], model: Model
) -> Figures:
    """The highest log-odds that each article can have, given its figures beside the reference, and how far these may
    have moved.
    """
    lows = range(0, figures[FLUENT].size, ROWS_AT_ONCE)
    parts = ({name: figure[low : low + ROWS_AT_ONCE] for name, figure in figures.items()} for low in lows)
    found: Figures = np.concatenate([np.zeros(0), *(_highest(question, part, shifts, model) for part in parts)])
    return found


def _highest(question: Question, figures: Mapping[str, Figures], shifts: Mapping[str, float], model: Model) -> Figures:
    low, high = dict(figures), dict(figures)
    for name, figure in figures.items():
        low[name] = figure - shifts.get(name, 0.0) - ROUNDING
        high[name] = figure + shifts.get(name, 0.0) + ROUNDING
    for name in ("nearest", "others"):
        if name in figures:
            high[name] = np.full(figures[name].size, 2.0)
    size = figures[FLUENT].size
    sides = [model.parts(model.filled(question.columns(side), size)) for side in (low, high)]
    # Each part rises or falls with its figure, so it is highest at one end.
    highest: Figures = np.maximum(*sides).sum(axis=1) + model.intercept
    return highest


def _figures_of(kept: _Kept, question: Question, documents: Documents, keys: Hashes, work: Work) -> NDArray[np.float32]:
    """The figures of all articles beside the reference: shape (articles, names)."""
    place = find_keys(kept.articles, keys)
    out = kept.figures[place] if len(kept.figures) else np.zeros((len(keys), kept.figures.shape[1]), np.float32)
    new = np.flatnonzero(place < 0)
    asked = documents.at(new)

    def figures(batch: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        some, words = asked.read(batch)
        found = question.figures(words, np.full(some.size, -1), kept.reference.company, NEAR)
        return some, np.stack([found[name] for name in names_of(question)], axis=1).astype(np.float32)

    for some, found in map_in_forks(figures, asked.batches(), work):
        out[new[some]] = found
    return out


def names_of(question: Question) -> tuple[str, ...]:
    """The names of the figures that are kept."""
    return tuple(name for name in KEPT if name in question.own)


def _table(reference: Reference, articles: Hashes, figures: NDArray[np.float32]) -> pa.Table:
    """What the next night needs (schema `THEMES`)."""
    company = reference.company
    lists = {
        "articles": articles,
        "figures": figures,
        "members": reference.members,
        "vectors": company.vectors,
        "core": company.core,
        "ids": company.telling.ids,
        "says": company.telling.says[0],
        "chosen": company.others.chosen if company.others else np.zeros(0, np.bool_),
    }
    return pa.Table.from_arrays([one_list(lists[f.name].ravel(), f.type) for f in THEMES], schema=THEMES)


def _recall(known: pa.Table | None, question: Question, size: int) -> _Kept | None:
    """What is known of articles in a corpus of this size; None where nothing is, or something else was asked."""
    if known is None or not len(known):
        return None
    lists = {name: known[name].chunk(0).flatten().to_numpy(zero_copy_only=False) for name in THEMES.names}
    articles, members = lists["articles"].reshape(-1, 2), lists["members"].reshape(-1, 2)
    background, rank = question.background, question.background.vectors.shape[1]
    if lists["figures"].size != len(articles) * len(names_of(question)) or lists["vectors"].size != len(members) * rank:
        return None
    vectors = lists["vectors"].reshape(-1, rank)
    # A copy: for arrays that can't be written to, loops would be compiled once more.
    telling = hold_telling(lists["ids"].copy(), np.stack([lists["says"]] * 2), background, size)
    others = choose_others(lists["chosen"], background) if lists["chosen"].size else None
    company = Company(vectors, question.topics.place(vectors), telling, others, lists["core"])
    return _Kept(Reference(company, members), articles, lists["figures"].reshape(len(articles), -1))
