"""Damage is undone, and nothing else is touched."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import ftfy
import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
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


def categories() -> list[str]:
    """Every character that ftfy's test knows."""
    found: set[str] = set()
    for spelled in MOJIBAKE_CATEGORIES.values():
        for first, last, single in re.findall(r"(.)-(.)|(.)", spelled, re.DOTALL):
            found |= {single} if single else {chr(point) for point in range(ord(first), ord(last) + 1)}
    return sorted(found)


def test_every_pair_that_ftfy_calls_bad_is_suspect() -> None:
    """All pairs of all characters in question, between a letter and a letter: none slips through."""
    pairs = (f"a{first}{second}b" for first in categories() for second in categories())
    assert [pair for pair in pairs if is_bad(pair) and not is_suspect(pair)] == []


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


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("The rail- way was shut.", "The railway was shut."),
        ("The rail\u00ad way was shut.", "The railway was shut."),
        ("The rail¬\nway was shut.", "The railway was shut."),
        ("A well- known inn.", "A well-known inn."),
        ("Haupt- und Nebenwege", "Haupt- und Nebenwege"),
        ("short- and long-term", "short- and long-term"),
        ("rail - way, 3- way", "rail - way, 3- way"),
    ],
)
def test_broken_words_are_put_together_where_the_article_has_them_whole(broken: str, whole: str) -> None:
    """Only what stands whole elsewhere is put together: a hyphen before a blank is often meant."""
    repaired = repair_article(article(Block(broken), Block("The Railway is well-known.")), Settings())
    assert repaired.blocks[0].text == whole
    assert [d.label for d in repaired.decisions] == ([] if broken == whole else ["encoding"])


def test_broken_word_that_stands_nowhere_whole_stays() -> None:
    """Without a witness nothing is guessed."""
    blocks = (Block("The rail- way was shut."),)
    assert repair_article(article(*blocks), Settings()).blocks == blocks
