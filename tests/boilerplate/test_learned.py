"""Tests of lines learned per outlet."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa

from copydesk.article import Article, Block, Metadata, Source
from copydesk.boilerplate.learned import find_furniture, learn_furniture, remove_lines
from copydesk.boilerplate.lines import read_lines, recurring_lines, standing_lines
from copydesk.contamination.stories import stories_of
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


def furniture(articles: list[Article], links: pa.Table = NONE) -> list[tuple[int, ...]]:
    """The positions of the lines in each article that its corpus shows to be furniture."""
    columns = pa.table({"lines": standing_lines(articles)})
    chosen = Settings().boilerplate
    lines = recurring_lines(columns, np.arange(len(articles)), chosen.learned_min_words, chosen.learned_min_stories)
    stories = stories_of(pa.array([article.article_id for article in articles], pa.string()), links)
    kept = np.array([len(article.blocks) for article in articles], np.int64)
    sizes = np.array([len(article.text.split()) for article in articles], np.int64)
    found = find_furniture(lines, learn_furniture(lines, stories, sizes, Settings()), kept)
    return [found.get(row, ()) for row in range(len(articles))]


def test_no_articles_teach_nothing() -> None:
    """An empty corpus has no furniture."""
    assert furniture([]) == []


def test_learns_a_line_under_different_stories() -> None:
    """A line at the foot of three different stories that has to do with none of them is furniture."""
    articles = [story(n, PROMO) for n in range(4)]
    assert furniture(articles) == [(9,)] * 4


def test_furniture_is_removed_by_position() -> None:
    """The blocks at these positions go, by a rule that can be named; without positions the article stays as it was."""
    article = story(0, PROMO)
    cleaned = remove_lines(article, (9,))
    assert cleaned.text == "\n\n".join(block.text for block in article.blocks[:9])
    assert [(d.rule, d.before) for d in cleaned.decisions] == [("learned-line/2", PROMO)]
    assert remove_lines(article, ()) == article


def test_two_stories_are_not_enough() -> None:
    """A line in two stories is not learned."""
    assert not any(furniture([story(0, PROMO), story(1, PROMO), story(2)]))


def test_copies_of_one_story_are_one_story() -> None:
    """Three copies of a story teach nothing."""
    links = pa.table({"article_id": ["id5", "id10"], "canonical_id": ["id0", "id0"]})
    assert not any(furniture([story(0, PROMO), story(5, PROMO), story(10, PROMO)], links))


def test_short_lines_are_never_learned() -> None:
    """Speakers, subheads and places recur."""
    assert not any(furniture([story(n, "BERGEN:", "What happens next", "Lind, West Coast") for n in range(5)]))


def test_questions_and_quotations_are_never_learned() -> None:
    """An interviewer's standing question and a motto stay."""
    foot = ("What was the first thing you saw this morning?", "“We keep the sea out and the light in,” the motto says.")
    assert not any(furniture([story(n, *foot) for n in range(5)]))


def test_line_repeated_inside_an_article_is_a_speaker_or_a_refrain() -> None:
    """A line that stands twice in one article is not learned."""
    assert not any(furniture([story(0, PROMO, PROMO), story(1, PROMO), story(2, PROMO), story(3, PROMO)]))


def test_background_paragraphs_stay() -> None:
    """A paragraph that recurs under stories on one subject is about them: it stays."""
    background = "The port, the ice and the ferry have kept the harbour crew of Lind apart since the great winter."
    assert not any(furniture([story(n * len(SUBJECTS), background) for n in range(5)]))


def test_lines_in_the_middle_stay() -> None:
    """A phrase that recurs now here, now there, is the writer's."""
    articles = []
    for n in range(5):
        article = story(n)
        blocks = (*article.blocks[: 4 + n % 2], Block(PROMO), *article.blocks[4 + n % 2 :])
        articles.append(Article(article.article_id, article.source, blocks, article.metadata))
    assert not any(furniture(articles))


BRIEFS = (
    ("A cyclist was taken to hospital after a collision with a van in Mill Lane on Tuesday.", "She broke an arm."),
    ("Firefighters were called to a burning shed in Netherfield before midnight.", "Two mowers were lost."),
    ("A lorry carrying plasterboard wedged itself under the railway bridge on Thursday.", "Trains were held."),
    ("A walker who slipped above the quarry was brought down on Saturday.", "He had a torch and a flask."),
)
CLOSING = ("No one else was hurt in the incident.", "The investigation into the cause continues.")


def brief(n: int, *foot: str) -> Article:
    """One of four briefs, with lines below it."""
    blocks = tuple(Block(line) for line in (*BRIEFS[n], *foot))
    return Article(f"brief{n}", Source(f"brief{n}.txt", 0, None), blocks, Metadata(outlet="Harbor Times"))


def test_briefs_teach_nothing() -> None:
    """Sentences that close one brief after the other are part of the news: in so few words nothing tells."""
    assert not any(furniture([brief(n, *CLOSING) for n in range(4)]))
    assert not any(furniture([*(brief(n, *CLOSING) for n in range(4)), story(0, *CLOSING), story(1, *CLOSING)]))


def test_briefs_lose_what_longer_stories_have_taught() -> None:
    """Furniture goes from the briefs of an outlet, too."""
    articles = [*(story(n, PROMO) for n in range(3)), brief(0, *CLOSING, PROMO), brief(1, *CLOSING, PROMO)]
    assert furniture(articles) == [(9,), (9,), (9,), (4,), (4,)]


def test_other_outlets_keep_the_line() -> None:
    """Lines are learned and removed per outlet; without an outlet nothing is."""
    stranger = story(7, PROMO)
    other = Article("x", stranger.source, stranger.blocks, Metadata(outlet="Northern Post"))
    unknown = Article("y", stranger.source, stranger.blocks)
    assert furniture([*(story(n, PROMO) for n in range(4)), other, unknown]) == [*[(9,)] * 4, (), ()]


def test_lines_beside_articles_of_unknown_outlets_are_the_same() -> None:
    """Of those nothing is asked, and an article's own lines are what they are without them."""
    known, unknown = story(1, PROMO), Article("y", Source("y.txt", 0, None), story(2, PROMO).blocks)
    mixed = standing_lines([unknown, known, unknown])
    assert mixed.to_pylist() == [[], *standing_lines([known]).to_pylist(), []]
    assert mixed[1]
    assert standing_lines([unknown, unknown]).to_pylist() == [[], []]
    assert standing_lines([]).to_pylist() == []


def test_order_makes_no_difference() -> None:
    """The same articles in another order have the same furniture."""
    articles = [
        story(n, PROMO, "Harbor Times is read in every port of the west, by day and by night.") for n in range(6)
    ]
    found = dict(zip(articles, furniture(articles), strict=True))
    assert set(found.values()) == {(9,)}
    shuffled = articles[:]
    random.Random(1).shuffle(shuffled)  # noqa: S311 - any order will do
    assert furniture(shuffled) == [found[article] for article in shuffled]


def test_an_article_is_never_emptied() -> None:
    """Where nothing but learned lines is left, they stay: another stage says what such a record is."""
    bare = Article("z", Source("z.txt", 0, None), (Block(PROMO),), Metadata(outlet="Harbor Times"))
    assert furniture([*(story(n, PROMO) for n in range(4)), bare]) == [*[(9,)] * 4, ()]


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
