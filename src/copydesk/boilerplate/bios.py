"""Lines about the author, by their form and their place: "Nadia Duffy is a columnist for Harbor Times"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from copydesk.boilerplate.folding import fold_line
from copydesk.boilerplate.rules import Place

MAX_BIO_WORDS = 110
"""The longest biography seen under a column has 96 words."""

MAX_BIO_CHARS = 1_000
"""No biography of 110 words is longer."""
OPENING_CHARS = 80
"""Characters in which the first four words of a line stand."""
CLAUSE_CHARS = 200
"""Characters in which a note's verb stands: a name and at most 90 characters between commas are before it."""
FOOT_LINES = 6
"""Lines that count as the foot (as in `rules.Place`): elsewhere an author's note says what the person is."""

MAX_BYLINE_WORDS = 8
"""A shorter line with the author's name in it may be the byline."""

NAME = r"[A-Z][\w.'’-]*(?:\ (?:[A-Z][\w.'’-]*|de|da|la|van|von|der|el|al|bin|di|Jr\.)){1,4}"

ROLES = (
    "columnist|reporter|correspondent|writer|editor|fellow|professor|journalist|freelance|freelancer|analyst"
    "|contributor|commentator|author|co-author|coauthor|host|producer|historian|essayist|blogger|photographer"
    "|lecturer|scholar|researcher|attorney|strategist|consultant|critic|novelist|chairman|president|director"
    "|chief|officer|secretary|adviser|advisor|economist|founder|co-founder|cofounder|expert|lawyer|physician"
    "|student|candidate|graduate|editor-in-chief|specialist|counsel"
)
ROLE = f"(?:{ROLES})"

FORM_WORDS = frozenset(
    word.encode()
    for word in (
        *(role.rpartition("-")[2] for role in ROLES.split("|")),
        *("covers", "writes", "reports", "teaches", "hosts", "blogs"),
        *("book", "novel", "collection", "album", "film"),
    )
)
"""One of them is in every line that one of the forms below takes, unless it is spelt with letters beyond ASCII."""

# "Nadia Duffy is a columnist for Harbor Times."; not "Nadia Duffy is angry."
PRESENT = re.compile(
    rf"""(?:(?i:about\ the\ authors?):?\ )?(?:(?i:by)\ )?
        (?P<name>(?:(?:Dr|Prof|Rev|Mr|Mrs|Ms)\.?\ )?{NAME})
        (?:,\ [^,]{{3,90}},|\ \(@?\w+\))?
        \ (?:is|are|was|were|has\ been|works\ as|serves\ as)\ (?:(?:also|currently|now)\ )?
        (?P<what>
            (?:an?|the|one\ of|associate|assistant|adjunct|visiting|senior|co|co-founder|editor|founder|chairman|chair
                |president|director|executive|professor|author|host|managing|chief|deputy|former|communications|founding
                |contributing)\b(?i:.{{0,140}}?\b{ROLE}\b)
            | (?:editor|author|director|president|chairman|professor)\b
        )""",
    re.VERBOSE,
)
# "Tom Reyes covers shipping for Northern Post."; not "Tom Reyes covered his face."
COVERS = re.compile(
    rf"""(?P<name>{NAME})\ (?:covers|writes\ (?:about|for|on)|reports\ (?:on|for|from)|teaches|hosts|blogs)
        \ .{{3,160}}""",
    re.VERBOSE,
)
# "Nadia Duffy's most recent book is “Quays”."; not "Nadia Duffy's boat is lost."
BOOK = re.compile(
    rf"""(?P<name>{NAME})'s\ (?:most\ recent|latest|newest|new|next|first|forthcoming)
        \ (?:book|novel|collection|album|film)\ (?:is|was|will)\b""",
    re.VERBOSE,
)
VERBS = frozenset(
    ["is", "are", "was", "were", "has", "works", "serves", "covers", "writes", "reports", "teaches", "hosts", "blogs"]
)
"""One of them is among the first words of what PRESENT and COVERS take, or a clause between commas stands before it."""
VERB_WORDS = 14
"""Words among which it is: the heading, "by", a title, five names and a handle are before it."""
# What BOOK needs: "'s "; not "'s-Hertogenbosch".
_POSSESSIVE = re.compile(r"['’‘]s\s")
# What hardly stands in a story: "Follow her on Twitter", "is the author of", "@handle", "can be reached at"
STRONG = re.compile(
    r"""\b(?:follow\ (?:him|her|them)\b
        | (?:tweets?|twitter)\W{1,6}(?:at\W)?@?\w+
        | @\w{3,}
        | can\ be\ reached
        | (?:her|his)\ latest\ book
        | (?:is|and)\ (?:the\ |an?\ )?(?:co-?)?authors?\ of\b.{0,60}[“"‘'A-Z]
        | forthcoming\ book
        | opinions?\ expressed
        | freelance\ (?:journalist|writer|reporter)
        | -based\ (?:journalist|writer|reporter)
        | (?:reporter|writer|journalist)\ who\ (?:writes|covers)
        | find\ (?:him|her|them)\ on\ twitter
        | is\ a\ (?:\w+\ ){0,3}(?:columnist|contributor|staff\ writer|correspondent)\b
        | writes\ (?:a|the)\ .{0,40}\bcolumn\b
        | contributing\ (?:editor|writer|opinion)
        | nationally\ syndicated)""",
    re.VERBOSE | re.IGNORECASE,
)
# "Nadia Duffy is", "Nadia Duffy, a mayor, is"; not "The Ferry is"
IS = re.compile(rf"(?!(?:The|This|It)\b){NAME}(?:,\ [^,]{{3,90}},)?\ (?:is|are)\ ", re.VERBOSE)
# "is a fellow at the Lind Institute", "writes for Harbor Times"; not "is the director of the shelter"
PLACED = re.compile(r"\b(?:at|of|for|with|from|de)\ (?:the\ )?[A-Z]|['’‘]s\ [A-Z]", re.VERBOSE)
# "is the director of the shelter"; not "is the author of the forthcoming book"
OF_A_THING = re.compile(r"\b(?:of|for|at)\ (?:the|this|that)\ (?P<thing>[a-z]{4,})\b(?!\ [A-Z])", re.VERBOSE)
# A source in the story speaks; an author's note does not: "... is a professor at Lind, said on Friday".
SPEAKS = re.compile(r"\b(?:said|says|told|added|argued|according|asked|agreed|warned|testified|noted)\b")

# Below the line, whoever it names goes on to speak: "“It rang all night,” she says."; not "“Quays” is her first book."
SPEAKS_ON = re.compile(
    r"""["“”‘'«].*[,.!?…]["“”’'»]\ (?:(?:he|she|they)\ \w+|(?:said|says|added|told)\ (?:he|she|they))\b""", re.VERBOSE
)


def introduces_speaker(following: str) -> bool:
    """Whether the paragraph below a line lets the person speak whom the line names: nobody does below a note on the
    author.

    >>> introduces_speaker("“It rang all night,” she says."), introduces_speaker("“Quays” is her first book.")
    (True, False)
    """
    return following[:1] in "\"“”‘'«" and SPEAKS_ON.match(following) is not None


def is_bio(text: str, place: Place, authors: Sequence[str], known: Iterable[str]) -> bool:
    """Whether a line is about the author of the article.

    `authors` are the names in its metadata, `known` the other kept paragraphs: a person the story speaks
    about, or who speaks in it, is no author. Away from the foot only unmistakable wording counts.

    >>> line = "Nadia Duffy is a columnist for Harbor Times and a former foreign correspondent."
    >>> is_bio(line, Place(9, 10), (), ("The quay was empty.",))
    True
    >>> is_bio(line, Place(9, 10), (), ("“We were cold and hungry all winter,” Ms. Duffy says.",))
    False
    """
    return may_be_bio(text, place.count - 1 - place.position) and reads_as_bio(text, place, authors, known)


def reads_as_bio(text: str, place: Place, authors: Sequence[str], known: Iterable[str]) -> bool:
    """As `is_bio`, for a line that may be one."""
    near_foot = place.within("foot")
    opening = text[:CLAUSE_CHARS]
    if VERBS.isdisjoint(opening.split(None, VERB_WORDS)) and opening.count(",") < 2 and not _POSSESSIVE.search(opening):
        return False
    line = fold_line(text)
    present = PRESENT.match(line)
    found = present or (BOOK.match(line) or COVERS.match(line) if near_foot else None)
    if found is None:
        return False
    name = found["name"]
    if any(author and author.casefold() in name.casefold() for author in authors):
        return place.within("edge")
    if SPEAKS.search(line) and not STRONG.search(line):
        return False
    if present is None:
        return BOOK.match(line) is not None and not _mentioned(name, known)
    known = tuple(known)
    return _unmistakable(line, place) and not _mentioned(name, known) and not _of_the_story(line, known)


def lists_people(texts: Sequence[str]) -> bool:
    """Whether the lines at a foot are a list of people: candidates, speakers, winners.

    Of two of them nobody says where the person works: an author's note does.

    >>> lists_people(["Anna Brandt is a teacher and a former chairman.", "Irina Petrov is a lawyer. She wants a roof."])
    True
    >>> lists_people(["Anna Brandt is a fellow at Lind College.", "Irina Petrov is a lawyer."])
    False
    """
    people = [line for line in map(fold_line, texts) if IS.match(line)]
    return sum(PLACED.search(line) is None and STRONG.search(line) is None for line in people) > 1


def may_be_bio(text: str, from_foot: int) -> bool:
    """Whether a line so far from the foot (0 is the last one) can be about an author: the cheap first look."""
    if len(text) >= MAX_BIO_CHARS:
        return False
    if from_foot >= FOOT_LINES:
        opening = text[:CLAUSE_CHARS]
        if " is " not in opening and " was " not in opening:
            return False
    return _opens_with_name(text) and text.count(" ") < MAX_BIO_WORDS


def _opens_with_name(text: str) -> bool:
    """Whether one of the first words after the first begins with a capital: the cheap first look."""
    return any(map(str.isupper, [word[0] for word in text[:OPENING_CHARS].split(None, 4)[1:4]]))


def _unmistakable(line: str, place: Place) -> bool:
    """At the foot the form is enough; elsewhere the wording has to be an author's note."""
    from_foot = place.count - 1 - place.position
    if STRONG.search(line):
        return True
    return from_foot < 3 and PLACED.search(line) is not None and IS.match(line) is not None


def _of_the_story(line: str, known: Sequence[str]) -> bool:
    """Whether the post is one of what the story is about: "the director of the shelter", of which it speaks."""
    post = None if STRONG.search(line) else OF_A_THING.search(line.split(". ", 1)[0])
    return post is not None and any(post["thing"] in paragraph for paragraph in known)


def _mentioned(name: str, known: Iterable[str]) -> bool:
    """Whether the person's last name stands in another paragraph: then the story is about them. A byline is none."""
    last = [part for part in name.split() if part[:1].isupper() and part not in {"Jr.", "Sr.", "III", "II"}][-1]
    return any(last in paragraph and paragraph.count(" ") > MAX_BYLINE_WORDS for paragraph in known)
