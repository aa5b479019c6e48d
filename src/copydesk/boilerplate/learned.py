"""Lines that an outlet puts under many stories, learned from the corpus.

Frequency alone proves nothing: the names of interview speakers, questions, subheads, and background
paragraphs ("The strike began in May ...") recur as well. A line is furniture of its outlet only if it

- has at least five words and stands in at least three *different* stories (copies count once),
- never stands twice in one article,
- is no question, speaks for nobody ("LIND:"), quotes nobody,
- stands at the same edge of its articles, and
- has nothing to do with any of them: its own words don't occur in the articles it stands in.

Only articles that are long enough to tell teach this: in a brief of two sentences every line stands at an edge, and
"No one else was hurt" has no word in common with the rest. What longer ones have taught goes from briefs as well.

What this needs to know of an article are a few numbers per line (`copydesk.boilerplate.lines`), taken once; the corpus
is judged on these alone, without any text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from copydesk.article import Action, Article, Decision, decide
from copydesk.boilerplate.lines import Lines
from copydesk.settings import Settings

STAGE = "boilerplate"
RULE = "learned-line/2"
EDGE_LINES = 4
"""A line counts as standing at an edge if no more lines than this stand before or after it."""
MIN_EDGE_SHARE = 0.9
"""Share of its articles in which a line must stand at its edge."""
MAX_RELATED_SHARE = 0.35
"""Share of the weight of a line's words that may occur elsewhere in its articles, on average. Furniture reaches 0.2,
background paragraphs start at 0.45."""
LEAST_BESIDE = 80
"""Words beside a line from which an article teaches whether the two have to do with each other. Of the briefs in
`tests/boilerplate/test_learned.py` every closing sentence was learned."""


def learn_furniture(
    lines: Lines, stories: NDArray[np.int64], sizes: NDArray[np.int64], settings: Settings
) -> NDArray[np.uint64]:
    """The keys of the lines that recur in different stories of an outlet, in order, by what is known of each place
    where one stands.

    `stories` has the story of each article that `lines.owner` counts, `sizes` the words of its text. No lines give
    none.
    """
    size = (lines.words >= settings.boilerplate.learned_min_words) & lines.may_recur
    keys, line = np.unique(lines.keys[size], return_inverse=True)
    owner, at_head, at_foot = lines.owner[size], lines.before[size] < EDGE_LINES, lines.after[size] < EDGE_LINES
    places = np.bincount(line, minlength=keys.size)
    # Without the lines that stand but once or twice, which are nearly all, the rest is cheap.
    few = places[line] < settings.boilerplate.learned_min_stories
    line, owner, at_head, at_foot = line[~few], owner[~few], at_head[~few], at_foot[~few]
    articles = _count_distinct(line, owner, keys.size)
    tells = sizes[owner] - lines.words[size][~few] >= LEAST_BESIDE
    number = _count_distinct(line[tells], stories[owner[tells]], keys.size)
    share = 1 / np.maximum(np.bincount(line[tells], minlength=keys.size), 1)
    head = np.bincount(line[tells], at_head[tells], keys.size) * share
    foot = np.bincount(line[tells], at_foot[tells], keys.size) * share
    related = np.bincount(line[tells], lines.related[size][~few][tells], keys.size) * share
    chosen = (number >= settings.boilerplate.learned_min_stories) & (articles == places)
    chosen &= (np.maximum(head, foot) >= MIN_EDGE_SHARE) & (related <= MAX_RELATED_SHARE)
    learned: NDArray[np.uint64] = keys[chosen]
    return learned


def _count_distinct(groups: NDArray[np.int64], values: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """How many different values stand in each group."""
    order = np.lexsort((values, groups))
    group, value = groups[order], values[order]
    fresh = np.ones(group.size, np.bool_)
    fresh[1:] = (group[1:] != group[:-1]) | (value[1:] != value[:-1])
    return np.bincount(group[fresh], minlength=size)


def find_furniture(lines: Lines, learned: NDArray[np.uint64], kept: NDArray[np.int64]) -> Mapping[int, tuple[int, ...]]:
    """The positions of lines with a `learned` key in each article that has any, by article.

    `kept` counts the kept blocks of each article: where nothing but learned lines is left they stay, another stage says
    what such a record is.
    """
    found = np.isin(lines.keys, learned)
    owner, position = lines.owner[found], lines.position[found]
    emptied = np.bincount(owner, minlength=kept.size) >= kept
    stays = emptied[owner]
    owner, position = owner[~stays], position[~stays]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]) if owner.size else owner
    ends = np.append(starts, owner.size)[1:]
    bounds = zip(owner[starts].tolist(), starts.tolist(), ends.tolist(), strict=True)
    positions = position.tolist()
    return {article: tuple(positions[start:end]) for article, start, end in bounds}


def remove_lines(article: Article, positions: Sequence[int]) -> Article:
    """The article without the blocks at these positions, which hold learned lines."""
    found = [Decision(STAGE, Action.REMOVED, "furniture", RULE, i, article.blocks[i].text) for i in positions]
    return decide(article, *found)
