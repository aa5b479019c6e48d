"""The order of judging, and what it looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from copydesk.article import Article, Block, Metadata, Source
from copydesk.judging import hold, judge_columns
from copydesk.judging.columns import judging_columns
from copydesk.settings import Settings

S = Settings()
FOOT = "Harbor Times brings you the day before breakfast, every single weekday."
SUBJECTS = ("port", "school", "forest", "court", "hospital")


def name(number: int) -> str:
    """The id of an article."""
    return f"{number:032x}"


def story(n: int, *lines: str, words: int) -> Article:
    """A story of one paragraph of so many words, with lines at its foot."""
    subject = SUBJECTS[n % len(SUBJECTS)]
    letters = "abcdefghijklmnopqrstuvwxyz"
    body = " ".join(f"{letters[n]}{letters[i % 26]}{letters[i // 26]}{subject}" for i in range(words)) + "."
    known = Metadata(title=f"The {subject} {n}", outlet="Harbor Times")
    return Article(name(n), Source(f"{n}.txt", 0, "0" * 64), tuple(map(Block, (body, *lines))), known)


@dataclass(frozen=True, slots=True)
class Watched:
    """A shelf that notes which rows are loaded."""

    articles: tuple[Article, ...]
    loaded: list[int] = field(default_factory=list)

    @property
    def columns(self) -> pa.Table:
        """The judging columns."""
        return judging_columns(self.articles)

    def load(self, rows: Sequence[int]) -> Iterator[Article]:
        """These articles."""
        self.loaded.extend(rows)
        return (self.articles[row] for row in rows)

    def texts(self, rows: Sequence[int]) -> list[str]:
        """Their texts."""
        return [article.text for article in self.load(rows)]


def test_articles_with_plenty_left_are_not_loaded() -> None:
    """Only of an article of which little is left it must be asked whether it is one still."""
    shelf = Watched((*(story(n, FOOT, words=90) for n in range(4)), story(4, FOOT, words=20)))
    # Before, texts are loaded to be measured: all of them share the line.
    begun: list[str] = []

    def begin(step: str, _: int) -> None:
        begun.append(step)
        if step != "survivors":
            shelf.loaded.clear()

    found = judge_columns(shelf, S, begin=begin).verdicts  # type: ignore[arg-type]  # a shelf that isn't changed
    assert begun[-2:] == ["foreign paragraphs", "survivors"]
    assert sorted(found) == [0, 1, 2, 3, 4]
    assert shelf.loaded == [4]


def test_article_is_none_when_nothing_else_is_left() -> None:
    """What was an article by its furniture alone has another outcome, whether or not it lies among many."""
    bare = Article(name(9), Source("9.txt", 0, None), (Block("Ice"), Block(FOOT)), Metadata(outlet="Harbor Times"))
    found = judge_columns(hold((*(story(n, FOOT, words=90) for n in range(4)), bare)), S).verdicts
    assert found[4].no_article == "stub: 1 word and no sentence"
    assert not found[4].clean
