"""The language of a text by its content, reconciled with the declared one.

The detector (py3langid) is a fixed table: the same text gives the same answer on every machine. The rule:
a sure detection wins; an unsure one is replaced by the declared language if the detector finds that at
all likely; else the language is `und`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from copydesk.metadata.words import read_table

MAX_CHARS = 400
"""What is classified of a long text. On 600 English texts and 124 of 20 other languages, 400 characters gave the
answer of 3,000, at an eighth of the time."""
MIN_LETTERS = 40
"""Below it names and borrowed words decide, so the answer is `und` unless a language is declared."""
SURE = 0.80
"""Probability from which the detection stands against the declared language."""
LIKELY = 0.05
"""Probability from which a declared language is believed."""

MIN_WORDS = 30
MIN_SHARE = 0.12
MIN_KINDS = 5
"""A text of so many words, an eighth of them of one list, and five of them different, is in that language without the
detector, which costs thirty times as much. Such words make up a third of prose, and other languages have at most four
of a list ("is", "was" and "at" of Dutch and Danish). On all pages and texts of the benchmarks the detector says the
same; of the pages in other languages than English none has a share of its words above .08 or more than two kinds."""

# Matches: "en", "pt-BR", "zh_Hans".  Not: "english", "".
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*\Z")
# Languages with a press of some size. The detector knows 60 more, for which it takes names and numbers.
_LANGUAGES = """
af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu ha he hi hr hu hy id ig is it ja ka kk km kn
ko ku ky lb lo lt lv mg mk ml mn mr ms mt my ne nl nn no om or pa pl ps pt ro ru rw si sk sl so sq sr sv sw ta te th tl
tr ug uk ur uz vi wa xh yo zh zu
"""
# Codes of one language that has several.
_ALIASES = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "sh": "sr", "fil": "tl", "prs": "fa"}


@cache
def identifier() -> Any:
    """What tells languages: py3langid's model, for those that news is read in here."""
    # Imported late: it takes 0.2 s, and commands such as `status` never need it.
    from copydesk.metadata.detector import load_detector

    return load_detector(_LANGUAGES.split())


def detect(text: str) -> tuple[str, float]:
    """The likeliest language (two letters) of a text and its probability; `("und", 0.0)` for a short one.

    >>> detect("The lake froze on Monday, and the village went out to skate before breakfast.")[0]
    'en'
    """
    sample = text[:MAX_CHARS]
    # Of prose the first 60 characters are enough to find so many letters.
    if all(sum(map(str.isalpha, sample[:chars])) < MIN_LETTERS for chars in (60, 200)):
        return "und", 0.0
    certain = _by_common_words(sample)
    if certain is not None:
        return certain, 0.99
    language, probability = identifier().classify(sample)
    return _ALIASES.get(language, language), float(probability)


@cache
def _common_words() -> dict[str, frozenset[str]]:
    return {language: frozenset(words) for language, words in read_table("common_words.toml").items()}


def _by_common_words(sample: str) -> str | None:
    """The language whose commonest words a text is full of; None for a short text, and where the words don't say."""
    words = sample.lower().split()
    if len(words) < MIN_WORDS:
        return None
    for language, common in _common_words().items():
        found = list(filter(common.__contains__, words))
        if len(found) >= MIN_SHARE * len(words) and len(set(found)) >= MIN_KINDS:
            return language
    return None


# What records write instead of a tag.
_NAMES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "italian": "it", "portuguese": "pt", "dutch": "nl", "russian": "ru", "arabic": "ar",
    "persian": "fa", "farsi": "fa", "dari": "fa", "pashto": "ps", "chinese": "zh", "japanese": "ja", "korean": "ko",
    "turkish": "tr", "hindi": "hi", "urdu": "ur", "ukrainian": "uk", "polish": "pl", "swedish": "sv", "danish": "da",
    "norwegian": "no", "finnish": "fi", "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es",
    "ita": "it", "por": "pt", "nld": "nl", "rus": "ru", "ara": "ar", "fas": "fa", "per": "fa", "zho": "zh",
    "chi": "zh", "jpn": "ja", "kor": "ko", "tur": "tr",
}  # fmt: skip


def base_tag(declared: str | None) -> str | None:
    """The language of a declared tag without its region, or None where it is no tag.

    >>> base_tag("pt-BR"), base_tag("English"), base_tag("n/a")
    ('pt', 'en', None)
    """
    named = _NAMES.get(declared.strip().casefold()) if declared else None
    if named:
        return named
    match = _TAG.match(declared.strip()) if declared and len(declared) < 36 else None
    if not match:
        return None
    tag = match[1].casefold()
    return _ALIASES.get(tag, tag)


def reconcile(text: str, declared: str | None) -> tuple[str, float]:
    """The language by the rule of this module, with its certainty.

    >>> reconcile("Kurz.", "de-AT")
    ('de', 0.5)
    """
    detected, probability = detect(text)
    tag = base_tag(declared)
    if detected == "und":
        return (tag, 0.5) if tag and text.strip() else ("und", 0.0)
    if tag == detected:
        return detected, max(probability, 0.9)
    if probability >= SURE:
        return detected, probability
    if tag and _probability(text[:MAX_CHARS], tag) >= LIKELY:
        return tag, 0.5
    return ("und", probability) if probability < 0.5 else (detected, probability)


def _probability(text: str, language: str) -> float:
    return next((float(p) for name, p in identifier().rank(text) if name == language), 0.0)
