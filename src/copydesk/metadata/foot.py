"""The foot of a pasted article: the title again, a line about the author, a disclaimer.

Only the last few paragraphs are looked at, and a bio counts only if the story itself doesn't speak of the
person: "Jane Roe is a professor at ..." about somebody the article quotes is a sentence of the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from copydesk.article import Block
from copydesk.boilerplate.bios import lists_people
from copydesk.metadata.head_lines import HeadPart, read_line
from copydesk.metadata.outlets import find_outlet, fold_name
from copydesk.metadata.persons import is_person, tidy_name
from copydesk.metadata.prefixes import strip_prefix
from copydesk.metadata.titles import fold_title
from copydesk.metadata.words import byline_words

CREDIT_LINES = 3
"""How many of the last may be a credit: the source, the address, the byline of papers that print it below."""
FOOT_LINES = 6
"""How many of the last kept paragraphs may be a foot. Three kinds of line, with a promo or two between."""
MAX_BIO_CHARS = 600
"""The longest of 130 bios collected has 560 characters."""


@dataclass(frozen=True, slots=True)
class FootLine:
    """A block of the foot: what it is, its field if it moves to one, and what it says."""

    at: int
    label: str
    rule: str
    field: str | None = None
    person: str | None = None
    outlet: str | None = None
    parts: tuple[HeadPart, ...] = ()


# Matches: "Jane Roe is a columnist at", "Jane Roe, a fellow at X, is the author of", "Jana Roth ist Redakteurin".
# Not: "The lake is a", "It is a".
_BIO = re.compile(
    r"(?P<name>[^\W\d_][^\s,]{0,30}(?:\s[^\s,]{1,30}){1,4}?)(?:,[^,.]{1,120},)?\s"
    r"(?:is|works|writes|covers|serves|teaches|ist|schreibt|arbeitet|est|es|è|é|e)\s",
)
_VERBS = frozenset(
    ["is", "works", "writes", "covers", "serves", "teaches", "ist", "schreibt", "arbeitet", "est", "es", "è", "é", "e"]
)
BIO_NAME_CHARS, BIO_NAME_WORDS, BIO_CLAUSE_CHARS = 168, 5, 123
"""Characters of the longest name and verb that the pattern takes, words of the name, and characters of a clause."""
# Matches: "is a columnist at Foreign Policy", "is a staff writer for The Asia Cable and".  Not: "is at home".
_POST = re.compile(
    r"""\b(?P<role>columnist|staff\swriter|writer|correspondent|reporter|editor|journalist|contributor|producer|anchor|
        (?:senior\s|research\s|visiting\s|distinguished\s)?fellow|professor|lecturer|director|analyst|author|critic|host|scholar|president|chair|
        attorney|lawyer|economist|historian|consultant|strategist|redakteur(?:in)?|korrespondent(?:in)?|autor(?:in)?|journaliste|periodista|giornalista)\b
        (?:[^.]{0,80}?\s(?:at|for|of|with|bei|à|de|von|der)\s(?P<place>(?:[Tt]he\s)?[A-Z][\w.&'’-]*(?:\s(?:(?:of|and|the|for|&|de|la|le)\s)?[A-Z][\w.&'’-]*){0,5}))?""",
    re.VERBOSE | re.IGNORECASE,
)
# Matches a bio that is there to sell a newsletter: it stands below everybody's stories.  Not: "signs of thaw".
_PROMOTES = re.compile(r"\b(?:sign up|newsletter|subscribe|in your inbox)\b", re.IGNORECASE)
# Posts that people in the news have as well: a line about one is a bio only if the byline names the person.
_OFFICES = frozenset(["president", "director", "chair", "attorney", "lawyer", "economist", "consultant", "strategist"])
# Matches: "The views expressed in this article are the author's own", "do not necessarily reflect the views of X".
# Not: "The views from the tower are grand".
_DISCLAIMER = re.compile(
    r"""(?:\b(?:views?|opinions?|information)\b[^.]{0,120}?\b(?:expressed|contained|in\sthis|here(?:in)?|of\sthe\sauthors?|are\s(?:solely\s)?(?:the|those|her|his|their))\b
          |\b(?:article|commentary|column|piece)\s(?:reflects|represents)\b)
        [^.]{0,160}?(?:\bauthors?['’]?s?['’]?\b|\bown\b|\bnecessarily\b)""",
    re.VERBOSE | re.IGNORECASE,
)
# Matches what reports have and disclaimers don't: "the mayor said".
_REPORTED = re.compile(r"\b(?:said|says|told|added)\b")
# Matches: "their own".  Not: "known", "owner".
_OWN = re.compile(r"own\b(?<=\bown)")
_DISCLAIMER_BEGINS = ("view", "opinion", "information", "article", "commentary", "column", "piece")
"""One of them stands in every text that the pattern takes, and `own`, `author` or `necessarily`."""
_TAKEN_FOR_ASCII = "\u017f\u0131\u0130\u212a"
"""Letters that stand for one of ASCII where case doesn't matter ("neceſſarily")."""
# Matches: "... represent those of The Asia Cable."  Not: "... those of the author."
_DISCLAIMED = re.compile(
    r"""(?:represent|reflect|views|opinions|those|policy|position)\s
        (?:those\s|the\s(?:views|opinions|position|policy)\s)?of\s
        (?P<name>(?:[Tt]he\s)?[A-Z][^.;,]{1,60}?)(?=[.;,]|\Z|\sor\s|\sand\sits\b)""",
    re.VERBOSE,
)


def read_foot(
    blocks: Sequence[Block], title: str | None, authors: Sequence[str] = (), said: frozenset[str] = frozenset()
) -> tuple[FootLine, ...]:
    """The foot lines among the last kept blocks, in order; none in a text of a few lines.

    `authors` are the names of the byline, `said` the fields that the head has stated: a URL, a source or a byline
    at the foot is taken only where the head has none.

    >>> blocks = [Block("Ice is thick."), Block("It is."), Block("Jane Roe is a columnist at Foreign Policy.")]
    >>> read_foot(blocks, None)[0].person
    'Jane Roe'
    """
    kept = [at for at, block in enumerate(blocks) if block.kept]
    found = []
    folded = fold_title(title) if title else None
    first, first_credit = max(1, len(kept) - FOOT_LINES), max(3, len(kept) - CREDIT_LINES)
    for place, at in enumerate(kept[first:], first):
        line = _read_line(at, blocks, kept, folded, authors)
        if line is None and place >= first_credit:
            line = _read_credit(at, blocks[at].text, said)
        if line:
            found.append(line)
    return tuple(found)


def read_named(blocks: Sequence[Block]) -> tuple[str, ...]:
    """What the last paragraphs name as outlet, folded: in a disclaimer, or as where the author works.

    It may go on behind the name (`delta standard. she was ...`), so it says of a line that is there already that it is
    an outlet's, and gives none itself.

    >>> read_named([Block("Ice."), Block("Jane Roe is a columnist at Delta Sheet.")])
    ('delta sheet',)
    """
    kept = [block.text for block in blocks if block.kept and len(block.text) <= MAX_BIO_CHARS]
    named = []
    for text in kept[-FOOT_LINES:]:
        disclaimed = _DISCLAIMED.search(text) if _disclaims(text) else None
        bio = _match_bio(text)
        post = _POST.search(text, bio.end("name"), bio.end() + 250) if bio else None
        named += [disclaimed["name"]] if disclaimed else [post["place"]] if post and post["place"] else []
    return tuple(fold_name(name) for name in named)


def _disclaims(text: str) -> bool:
    """Whether a text holds a disclaimer. The words that one begins and ends with come first: the pattern is dear."""
    lower = text.lower()
    ends = "author" in lower or "necessarily" in lower or _OWN.search(lower) is not None
    if not (ends and any(word in lower for word in _DISCLAIMER_BEGINS)) and (
        text.isascii() or not any(letter in text for letter in _TAKEN_FOR_ASCII)
    ):
        return False
    return _DISCLAIMER.search(text) is not None and _REPORTED.search(text) is None


def _match_bio(text: str) -> re.Match[str] | None:
    """A name and its verb at a text's start. Where no verb is near and no commas are, the pattern isn't tried."""
    near = text[:BIO_NAME_CHARS].split(None, BIO_NAME_WORDS + 1)[2 : BIO_NAME_WORDS + 1]
    return _BIO.match(text) if not _VERBS.isdisjoint(near) or _has_clause(text) else None


def _may_begin_with_name(text: str) -> bool:
    """Whether the first two words may be a person's: "The lake" and "He was" aren't, and most paragraphs begin so."""
    words = text[:BIO_NAME_CHARS].split(None, 2)
    # Beyond ASCII there are names in scripts without capitals; capitals stand behind a hyphen or an apostrophe, too.
    if len(words) < 2 or not (text[0].isascii() and words[1].isascii() and words[1].isalpha() and words[1].islower()):
        return True
    return words[1] in byline_words().particles


def _has_clause(text: str) -> bool:
    """Whether the first words of a text, as many as a name has, have a clause between commas behind them."""
    first = text.find(",", 0, BIO_NAME_CHARS)
    if first < 0 or text.find(",", first + 1, first + BIO_CLAUSE_CHARS) < 0:
        return False
    return 2 <= len(text[:first].split()) <= BIO_NAME_WORDS


def _read_credit(at: int, text: str, said: frozenset[str]) -> FootLine | None:
    """A URL, `Source: ...` or a byline alone on one of the last lines."""
    if len(text) > 200 or not (text.startswith(("http", "www.")) or ":" in text or strip_prefix(text) is not None):
        return None
    parts = read_line(text)
    fields = {"byline": "authors"}
    if not parts or any(
        fields.get(p.field, p.field) in said or p.label not in ("url", "source", "byline") for p in parts
    ):
        return None
    return FootLine(at, parts[0].label, f"foot-{parts[0].label}/1", parts[0].field, parts=parts)


def _read_line(
    at: int, blocks: Sequence[Block], kept: list[int], title: str | None, authors: Sequence[str]
) -> FootLine | None:
    text = blocks[at].text
    # The lengths first: folding every last paragraph cost more than all the rest.
    if title and abs(len(text) - len(title)) <= 6 and fold_title(text) == title:
        return FootLine(at, "repeated", "foot-title/1")
    if len(text) > MAX_BIO_CHARS:
        return None
    if ("author" in text or "own" in text or "necessarily" in text) and _disclaims(text):
        bio = _read_bio(at, blocks, kept, authors)
        if bio is not None:
            return replace(bio, outlet=bio.outlet or _disclaimed(text))
        return FootLine(at, "disclaimer", "foot-disclaimer/2", outlet=_disclaimed(text))
    return _read_bio(at, blocks, kept, authors)


def _disclaimed(text: str) -> str | None:
    match = _DISCLAIMED.search(text)
    if not match:
        return None
    name = match["name"].strip()
    known = find_outlet(name)
    if known:
        return known.name
    return name if len(name.split()) <= 6 and " author" not in name and "employer" not in name else None


def _read_bio(at: int, blocks: Sequence[Block], kept: list[int], authors: Sequence[str]) -> FootLine | None:
    text = blocks[at].text
    match = _match_bio(text) if _may_begin_with_name(text) else None
    if not match or not is_person(match["name"]) or _PROMOTES.search(text):
        return None
    post = _POST.search(text, match.end("name"), match.end() + 250)
    # The post comes first in a bio; further on it is somebody else's ("... was late, as President X was").
    if not post or post.start("role") > match.end() + 70:
        return None
    person = tidy_name(match["name"])
    if person not in authors and post["role"].casefold() in _OFFICES:
        return None
    if person not in authors and (_is_in_story(person, blocks, kept, at) or _is_listed(at, blocks, kept)):
        return None
    outlet = find_outlet(post["place"]) if post["place"] else None
    return FootLine(
        at, "bio", "foot-bio/2", "author_bio", person, outlet.name if outlet else _known_start(post["place"])
    )


def _known_start(name: str | None) -> str | None:
    """The outlet at the start of a run of capitalised words: `Foreign Policy and` has swallowed no more than it may."""
    words = (name or "").split()
    for end in range(len(words) - 1, 0, -1):
        outlet = find_outlet(" ".join(words[:end])) if words[end] != "&" else None
        if outlet:
            return outlet.name
    return None


def _is_listed(at: int, blocks: Sequence[Block], kept: list[int]) -> bool:
    """Whether the lines beside one about a person make it one of a list: candidates, speakers, winners."""
    return lists_people([blocks[o].text for o in kept[-FOOT_LINES:] if o != at])


def _is_in_story(person: str, blocks: Sequence[Block], kept: list[int], at: int) -> bool:
    surname = person.split()[-1]
    # As a whole word: "Chu" is not spoken of where it says "church".
    whole = re.compile(rf"(?<!\w){re.escape(surname)}(?!\w)")
    return any(surname in blocks[o].text and whole.search(blocks[o].text) for o in kept if o != at)
