"""What people have decided for good, as frozen values.

An entry is what one table of the overrides file says. Where two entries speak of the same thing the later one holds:
the file is written by adding to its end.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from copydesk.overrides.keys import text_key

STAGE = "overrides"
"""The stage that decisions of people are written down under."""


class Kind(StrEnum):
    """What an entry is about."""

    PARAGRAPH = "paragraph"
    LINE = "line"
    LINK = "link"
    DOCUMENT = "document"


class Choice(StrEnum):
    """What a person decided: `keep` or `remove` a text; two articles are `copies`, or `apart`."""

    KEEP = "keep"
    REMOVE = "remove"
    COPIES = "copies"
    APART = "apart"


CHOICES = dict.fromkeys(Kind, (Choice.KEEP, Choice.REMOVE)) | {Kind.LINK: (Choice.COPIES, Choice.APART)}
"""What can be decided about each kind."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person was shown when deciding: the rule, what it had done, and how the case was drawn.

    It changes no result and is not part of the digest. `was`: removed, flagged, copies, or the outcome of a document.
    `drawn`: `borderline` or `sample`; only the latter says something about all cases of a rule.
    """

    stage: str
    rule: str
    was: str
    score: float | None
    drawn: str
    on: dt.datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision of a person.

    `articles`: the article meant, both of them for a link, none for a line. `text` names a paragraph or a line by its
    words, `begins` says that it is only their beginning, `nth` which one is meant where an article has several of the
    same words (from 1; None: all). `outlet` (name or domain) narrows a line down.
    """

    kind: Kind
    choice: Choice
    articles: tuple[str, ...] = ()
    text: str = ""
    begins: bool = False
    nth: int | None = None
    outlet: str | None = None
    note: str = ""
    judgement: Judgement | None = None

    @property
    def key(self) -> str:
        """The key of its text."""
        return text_key(self.text)

    @property
    def target(self) -> tuple[object, ...]:
        """What it is about: of entries with the same target the last one holds."""
        text = self.key if self.text else ""
        return (self.kind, tuple(sorted(self.articles)), text, self.begins, self.nth, (self.outlet or "").casefold())


@dataclass(frozen=True, slots=True)
class Overrides:
    """All entries in the order of the file, and where those of an article, of all lines, of all links lie.

    Numbers are positions among `entries`. `of_article` has paragraphs, `documents` and `links` only the entry that
    holds: the last.
    """

    entries: tuple[Entry, ...] = ()
    of_article: Mapping[str, tuple[int, ...]] = field(init=False, repr=False, compare=False)
    lines: Mapping[str, tuple[int, ...]] = field(init=False, repr=False, compare=False)
    documents: Mapping[str, int] = field(init=False, repr=False, compare=False)
    links: Mapping[frozenset[str], int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        of_article: dict[str, tuple[int, ...]] = {}
        lines: dict[str, tuple[int, ...]] = {}
        documents: dict[str, int] = {}
        links: dict[frozenset[str], int] = {}
        for number, entry in enumerate(self.entries):
            if entry.kind is Kind.PARAGRAPH:
                of_article[entry.articles[0]] = (*of_article.get(entry.articles[0], ()), number)
            elif entry.kind is Kind.LINE:
                lines[entry.key] = (*lines.get(entry.key, ()), number)
            elif entry.kind is Kind.DOCUMENT:
                documents[entry.articles[0]] = number
            else:
                links[frozenset(entry.articles)] = number
        for name, value in (("of_article", of_article), ("lines", lines), ("documents", documents)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "links", links)

    def __bool__(self) -> bool:
        return bool(self.entries)

    @property
    def digest(self) -> str:
        """A short digest of what was decided, not of notes and of what was shown; empty without entries."""
        if not self.entries:
            return ""
        said = [[str(part) for part in (*entry.target, entry.choice)] for entry in self.entries]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]

    def choice_for(self, article_id: str) -> Choice | None:
        """What was decided about a whole document; None if nothing was."""
        number = self.documents.get(article_id)
        return None if number is None else self.entries[number].choice


NONE = Overrides()
"""Nothing was decided by anybody."""
