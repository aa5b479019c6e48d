"""How texts are folded before they are compared."""

from __future__ import annotations

import html
import unicodedata

import pytest

from copydesk.duplicates.fold import UPPER_MARK, fold, is_number, words


def _plain(text: str) -> list[str]:
    return [word.replace(UPPER_MARK, "") for word in words(text)]


TEXT = "“It’s a café,” she said – and the ﬁre… didn’t reach it. Über Straße, naïve: 1,200 km²!"


@pytest.mark.parametrize(
    "same",
    [
        TEXT.upper(),
        html.escape(TEXT),
        TEXT.replace(" the ", " \u200bthe "),
        TEXT.replace(" ", "\n"),
        TEXT.replace(" ", "\u00a0 "),
        TEXT.replace("“", '"').replace("”", '"').replace("’", "'").replace("–", "--").replace("…", "..."),
        TEXT.replace("ﬁ", "fi"),
        unicodedata.normalize("NFD", TEXT),
        TEXT.replace("said", "sa\u00adid"),
        "".join(f"&#{ord(c)};" if ord(c) > 127 else c for c in TEXT),
        "".join(f"&#x{ord(c):X};" if ord(c) > 127 else c for c in TEXT),
    ],
    ids=[
        "upper",
        "escaped",
        "zero-width",
        "wrapped",
        "nbsp",
        "straight",
        "ligature",
        "decomposed",
        "soft-hyphen",
        "decimal",
        "hexadecimal",
    ],
)
def test_spellings_of_one_text_fold_alike(same: str) -> None:
    """Case, escapes, quotes, spaces, ligatures, accents' composition and invisible characters don't matter."""
    assert _plain(same) == _plain(TEXT)


@pytest.mark.parametrize("codec", ["cp1252", "latin-1"])
def test_misread_utf8_folds_like_what_was_meant(codec: str) -> None:
    """UTF-8 read as windows-1252 or Latin-1 loses nothing but its marks."""
    text = "“It’s the café – déjà vu”, Zoë said."
    assert _plain(text.encode().decode(codec, "replace")) == _plain(text)


def test_accented_letters_are_letters() -> None:
    """French and German words stay whole."""
    assert _plain("L’été, où?") == ["l", "ete", "ou"]
    assert _plain("Müller Größe") == ["muller", "grosse"]


def test_scripts_without_spaces_give_a_word_per_character() -> None:
    """Chinese, Japanese and Thai are compared by character, Korean and Russian by word."""
    assert _plain("東京で火事") == ["東", "京", "で", "火", "事"]
    assert _plain("ไฟไหม้") == list("ไฟไหม้")
    assert _plain("서울 화재") == ["서울", "화재"]
    assert _plain("Москва горит, Йод") == ["москва", "горит", "иод"]


def test_ampersands_and_letters_that_only_look_damaged_stay() -> None:
    """AT&T is no escape, âge and São are no damage."""
    assert _plain("AT&T R&D; âge São Ãbc") == ["at", "t", "r", "d", "age", "sao", "abc"]


def test_nothing_folds_to_nothing() -> None:
    """Empty, blank, punctuation and control characters hold no words."""
    for text in ("", "   ", "...!?--", "\x00\x01\x02\x1f", "\u200b\ufeff"):
        assert words(text) == []


def test_unpaired_and_impossible_characters_part_words() -> None:
    """A character that doesn't exist is no letter."""
    assert _plain("a&#xD800;b&#9999999;c") == ["a", "b", "c"]
    assert fold(0xE0001) == " "


def test_a_number_has_a_digit() -> None:
    """Digits of any script count, words don't."""
    assert is_number("3rd")
    assert is_number("٣")
    assert not is_number("three")
