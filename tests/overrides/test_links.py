"""What people decided about two articles beats the matcher, and removes nobody else."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from copydesk.article import Article
from copydesk.duplicates import carry_links
from copydesk.duplicates.decided import LINKS
from copydesk.overrides import NONE, LinkChanges, Overrides, override_links
from copydesk.settings import Settings

Make = Callable[..., Article]
Say = Callable[[str], Overrides]
S = Settings()

BREAD = "Prices for bread rose on Monday in all towns along the coast, the guild of bakers said in a letter. "
FERRY = "The ferry to Stroma sails again from Monday after a winter of repairs, its operator told the islanders. "


def table(articles: list[Article], *pairs: tuple[int, int]) -> pa.Table:
    """Links from copies to survivors, by position."""
    rows = [
        {
            "article_id": articles[a].article_id,
            "canonical_id": articles[b].article_id,
            "kind": "near",
            "jaccard": 0.8,
            "containment": 0.9,
        }
        for a, b in pairs
    ]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: row["article_id"]), schema=LINKS)


def link(a: int, b: int, choice: str) -> str:
    """An entry about two articles by number, from 1."""
    return f'[[link]]\narticles = [ID{a}, ID{b}]\ndecision = "{choice}"\n'


def pairs(links: pa.Table) -> list[tuple[int, int]]:
    """Copy and survivor of each link, by number."""
    columns = (links[name].to_pylist() for name in ("article_id", "canonical_id"))
    return [(int(a, 16), int(b, 16)) for a, b in zip(*columns, strict=True)]


def by_id(articles: list[Article]) -> dict[str, Article]:
    """The articles by id."""
    return {article.article_id: article for article in articles}


def settle(articles: list[Article], links: pa.Table, said: Overrides) -> list[tuple[int, int]]:
    """Copy and survivor of each link that is carried out once people have had their say."""
    changed, _ = override_links(links, by_id(articles), said, S)
    ids = pa.chunked_array([[article.article_id for article in articles]], pa.string())
    carried = carry_links(ids, np.ones(len(articles), np.bool_), changed)
    assert carried.links.equals(changed)  # no chain, nobody twice, nobody who isn't there
    return pairs(changed)


@pytest.fixture
def articles(make: Make) -> list[Article]:
    """Two tellings of one story, then two of another, the first of each longer."""
    return [make(1, BREAD * 3), make(2, BREAD * 2), make(3, FERRY * 3), make(4, FERRY * 2)]


def test_without_entries_links_stay(articles: list[Article]):
    """The very table comes back."""
    links = table(articles, (1, 0))
    assert override_links(links, by_id(articles), NONE, S) == (links, LinkChanges({}, {}))
    assert override_links(table([]), {}, NONE, S)[0].num_rows == 0


def test_articles_apart_are_not_folded(articles: list[Article], say: Say):
    """The copy stays an article, and what was undone is known."""
    left = settle(articles, table(articles, (1, 0), (3, 2)), say(link(2, 1, "apart")))
    assert left == [(4, 3)]
    _, changes = override_links(table(articles, (1, 0)), by_id(articles), say(link(2, 1, "apart")), S)
    assert [(name, rule) for name, (rule, _) in changes.undone.items()] == [(articles[1].article_id, "apart/1")]
    assert changes.made == {}


def test_copies_are_folded_whatever_they_say(articles: list[Article], say: Say):
    """Two texts without a word in common end in one story; the longer one stays, the figures are measured."""
    said = say(link(1, 4, "copies"))
    changed, _ = override_links(table(articles), by_id(articles), said, S)
    [row] = changed.to_pylist()
    assert (int(row["article_id"], 16), int(row["canonical_id"], 16)) == (4, 1)
    assert (row["kind"], row["jaccard"]) == ("near", 0.0)
    assert settle(articles, table(articles), said) == [(4, 1)]
    assert list(override_links(table(articles), by_id(articles), said, S)[1].made) == [articles[3].article_id]


def test_a_copy_brings_its_partner_into_its_story(articles: list[Article], say: Say):
    """The survivor of one goes nowhere: the other one is folded into it."""
    left = settle(articles, table(articles, (1, 0)), say(link(2, 4, "copies")))
    assert left == [(2, 1), (4, 1)]


def test_nobody_else_is_removed_on_a_persons_word(articles: list[Article], say: Say):
    """What was folded into an article that is a copy now follows only where its words are: else it is an article."""
    left = settle(articles, table(articles, (3, 2)), say(link(1, 3, "copies")))
    assert left in ([(1, 3), (4, 3)], [(3, 1)])


def test_followers_whose_words_are_in_the_new_survivor_stay_folded(make: Make, say: Say):
    """They match it themselves."""
    articles = [make(1, BREAD * 4), make(2, BREAD * 3), make(3, BREAD * 2)]
    left = settle(articles, table(articles, (2, 1)), say(link(1, 2, "copies")))
    assert left == [(2, 1), (3, 1)]


def test_a_kept_document_is_nobodys_copy(articles: list[Article], say: Say):
    """It stays although the matcher, or another entry, folds it; its partner goes then."""
    keep = '[[document]]\narticle = ID2\ndecision = "keep"\n'
    left = settle(articles, table(articles, (1, 0)), say(keep))
    assert left == []
    left = settle(articles, table(articles), say(keep + link(1, 2, "copies")))
    assert left == [(1, 2)]
    left = settle(articles, table(articles), say(keep + keep.replace("ID2", "ID1") + link(1, 2, "copies")))
    assert left == []


def test_entries_about_absent_articles_change_nothing(articles: list[Article], say: Say):
    """A link to an article that isn't clean, or isn't there, is not made."""
    links = table(articles, (1, 0))
    said = say(link(1, 9, "copies") + link(3, 4, "copies"))
    assert pairs(override_links(links, by_id(articles[:2]), said, S)[0]) == [(2, 1)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_order_of_articles_and_entries_changes_nothing(articles: list[Article], say: Say, order: tuple[int, ...]):
    """The same entries about different pairs give the same links."""
    entries = [link(1, 3, "copies"), link(2, 4, "copies"), link(1, 2, "copies")]
    said = say("".join(entries[i] for i in order))
    links = settle(articles, table(articles, (1, 0)), said)
    assert links == settle(articles[::-1], table(articles, (1, 0)), say("".join(entries)))
