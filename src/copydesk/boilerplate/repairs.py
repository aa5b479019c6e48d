"""Repairs of what copying does to a text: torn or glued first letters, hyphens of line ends, sentences in two lines.

Each repair needs evidence on both sides: the broken form is no word, the whole one is, by the words
of the background (`contamination.background`). Where either is missing the text stays as it is.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from copydesk.contamination.background import articles_with, name_share

COMMON = 10
"""Articles of the background (of 5,100) from which a word counts as common. Too low, and names pass for words."""

LONG_GLUED = 5
"""Letters of a word that makes no first name with the A before it: "Avery", "Alan" and "Abel" have shorter ones."""

LONG_REST = 6
"""Letters of a rest that is no word by chance: half as many articles are enough for the whole."""

MAX_NAME_SHARE = 0.45
"""A word that stands as a name more often than this is no noun after "A": "Aron" is not "A ron"."""

RARER = 150
"""How many times rarer than the rest the whole may be and still be taken for a broken "A new": "anew" is a word too."""
VERY_COMMON = 400
"""Articles from which a word is a word, often as it may stand in names: "new", "state", "former"."""

CODE_MARKS = (" = ", "()", "{", "};", " -m ", "</")
"""What stands in programs and commands, and in no sentence."""

# "Ayear has passed", "Ithought so", "Ajudge’s ruling", "Anew Yale study", "Anew 2% tax"; not "A year", "AYEAR"
GLUED = re.compile(
    r"(?P<letter>[AI])(?P<rest>[a-z]{2,}(?:['’]t)?)(?:['’]s)?(?=,?\ (?P<next>[A-Za-z0-9$])|-[a-z])", re.VERBOSE
)
# "Atop White House adviser left", "Atop U.S. official said"; not "Atop the list of officials", "Atop Mount Lind".
# What goes between is no article and no number, and what follows is said of one person.
ATOP = re.compile(
    r"""Atop\ (?:(?!(?:an?|the|this|that|these|those|his|her|its|their|our|my|your|one|two|all|each|every|such)\ )
        [A-Za-z][\w.'’-]*\ ){0,4}(?P<person>[A-Za-z]+)\b""",
    re.VERBOSE,
)
# "T he year began"; not "A year", "U.S. ships"
TORN = re.compile(r"(?P<letter>[A-Z])\ (?P<rest>[a-z]{1,})(?=[\ ,'’])", re.VERBOSE)
# "the govern- ment said"; not "pre- and post-war", "twenty- five"
MAY_BE_BROKEN = re.compile(r"-\ (?<=[a-z]{2}-\ )[a-z]{2}")
"""What every broken word has, begun with what is found fast."""
BROKEN_WORD = re.compile(r"\b(?P<left>[a-z]{2,})-\ (?P<right>[a-z]{2,})\b", re.VERBOSE)


@cache
def _words(name: str) -> frozenset[str]:
    table = tomllib.loads(files("copydesk.data").joinpath("repairs.toml").read_text(encoding="utf-8"))
    return frozenset(table[name])


def may_be_drop_cap(text: str) -> bool:
    """Whether a paragraph begins with a letter that can have been set large and lost or gained a space: the first look.

    >>> may_be_drop_cap("Ayear has passed"), may_be_drop_cap("T he year"), may_be_drop_cap("The year")
    (True, True, False)
    """
    return text[1:2] == " " or text[:1] in ("A", "I")


def repair_drop_cap(text: str) -> str | None:
    """The paragraph with its first letter set right, or None where nothing is wrong with it.

    >>> repair_drop_cap("Ayear has passed since the flood.")
    'A year has passed since the flood.'
    >>> repair_drop_cap("T he year began with a flood.")
    'The year began with a flood.'
    >>> repair_drop_cap("Avery told the court so.") is None
    True
    """
    if text.startswith("Atop "):
        return f"A {text[1:]}" if _names_person(text) else None
    glued = GLUED.match(text)
    if glued is not None:
        letter, rest = glued["letter"], glued["rest"].replace("’", "'")
        hyphened = text[glued.end() : glued.end() + 1] == "-"
        allowed = COMMON if hyphened else articles_with(rest) / RARER
        # Before a capital the whole may be a first name ("Avery Stone"): only the commonest words are believed there,
        # and long ones that make up nothing anybody has heard of ("Aceremonial Lind Day").
        unheard = len(rest) >= LONG_GLUED and not articles_with((letter + rest).lower())
        certain = not (glued["next"] or "a").isupper() or articles_with(rest) >= VERY_COMMON or unheard
        if certain and _may_follow(letter, rest, hyphened) and articles_with((letter + rest).lower()) <= allowed:
            return f"{letter} {text[1:]}"
        return None
    torn = TORN.match(text)
    if torn is None or f"{torn['letter']} {torn['rest']}".lower() in _words("apart"):
        return None
    letter, rest = torn["letter"], torn["rest"]
    # "I s'pose" is spoken so; "I t's" is torn.
    spoken = rest in _words("fragments") and text[torn.end()] in "'’" and (letter, rest) != ("I", "t")
    return text[0] + text[2:] if not spoken and _torn(letter, rest) else None


def _names_person(text: str) -> bool:
    """Whether a paragraph begins with a top adviser, and not with what lies atop something."""
    return any(match["person"].lower() in _words("after_top") for match in _from_each_word(text))


def _from_each_word(text: str) -> list[re.Match[str]]:
    """The start of a paragraph, read up to its second word, its third, and so on."""
    ends = [at for at, char in enumerate(text[:80] + " ") if char in " ,"][1:6]
    return [match for end in ends if (match := ATOP.fullmatch(text, 0, end))]


def _may_follow(letter: str, rest: str, hyphened: bool) -> bool:
    if letter == "I":
        return rest in _words("after_i")
    fits = hyphened or rest not in _words("not_after_a")
    seen = articles_with(rest)
    no_name = name_share(rest) < MAX_NAME_SHARE or seen >= VERY_COMMON
    return fits and seen >= COMMON and no_name


def _torn(letter: str, rest: str) -> bool:
    """Whether letter and rest are one word: the whole is one, and (after A, I, O) the rest is none."""
    whole = articles_with((letter + rest).lower())
    if letter in "AIO" and rest in _words("fragments"):
        return whole >= VERY_COMMON
    if letter == "O":
        unheard = len(rest) > 2 and not articles_with(rest)
        return whole >= (COMMON if unheard else VERY_COMMON) and whole > 20 * articles_with(rest)
    if letter in "AI":
        common = COMMON if len(rest) < LONG_REST else COMMON / 2
        return whole >= common and not articles_with(rest) and len(rest) > 1
    return whole >= COMMON or (whole > 0 and not articles_with(rest) and len(rest) > 2)


def repair_broken_words(text: str) -> str | None:
    """The paragraph without the hyphens of old line ends, or None where there are none.

    >>> repair_broken_words("The govern- ment fell.")
    'The government fell.'
    >>> repair_broken_words("The pre- and post-war years.") is None
    True
    """
    if MAY_BE_BROKEN.search(text) is None:
        return None
    repaired = BROKEN_WORD.sub(_joined, text)
    return repaired if repaired != text else None


def _joined(found: re.Match[str]) -> str:
    """The whole word where it is one, and its halves are not both words that a dash may part."""
    left, right = found["left"], found["right"]
    whole = articles_with(left + right)
    halves = min(articles_with(left), articles_with(right))
    return left + right if whole and whole > halves / 4 else found.group()


def continues(line: str, following: str) -> bool:
    """Whether a sentence runs from one line into the next: no stop before, a small letter after.

    >>> continues("The ferry left the quay at six with", "forty cars on board.")
    True
    >>> continues("What we know:", "the ferry is late")
    False
    """
    line, following = line.rstrip(), following.lstrip()
    if not (line[-1:].islower() or line[-1:] == ",") or not following[:1].islower():
        return False
    return line.count(" ") >= 4 and following.count(" ") >= 2 and _ends_prose(following)


def _ends_prose(line: str) -> bool:
    """Whether a line is prose to its end: it ends with a sentence, and is no address and no line of a program."""
    first = line.split(None, 1)[0]
    ended = line.endswith((".", "!", "?", "”", '"', "’", ".)"))
    return ended and not any(mark in first for mark in "@./_") and not any(mark in line for mark in CODE_MARKS)
