"""Lines that an outlet puts under many stories, learned from the corpus.

Frequency alone proves nothing: the names of interview speakers, questions, subheads, and background
paragraphs ("The strike began in May ...") recur as well. A line is furniture of its outlet only if it

- has at least five words and stands in at least three *different* stories (copies count once),
- never stands twice in one article,
- is no question, speaks for nobody ("LIND:"), quotes nobody,
- stands at the same edge of its articles, and
- has nothing to do with any of them: its own words don't occur in the articles it stands in.

What this needs to know of an article are a few numbers per line (`copydesk.boilerplate.lines`), taken once; the corpus
is judged on these alone, without any text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.article import Action, Article, Decision, Outcome, decide
from copydesk.boilerplate.lines import MAX_WORDS, Lines, line_key, placed_lines, read_lines, standing_lines
from copydesk.boilerplate.repeats import word_key
from copydesk.contamination.stories import story_numbers
from copydesk.settings import Settings

STAGE = "boilerplate"
RULE = "learned-line/1"
EDGE_LINES = 4
"""A line counts as standing at an edge if no more lines than this stand before or after it."""
MIN_EDGE_SHARE = 0.9
"""Share of its articles in which a line must stand at its edge."""
MAX_RELATED_SHARE = 0.35
"""Share of the weight of a line's words that may occur elsewhere in its articles, on average. Furniture reaches 0.2,
background paragraphs start at 0.45."""


@dataclass(frozen=True, slots=True)
class LearnedLine:
    """One learned line: its outlet, key and wording, in how many stories it stands, how related to them (0 to 1)."""

    outlet: str
    key: str
    text: str
    stories: int
    articles: int
    related: float


@dataclass(frozen=True, slots=True)
class LearnedLines:
    """The learned lines, ordered by outlet and key; `stories` is the number of stories they were learned from."""

    lines: tuple[LearnedLine, ...]
    stories: int

    def without(self, vetoed: Collection[str]) -> LearnedLines:
        """The lines but for those a person has vetoed, by key or as printed."""
        keys = {word_key(text) for text in vetoed}
        return replace(self, lines=tuple(line for line in self.lines if line.key not in keys))

    def table(self) -> pa.Table:
        """The lines as a table that a person can read and veto."""
        columns = ("outlet", "text", "stories", "articles", "related", "key")
        return pa.Table.from_pydict({name: [getattr(line, name) for line in self.lines] for name in columns})


@dataclass(frozen=True, slots=True)
class Furniture:
    """The keys of learned lines (`lines.line_key`), sorted, with the figures behind each; all of shape (lines,)."""

    keys: NDArray[np.uint64]
    stories: NDArray[np.int64]
    articles: NDArray[np.int64]
    related: NDArray[np.float64]


def outlet_of(article: Article) -> str | None:
    """The outlet that learned lines are kept by: its domain where known, else its name."""
    return article.metadata.outlet_domain or article.metadata.outlet


def learn_furniture(lines: Lines, stories: NDArray[np.int64], settings: Settings) -> Furniture:
    """The lines that recur in different stories of an outlet, by what is known of each place where one stands.

    `stories` has the story of each article that `lines.owner` counts. No lines give none.
    """
    size = (lines.words >= settings.boilerplate.learned_min_words) & lines.may_recur
    keys, line = np.unique(lines.keys[size], return_inverse=True)
    owner, at_head, at_foot = lines.owner[size], lines.before[size] < EDGE_LINES, lines.after[size] < EDGE_LINES
    places = np.bincount(line, minlength=keys.size)
    # Without the lines that stand but once or twice, which are nearly all, the rest is cheap.
    few = places[line] < settings.boilerplate.learned_min_stories
    line, owner, at_head, at_foot = line[~few], owner[~few], at_head[~few], at_foot[~few]
    articles = _count_distinct(line, owner, keys.size)
    number = _count_distinct(line, stories[owner], keys.size)
    share = 1 / np.maximum(places, 1)
    head = np.bincount(line, at_head, keys.size) * share
    foot = np.bincount(line, at_foot, keys.size) * share
    related = np.bincount(line, lines.related[size][~few], keys.size) * share
    chosen = (number >= settings.boilerplate.learned_min_stories) & (articles == places)
    chosen &= (np.maximum(head, foot) >= MIN_EDGE_SHARE) & (related <= MAX_RELATED_SHARE)
    return Furniture(keys[chosen], number[chosen], articles[chosen], related[chosen])


def _count_distinct(groups: NDArray[np.int64], values: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """How many different values stand in each group."""
    order = np.lexsort((values, groups))
    group, value = groups[order], values[order]
    fresh = np.ones(group.size, np.bool_)
    fresh[1:] = (group[1:] != group[:-1]) | (value[1:] != value[:-1])
    return np.bincount(group[fresh], minlength=size)


def find_furniture(lines: Lines, furniture: Furniture, kept: NDArray[np.int64]) -> Mapping[int, tuple[int, ...]]:
    """The positions of learned lines in each article that has any, by article.

    `kept` counts the kept blocks of each article: where nothing but learned lines is left they stay, another stage says
    what such a record is.
    """
    found = np.isin(lines.keys, furniture.keys)
    owner, position = lines.owner[found], lines.position[found]
    emptied = np.bincount(owner, minlength=kept.size) >= kept
    stays = emptied[owner]
    owner, position = owner[~stays], position[~stays]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]) if owner.size else owner
    ends = np.append(starts, owner.size)[1:]
    bounds = zip(owner[starts].tolist(), starts.tolist(), ends.tolist(), strict=True)
    return {article: tuple(position[start:end].tolist()) for article, start, end in bounds}


def remove_lines(article: Article, positions: Sequence[int]) -> Article:
    """The article without the blocks at these positions, which hold learned lines."""
    found = [Decision(STAGE, Action.REMOVED, "furniture", RULE, i, article.blocks[i].text) for i in positions]
    return decide(article, *found)


def learn_lines(articles: Sequence[Article], links: pa.Table, settings: Settings) -> LearnedLines:
    """The furniture that recurs in different stories of an outlet. Articles of unknown outlet teach nothing.

    The result depends on the set of articles, not on their order. `links` has the columns article_id, canonical_id.
    """
    stories = story_numbers(articles, links)
    lines = _of_clean(articles, standing_lines(articles))
    furniture = learn_furniture(lines, stories, settings)
    figures = zip(furniture.stories.tolist(), furniture.articles.tolist(), furniture.related.tolist(), strict=True)
    by_key = dict(zip(furniture.keys.tolist(), figures, strict=True))
    texts: dict[int, tuple[str, str]] = {}
    for key, a, i in zip(lines.keys.tolist(), lines.owner.tolist(), lines.position.tolist(), strict=True):
        if key in by_key:
            place = (articles[a].blocks[i].text, outlet_of(articles[a]) or "")
            texts[key] = min(texts.get(key, place), place)
    found = [
        LearnedLine(outlet, word_key(text), text, by_key[key][0], by_key[key][1], round(by_key[key][2], 3))
        for key, (text, outlet) in texts.items()
    ]
    found.sort(key=lambda line: (line.outlet, line.key))
    return LearnedLines(tuple(found), len(set(stories.tolist())))


def _of_clean(articles: Sequence[Article], lines: pa.Array) -> Lines:
    clean = np.array([article.outcome is Outcome.CLEAN for article in articles], np.bool_)
    return read_lines(lines).of(clean)


def apply_learned(articles: Sequence[Article], learned: LearnedLines, settings: Settings) -> tuple[Article, ...]:  # noqa: ARG001
    """The articles without the learned lines of their outlets, in the same order."""
    keys = np.sort(np.array([line_key(line.outlet, line.key) for line in learned.lines], np.uint64))
    none = np.zeros(keys.size)
    furniture = Furniture(keys, none.astype(np.int64), none.astype(np.int64), none)
    kept = np.array([sum(block.kept for block in article.blocks) for article in articles], np.int64)
    found = find_furniture(_of_clean(articles, placed_lines(articles)), furniture, kept)
    return tuple(remove_lines(article, found.get(i, ())) for i, article in enumerate(articles))


__all__ = ["MAX_WORDS", "LearnedLine", "LearnedLines", "apply_learned", "learn_lines", "outlet_of"]
