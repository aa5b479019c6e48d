"""Blocks, decisions, ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.article import Action, Article, Block, Decision, Source, article_id, decide

ARTICLE = Article("a", Source("a.txt", 0, None), (Block("By Ann Bee"), Block("Ayear ago."), Block("A caption")))


def test_removed_block_leaves_the_text_and_stays_among_the_blocks():
    """A removed block is no longer text, but can still be explained."""
    article = decide(ARTICLE, Decision("boilerplate", Action.REMOVED, "promo", "rule/1", 0, "By Ann Bee"))
    assert article.text == "Ayear ago.\n\nA caption"
    assert article.blocks[0].text == "By Ann Bee"
    assert article.blocks[0].label == "promo"


def test_repaired_block_has_its_new_text():
    """A repair changes the text of its block and keeps what stood there in the decision."""
    article = decide(
        ARTICLE, Decision("boilerplate", Action.REPAIRED, "dropcap", "r/1", 1, "Ayear ago.", "A year ago.")
    )
    assert article.blocks[1].text == "A year ago."
    assert article.blocks[1].kept
    assert article.decisions[-1].before == "Ayear ago."


def test_moved_block_is_found_in_its_field():
    """A caption leaves the text for `captions`, with the text the decision gives it."""
    move = Decision("boilerplate", Action.MOVED, "caption", "c/1", 2, "A caption", "A caption.", field="captions")
    article = decide(ARTICLE, move)
    assert article.captions == ("A caption.",)
    assert "caption" not in article.text


def test_moved_block_without_new_text_keeps_its_own():
    """A move that changes nothing needs no `after`."""
    move = Decision("metadata", Action.MOVED, "bio", "b/1", 2, "A caption", field="author_bio")
    assert decide(ARTICLE, move).author_bio == "A caption"


def test_decision_without_paragraph_is_only_written_down():
    """A decision about a field touches no block."""
    article = decide(ARTICLE, Decision("metadata", Action.REPAIRED, "title", "t/1", None, "x", "y"))
    assert article.blocks == ARTICLE.blocks
    assert len(article.decisions) == 1


def test_no_decision_gives_the_same_article():
    """Deciding nothing copies nothing."""
    assert decide(ARTICLE) is ARTICLE


def test_decision_about_a_missing_block_is_an_error():
    """A stage that names a block that isn't there is broken, and says so."""
    with pytest.raises(IndexError):
        decide(ARTICLE, Decision("boilerplate", Action.REMOVED, "promo", "rule/1", 9, ""))


@given(st.lists(st.tuples(st.text(), st.text(alphabet="0123456789abcdef"), st.integers(0, 9)), unique=True))
def test_ids_differ_where_records_differ(records: list[tuple[str, str, int]]):
    """No two records of a corpus share an id."""
    ids = {article_id(path, digest, occurrence) for path, digest, occurrence in records if "\0" not in path}
    assert len(ids) == sum("\0" not in path for path, _, _ in records)
