"""Lines that an outlet puts under many stories, learned from the corpus.

Frequency alone proves nothing: the names of interview speakers, questions, subheads, and background
paragraphs ("The strike began in May ...") recur as well. A line is furniture of its outlet only if it

- has at least five words and stands in at least three *different* stories (copies count once),
- never stands twice in one article,
- is no question, speaks for nobody ("LIND:"), quotes nobody,
- stands at the same edge of its articles, and
- has nothing to do with any of them: its own words don't occur in the articles it stands in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from copydesk.article import Action, Article, BlockKind, Decision, Outcome, decide
from copydesk.boilerplate.repeats import word_key
from copydesk.contamination.background import load_background
from copydesk.contamination.hashing import word_hash
from copydesk.contamination.stories import story_numbers
from copydesk.settings import Settings

STAGE = "boilerplate"
RULE = "learned-line/1"
MAX_WORDS = 60
"""Longer lines that recur are paragraphs of background."""
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
class _Stand:
    """One place where a line stands."""

    article: int
    position: int
    before: int
    after: int


def outlet_of(article: Article) -> str | None:
    """The outlet that learned lines are kept by: its domain where known, else its name."""
    return article.metadata.outlet_domain or article.metadata.outlet


def learn_lines(articles: Sequence[Article], links: pa.Table, settings: Settings) -> LearnedLines:
    """The furniture that recurs in different stories of an outlet. Articles of unknown outlet teach nothing.

    The result depends on the set of articles, not on their order. `links` has the columns article_id, canonical_id.
    """
    stories = story_numbers(articles, links)
    stands: dict[tuple[str, str], list[_Stand]] = defaultdict(list)
    for a, article in enumerate(articles):
        outlet = outlet_of(article)
        if outlet is None or article.outcome is not Outcome.CLEAN:
            continue
        rows = [(i, b) for i, b in enumerate(article.blocks) if b.kept]
        for n, (i, block) in enumerate(rows):
            if _may_recur(block.text, settings.boilerplate.learned_min_words) and block.kind is not BlockKind.SUBHEAD:
                stands[outlet, word_key(block.text)].append(_Stand(a, i, n, len(rows) - 1 - n))
    found = [
        line
        for (outlet, key), places in sorted(stands.items())
        if len(places) >= settings.boilerplate.learned_min_stories
        and (line := _learn(outlet, key, places, articles, stories.tolist(), settings)) is not None
    ]
    return LearnedLines(tuple(found), len(set(stories.tolist())))


def _may_recur(text: str, min_words: int) -> bool:
    """Whether a line can be furniture at all, by its form."""
    size = text.count(" ") + 1
    if not min_words <= size <= MAX_WORDS:
        return False
    stripped = text.strip()
    return not stripped.endswith(("?", ":", "?”", '?"')) and stripped[:1] not in '"“‘«„'


def _learn(
    outlet: str, key: str, places: list[_Stand], articles: Sequence[Article], stories: list[int], settings: Settings
) -> LearnedLine | None:
    where = {p.article for p in places}
    number = len({stories[a] for a in where})
    if number < settings.boilerplate.learned_min_stories or len(where) < len(places):
        return None
    head = sum(p.before < EDGE_LINES for p in places) / len(places)
    foot = sum(p.after < EDGE_LINES for p in places) / len(places)
    if max(head, foot) < MIN_EDGE_SHARE:
        return None
    related = sum(_related(articles[p.article], p.position) for p in places) / len(places)
    if related > MAX_RELATED_SHARE:
        return None
    text = min(articles[p.article].blocks[p.position].text for p in places)
    return LearnedLine(outlet, key, text, number, len(where), round(related, 3))


def _related(article: Article, position: int) -> float:
    """Share of the weight of a line's words that occurs in the other kept blocks of its article."""
    others = " ".join(b.text for i, b in enumerate(article.blocks) if b.kept and i != position)
    line = _words(article.blocks[position].text)
    rest = _words(f"{article.metadata.title or ''} {others}")
    background = load_background()
    weight = {word: background.weight(word) for word in line}
    total = sum(weight.values())
    return sum(weight[word] for word in line & rest) / total if total else 1.0


def _words(text: str) -> set[int]:
    return {word_hash(word) for word in word_key(text).split() if len(word) > 1}


def apply_learned(articles: Sequence[Article], learned: LearnedLines, settings: Settings) -> tuple[Article, ...]:  # noqa: ARG001
    """The articles without the learned lines of their outlets, in the same order."""
    by_outlet: dict[str, dict[str, LearnedLine]] = defaultdict(dict)
    for line in learned.lines:
        by_outlet[line.outlet][line.key] = line
    return tuple(_without(article, by_outlet.get(outlet_of(article) or "", {})) for article in articles)


def _without(article: Article, lines: dict[str, LearnedLine]) -> Article:
    if not lines or article.outcome is not Outcome.CLEAN:
        return article
    found = [
        Decision(STAGE, Action.REMOVED, "furniture", RULE, i, block.text)
        for i, block in enumerate(article.blocks)
        if block.kept and block.text.count(" ") < MAX_WORDS and word_key(block.text) in lines
    ]
    kept = sum(block.kept for block in article.blocks)
    return article if len(found) >= kept else decide(article, *found)
