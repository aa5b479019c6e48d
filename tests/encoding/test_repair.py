"""Damage is undone, and nothing else is touched."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import ftfy
import pytest
from ftfy.badness import is_bad
from hypothesis import example, given, settings
from hypothesis import strategies as st

from copydesk.article import Action, Article, Block, BlockKind, Source
from copydesk.encoding import repair_article, repair_text
from copydesk.encoding.repair import MOJIBAKE
from copydesk.encoding.suspicion import is_suspect
from copydesk.settings import Settings

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[object]:
    """The cases of a file, named by their labels."""
    return [pytest.param(case, id=case["label"]) for case in json.loads((CASES / name).read_text("utf-8"))]


@pytest.mark.parametrize("case", cases("repaired.json"))
def test_damage_is_undone(case: dict[str, str]) -> None:
    """Each kind of damage gives the text that was meant, and names the rules that did it."""
    repaired = repair_text(case["before"])
    assert repaired.text == case["after"]
    assert list(repaired.rules) == case["rules"]


@pytest.mark.parametrize("case", cases("repaired.json"))
def test_repaired_text_is_clean(case: dict[str, str]) -> None:
    """What a repair leaves needs no repair."""
    assert repair_text(case["after"]).rules == ()


@pytest.mark.parametrize("case", cases("negative.json"))
def test_clean_text_stays_as_it_is(case: dict[str, str]) -> None:
    """Text that only looks unusual comes back byte for byte."""
    assert repair_text(case["text"]) == repair_text(case["text"]).__class__(case["text"], ())


@pytest.mark.parametrize("case", cases("known_failures.json"))
@pytest.mark.xfail(strict=True, reason="known, written down so that an improvement is noticed")
def test_known_failure(case: dict[str, str]) -> None:
    """What can't be undone so far."""
    assert repair_text(case["before"]).text == case["after"]


MOJIBAKE_LETTERS = st.sampled_from(
    sorted(
        {chr(c) for c in range(0x80, 0x180)}
        | set("ŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™")
        | set(bytes(range(0x80, 0x100)).decode("cp1251", "ignore"))
    )
    + list("aZ .,?!’“”")
    + list(bytes(range(0x80, 0x100)).decode("mac_roman"))
    + list(bytes(range(0x80, 0x100)).decode("cp437"))
    + list(bytes(range(0x80, 0x100)).decode("cp1253", "ignore"))
    + list(bytes(range(0x80, 0x100)).decode("cp1250", "ignore"))
    + list(bytes(range(0x80, 0x100)).decode("cp1257", "ignore"))
)


@settings(deadline=None)
@given(st.text(MOJIBAKE_LETTERS, max_size=12))
@example("vecteur Ã gauche")
@example("Â ")
def test_whatever_ftfy_calls_bad_is_suspect(text: str) -> None:
    """The cheap question never says no where ftfy would say yes."""
    if is_bad(text):
        assert is_suspect(text)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_same_repairs_as_asking_ftfy_every_time(text: str) -> None:
    """Leaving ftfy out where nothing is suspect changes no result."""
    if not is_suspect(text):
        assert ftfy.fix_text(text, MOJIBAKE) == text


@settings(deadline=None)
@given(st.text(max_size=80))
def test_repairing_twice_changes_nothing_more(text: str) -> None:
    """A repaired text is clean, in NFC and storable."""
    once = repair_text(text).text
    assert unicodedata.is_normalized("NFC", once)
    once.encode()
    assert repair_text(once).text == once


def article(*blocks: Block) -> Article:
    """An article of these blocks."""
    return Article("a", Source("a.txt", 0, None), blocks)


def test_each_changed_block_has_one_decision() -> None:
    """Repairs are written down with what was there; what only the eye of a machine sees has a label of its own."""
    repaired = repair_article(article(Block("Clean."), Block("Itâ€™s\u00a0&amp;"), Block("a\u00a0b")), Settings())
    assert [block.text for block in repaired.blocks] == ["Clean.", "It’s &", "a b"]
    assert [(d.stage, d.action, d.label, d.rule, d.paragraph, d.before, d.after) for d in repaired.decisions] == [
        ("encoding", Action.REPAIRED, "encoding", "entities/1+mojibake/1+spaces/1", 1, "Itâ€™s\u00a0&amp;", "It’s &"),
        ("encoding", Action.REPAIRED, "characters", "spaces/1", 2, "a\u00a0b", "a b"),
    ]


def test_block_of_which_nothing_is_left_is_removed() -> None:
    """A paragraph of nothing but a soft hyphen is none."""
    repaired = repair_article(article(Block("\u00ad\u200b"), Block("Text.")), Settings())
    assert repaired.text == "Text."
    assert repaired.decisions[0].action is Action.REMOVED


def test_entities_in_preformatted_text_stay() -> None:
    """In a listing, an entity is what it shows."""
    block = Block("&lt;p&gt; &amp;", BlockKind.PREFORMATTED)
    assert repair_article(article(block), Settings()).blocks == (block,)


def test_article_without_blocks_stays_as_it_is() -> None:
    """Nothing in, nothing out."""
    assert repair_article(article(), Settings()) == article()
