"""Tests of lines learned per outlet."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa

from copydesk.article import Article, Block, Metadata, Source
from copydesk.boilerplate import LearnedLines, apply_learned, learn_lines
from copydesk.boilerplate.lines import read_lines, recurring_lines, standing_lines
from copydesk.settings import Settings
from copydesk.spread import spread

SUBJECTS = (
    ("port", "ice", "ferry", "harbour", "crew"),
    ("school", "teacher", "pupil", "lesson", "exam"),
    ("forest", "fire", "smoke", "ranger", "hill"),
    ("court", "judge", "trial", "jury", "lawyer"),
    ("hospital", "nurse", "doctor", "patient", "ward"),
)
NONE = pa.table({"article_id": pa.array([], pa.string()), "canonical_id": pa.array([], pa.string())})
PROMO = "Harbor Times brings you the day before breakfast, every single weekday."


def story(n: int, *foot: str, head: tuple[str, ...] = ()) -> Article:
    """A story on one of five subjects, with lines of furniture."""
    a, b, c, d, e = SUBJECTS[n % len(SUBJECTS)]
    body = [
        f"The {a} and the {b} of day {n}-{i} kept the {c}, the {d} and the {e} busy for hours on end." for i in range(9)
    ]
    lines = (*head, *body, *foot)
    meta = Metadata(title=f"The {a} and the {b}", outlet="Harbor Times")
    return Article(f"id{n}", Source(f"{n}.txt", 0, None), tuple(Block(line) for line in lines), meta)


def learned(articles: list[Article], links: pa.Table = NONE) -> LearnedLines:
    """What these articles teach."""
    return learn_lines(articles, links, Settings())


def test_no_articles_teach_nothing() -> None:
    """An empty corpus gives no lines, and applying them to nothing gives nothing."""
    assert learned([]).lines == ()
    assert apply_learned([], learned([]), Settings()) == ()


def test_learns_a_line_under_different_stories() -> None:
    """A line at the foot of three different stories that has to do with none of them is furniture."""
    articles = [story(n, PROMO) for n in range(4)]
    result = learned(articles)
    assert [line.text for line in result.lines] == [PROMO]
    assert result.lines[0].stories == 4
    cleaned = apply_learned(articles, result, Settings())
    assert all(PROMO not in article.text for article in cleaned)
    assert cleaned[0].decisions[0].rule == "learned-line/1"


def test_two_stories_are_not_enough() -> None:
    """A line in two stories is not learned."""
    assert learned([story(0, PROMO), story(1, PROMO), story(2)]).lines == ()


def test_copies_of_one_story_are_one_story() -> None:
    """Three copies of a story teach nothing."""
    links = pa.table({"article_id": ["id5", "id10"], "canonical_id": ["id0", "id0"]})
    assert learned([story(0, PROMO), story(5, PROMO), story(10, PROMO)], links).lines == ()


def test_short_lines_are_never_learned() -> None:
    """Speakers, subheads and places recur."""
    assert learned([story(n, "BERGEN:", "What happens next", "Lind, West Coast") for n in range(5)]).lines == ()


def test_questions_and_quotations_are_never_learned() -> None:
    """An interviewer's standing question and a motto stay."""
    foot = ("What was the first thing you saw this morning?", "“We keep the sea out and the light in,” the motto says.")
    assert learned([story(n, *foot) for n in range(5)]).lines == ()


def test_line_repeated_inside_an_article_is_a_speaker_or_a_refrain() -> None:
    """A line that stands twice in one article is not learned."""
    assert learned([story(0, PROMO, PROMO), story(1, PROMO), story(2, PROMO), story(3, PROMO)]).lines == ()


def test_background_paragraphs_stay() -> None:
    """A paragraph that recurs under stories on one subject is about them: it stays."""
    background = "The port, the ice and the ferry have kept the harbour crew of Lind apart since the great winter."
    assert learned([story(n * len(SUBJECTS), background) for n in range(5)]).lines == ()


def test_lines_in_the_middle_stay() -> None:
    """A phrase that recurs now here, now there, is the writer's."""
    articles = []
    for n in range(5):
        article = story(n)
        blocks = (*article.blocks[: 4 + n % 2], Block(PROMO), *article.blocks[4 + n % 2 :])
        articles.append(Article(article.article_id, article.source, blocks, article.metadata))
    assert learned(articles).lines == ()


def test_other_outlets_keep_the_line() -> None:
    """Lines are learned and applied per outlet; without an outlet nothing is."""
    result = learned([story(n, PROMO) for n in range(4)])
    stranger = story(7, PROMO)
    other = Article("x", stranger.source, stranger.blocks, Metadata(outlet="Northern Post"))
    unknown = Article("y", stranger.source, stranger.blocks)
    assert apply_learned([other, unknown], result, Settings()) == (other, unknown)


def test_order_makes_no_difference() -> None:
    """The same articles in another order teach the same."""
    articles = [
        story(n, PROMO, "Harbor Times is read in every port of the west, by day and by night.") for n in range(6)
    ]
    shuffled = articles[:]
    random.Random(1).shuffle(shuffled)  # noqa: S311 - any order will do
    assert learned(articles) == learned(shuffled)


def test_a_person_can_veto_a_line() -> None:
    """The table can be read, and a vetoed line is no longer applied."""
    result = learned([story(n, PROMO) for n in range(4)])
    assert result.table().column("text").to_pylist() == [PROMO]
    assert result.without([PROMO]).lines == ()


def test_an_article_is_never_emptied() -> None:
    """Where nothing but learned lines is left, they stay: another stage says what such a record is."""
    result = learned([story(n, PROMO) for n in range(4)])
    bare = Article("z", Source("z.txt", 0, None), (Block(PROMO),), Metadata(outlet="Harbor Times"))
    assert apply_learned([bare], result, Settings()) == (bare,)


def test_lines_are_learned_alike_however_their_articles_lie() -> None:
    """Of all lines those that recur are read, by article, whatever pieces the corpus lies in; short ones never are."""
    articles = [story(n, PROMO, "Too short") for n in range(6)]
    whole = pa.table({"lines": standing_lines(articles)})
    rows = np.arange(6)
    pieces = [whole.slice(4), whole.slice(0, 3), whole.slice(3, 1)]
    lying = spread(whole.schema, pieces, np.array([1, 1, 1, 2, 0, 0]), np.array([0, 1, 2, 0, 0, 1]))
    found, same = (recurring_lines(columns, rows, 5, 3) for columns in (whole, lying))
    every = read_lines(whole["lines"])
    assert found.owner.tolist() == same.owner.tolist() == rows.tolist()
    assert found.keys.tolist() == same.keys.tolist() == every.keys[every.after == 1].tolist()
    assert found.related.tolist() == same.related.tolist() == every.related[every.after == 1].tolist()


def test_lines_that_do_not_recur_are_not_read() -> None:
    """Two places are too few for three; no articles have no lines."""
    columns = pa.table({"lines": standing_lines([story(n, PROMO) for n in range(2)])})
    assert recurring_lines(columns, np.arange(2), 5, 3).keys.size == 0
    assert recurring_lines(columns, np.arange(0), 5, 1).keys.size == 0
