"""One look at a whole article misses nothing that a look at each block would find."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from copydesk.encoding import repair_text
from copydesk.encoding.hyphens import BROKEN, find_broken
from copydesk.encoding.screen import find_suspects, may_need_repair

PIECES = (
    "The ferry sails.", " ", "\n", "\t", "\r\n", "\xa0", "\xad", "\u200b", "\u2028", "\ufeff", "\ufffc", "\x00", "\x85",
    "&amp;", "&#8217;", "&nosuch;", "&", "â€™", "â€", "Ã©", "\ufffd\ufffd\ufffds", "don", "e\u0301", "\u0301", "é",
    "’s", "“", "”", "‘", "–", "—", "…", "£3", "€", "Œuvre", "ß", "İ", "Å", "\u212b", "가", "ᄀ", "ᅡ", "мост",
    "3- way", "- ",
    "\u0345", "\ud800", "<b>", "rail- way", "rail¬\nway", "railway", "\x1b[31m", "°", "½", "»", "Â", "ǅ",
)  # fmt: skip
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=7)


@settings(deadline=None)
@given(st.one_of(TEXTS, st.lists(st.text(max_size=20), max_size=5)))
@example(["e", "\u0301"])
@example(["ᄀ", "ᅡ"])
@example(["é&amp;"])
@example(["c\u0327"])
@example([""])
def test_every_text_that_a_repair_changes_is_suspect(texts: list[str]) -> None:
    """Blocks that are passed over are those that come back as they are."""
    suspects = find_suspects(texts)
    for position, text in enumerate(texts):
        if position not in suspects:
            assert repair_text(text).rules == repair_text(text, entities=False).rules == ()
            assert repair_text(text).text == text


@settings(deadline=None)
@given(TEXTS)
def test_broken_words_are_found_as_if_each_text_were_searched(texts: list[str]) -> None:
    """The cheap look at all texts at once changes nothing."""
    assert find_broken(texts) == [at for at, text in enumerate(texts) if BROKEN.search(text)]


def test_common_marks_and_letters_are_no_suspects() -> None:
    """Clean European text is passed over at the first look: else the look is in vain."""
    texts = ["“Naïve” – the mayor’s ‘café’ …", "Größe, garçon, złoty, dvořák", "AT&T & Co. paid £3", "It is.’”", "x"]
    assert find_suspects(texts) == []


def test_every_single_letter_and_mark_is_judged_alike_beside_ascii() -> None:
    """A character that is called clean is clean behind and before any kind of ASCII character."""
    for point in (*range(0xA0, 0x250), *range(0x2000, 0x2100)):
        for text in (f"a{chr(point)}a", f"1{chr(point)}.", f"({chr(point)} a", f"A{chr(point)}A"):
            if not may_need_repair(text):
                assert repair_text(text).rules == ()
                assert unicodedata.is_normalized("NFC", text)


def test_nothing_gives_nothing() -> None:
    """No texts, no suspects."""
    assert find_suspects([]) == find_broken([]) == []
