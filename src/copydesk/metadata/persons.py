"""Names of persons by their form: what may be one, and how it is written in running text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from copydesk.contamination.background import articles_with, name_share
from copydesk.metadata.outlets import find_outlet, looks_like_outlet
from copydesk.metadata.words import byline_words, fold_word


def unspaced(word: str) -> bool:
    """Whether a word is in Han, kana or Hangul, where no space parts names."""
    return any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in word)


# Matches one word of a name: "Peter", "O'Donnell", "J.R.", "al-Zawahiri", "d’Estaing".  Not: "3rd", "CNN.com".
_NAME_WORD = re.compile(
    r"^(?:[^\W\d_]['’])?(?:al-|el-|d['’]|l['’])?[^\W\d_](?:[^\W\d_]|['’.\-‐‑ʻʿ´`\u200c])*$", re.IGNORECASE
)
# Matches: "They've", "don’t", "CNN's".  Not: "O'Donnell", "D'Souza".
_CONTRACTION = re.compile(r"(?:['’](?:ve|ll|re|s|m|d)|n['’]t)$", re.IGNORECASE)


@lru_cache(maxsize=1024)
def is_person(text: str) -> bool:
    """Whether a text has the form of a person's full name.

    >>> is_person("Lynne O'Donnell"), is_person("Senior Reporter"), is_person("Ludwig van der Berg")
    (True, False, True)
    """
    tokens = text.split()
    if tokens and fold_word(tokens[0]) in byline_words().titles:
        tokens = tokens[1:]
    if not tokens or len(text) > 60:
        return False
    if _caseless(tokens[0][0]):
        return _is_caseless_name(tokens)
    if not 2 <= len(tokens) <= 6 or not all(_NAME_WORD.match(t) for t in tokens):
        return False
    folded = [fold_word(t) for t in tokens]
    return _is_set_as_name(tokens, folded) and not _is_something_else(text, folded) and not looks_like_outlet(text)


def _is_set_as_name(tokens: list[str], folded: list[str]) -> bool:
    """Whether all words but particles have their capital, at least one is spelled out, and none is a contraction."""
    particles = byline_words().particles
    full = [t for t, f in zip(tokens, folded, strict=True) if f not in particles or t[0].isupper()]
    if len(full) < 2 or any(_CONTRACTION.search(t) for t in tokens):
        return False
    if not all(t[0].isupper() or "-" in t or "'" in t or "’" in t for t in full):
        return False
    return any(len(t) > 2 and not t.endswith(".") for t in full)


def _is_something_else(text: str, folded: list[str]) -> bool:
    """Whether a word or the whole is no name by the lists: roles, institutions, places, buttons, outlets."""
    words = byline_words()
    # "Der Bote", "La Voz", "La Voz del Lago": with one word behind it, an article makes a paper and no person.
    if folded[0] in words.articles and (len(folded) == 2 or folded[2] in words.particles):
        return True
    if any(f in words.stop and f not in words.particles and len(f) > 1 for f in folded):
        return True
    if any(f in words.roles or f in words.organisations or _is_joined_role(f) for f in folded):
        return True
    whole = text.casefold()
    return whole in words.places or whole in words.phrases or find_outlet(text) is not None


def _is_joined_role(word: str) -> bool:
    """Whether a word is a role of several: "editor-at-large", "editor-in-chief"."""
    return "-" in word and ("-at-" in word or "-in-" in word) and word.partition("-")[0] in byline_words().roles


COMMON_WORD = 10
"""Articles of the background (of 5,100) from which a word's use says whether it is a name."""
FIRST_NAME_SHARE = 0.25
LAST_NAME_SHARE = 0.15
"""Shares of its uses in which a common word has to stand as a name ("Mark": .43, "Black": .2, "Growth": .03)."""


def made_of_names(name: str) -> bool:
    """Whether all words of a name are used as names: the second look, where only the form speaks for a person.

    >>> made_of_names("Sarah Rudell Beach"), made_of_names("Mayank Gupta"), made_of_names("Top Growth Marketing")
    (True, True, False)
    """
    first, *rest = [word.casefold() for word in name.split()]
    return _may_name(first, FIRST_NAME_SHARE) and all(_may_name(word, LAST_NAME_SHARE) for word in rest)


VERY_COMMON_WORD = 300
"""Articles of the background from which a word is no surname behind a word that is no first name."""


def made_of_words(name: str) -> bool:
    """Whether a name begins with a word that is no first name and ends with one of the commonest words.

    >>> made_of_words("Signal North"), made_of_words("Will Swaim"), made_of_words("Jane North")
    (True, False, False)
    """
    words = name.casefold().split()
    return articles_with(words[-1]) >= VERY_COMMON_WORD and not _may_name(words[0], FIRST_NAME_SHARE)


def is_common_name(word: str) -> bool:
    """Whether a word is often read and mostly as a name.

    >>> is_common_name("Tom"), is_common_name("Accruent"), is_common_name("Growth")
    (True, False, False)
    """
    folded = word.casefold()
    return articles_with(folded) >= COMMON_WORD and name_share(folded) >= FIRST_NAME_SHARE


@lru_cache(maxsize=4096)
def _may_name(word: str, share: float) -> bool:
    return articles_with(word) < COMMON_WORD or name_share(word) >= share


def _caseless(char: str) -> bool:
    return char.isalpha() and not char.isupper() and not char.islower()


def _is_caseless_name(tokens: list[str]) -> bool:
    """Whether words of a script without capitals may be a name: two to five words, or two to eight Han or kana."""
    words = byline_words()
    if any(f in words.stop or f in words.roles or f in words.desks for f in map(fold_word, tokens)):
        return False
    joined = "".join(tokens)
    if looks_like_outlet(joined):
        return False
    if not all(
        c.isalpha() or c in "\u200c\u200d-・·." or unicodedata.combining(c) or unicodedata.category(c) == "Mc"
        for c in joined
    ):
        return False
    if unspaced(joined):
        return (2 <= len(joined) <= 8 and len(tokens) <= 2) or ("・" in joined and len(joined) <= 20)
    return 2 <= len(tokens) <= 5 and len(joined) <= 45


def tidy_name(name: str) -> str:
    """The name as written in running text: titles and credentials off, capitals made small.

    >>> tidy_name("JOHN MCDONALD"), tidy_name("LYNNE O'DONNELL"), tidy_name("Dr. Max Roe")
    ('John McDonald', "Lynne O'Donnell", 'Max Roe')
    """
    name = name.strip(" ,:;|-–—")
    tokens = name.split() if name.endswith(("Jr.", "Sr.")) or name[-2:-1].isupper() else name.rstrip(".").split()
    words = byline_words()
    while len(tokens) > 1 and fold_word(tokens[0]) in words.titles:
        tokens = tokens[1:]
    while len(tokens) > 2 and fold_word(tokens[-1]) in words.dropped_suffixes and tokens[-1].isupper():
        tokens = tokens[:-1]
    long_words = [t for t in tokens if len(t) > 2 and "." not in t]
    if long_words and all(t.isupper() for t in long_words):
        tokens = [_recase(t, first=i == 0) for i, t in enumerate(tokens)]
    return " ".join(tokens)


# Matches the parts of a capital name that get a capital: "O'DONNELL", "SMITH-JONES".  Not: one letter.
_NAME_PART = re.compile(r"[^\W\d_]+")
# Surnames that are written with a second capital behind "Mac"; most others ("Macron", "Mackey") are not.
_MAC = frozenset(
    [
        "donald",
        "leod",
        "kenzie",
        "arthur",
        "gregor",
        "millan",
        "kinnon",
        "intyre",
        "farlane",
        "lean",
        "pherson",
        "neil",
        "dougall",
        "lachlan",
        "dowell",
        "kay",
        "cormack",
        "innes",
    ]
)


def _recase(token: str, *, first: bool) -> str:
    if (
        not first
        and fold_word(token) in byline_words().particles
        and token.casefold() not in ("al", "la", "le", "san", "i", "e", "ben")
    ):
        return token.lower()
    if "." in token or len(token) == 1:
        return token
    return _NAME_PART.sub(
        lambda part: _recase_part(part[0], part.start() > 0 and token[part.start() - 1] in "'’"), token
    )


def _recase_part(part: str, after_apostrophe: bool) -> str:
    small = part.lower()
    if after_apostrophe and len(part) <= 2:
        return small
    if small.startswith("mc") and len(small) > 3:
        return "Mc" + small[2:].capitalize()
    if small.startswith("mac") and small[3:] in _MAC:
        return "Mac" + small[3:].capitalize()
    return small.capitalize()
