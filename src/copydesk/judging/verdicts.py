"""A verdict: all that the corpus says about one article. The article itself and its verdict give what is published."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from copydesk.article import Article, Copy, Outcome
from copydesk.boilerplate.learned import remove_lines
from copydesk.contamination.documents import Aside, set_aside
from copydesk.contamination.paragraphs import Stranger, carry_out
from copydesk.duplicates import DuplicateLink
from copydesk.machine.plain_json import tell_all
from copydesk.overrides.apply import remove_unwanted, write_down_folded, write_down_kept


@dataclass(frozen=True, slots=True)
class Overruled:
    """What a person's entry took back of a verdict: a block (its position) or the whole article (None) stays.

    `rule` stands in the row of the account, `field` and `said` in the evidence; `score` is that of what was overruled.
    """

    position: int | None
    rule: str
    field: str
    said: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from the corpus for an article; for most nothing does.

    `furniture` are the positions of learned lines; `foreign` are the paragraphs that look like other stories';
    `no_article` says why nothing that is an article is left without these. `aside` is what is said of an article off
    the theme. `link` makes it a copy, `copies` are those it stands for.
    `unwanted` are the positions of blocks that people remove. `overruled` is what they took back of all this;
    `kept_whole`: they keep the article; `by_hand`: they made the link. `gone`: the raw folder no longer has its
    record.
    """

    furniture: tuple[int, ...] = ()
    foreign: tuple[Stranger, ...] = ()
    no_article: str = ""
    aside: Aside | None = None
    link: DuplicateLink | None = None
    copies: tuple[Copy, ...] = ()
    unwanted: tuple[int, ...] = ()
    overruled: tuple[Overruled, ...] = ()
    kept_whole: bool = False
    by_hand: bool = False
    gone: bool = False

    @property
    def clean(self) -> bool:
        """Whether the article stays one, copies included."""
        return self.kept_whole or not (self.no_article or self.off_topic)

    @property
    def off_topic(self) -> str:
        """The reason for which the article is set aside, empty if it stays."""
        return self.aside.reason if self.aside else ""

    @property
    def removed(self) -> tuple[int, ...]:
        """The positions of the blocks that go, in order."""
        if not self.foreign and not self.unwanted:
            return self.furniture  # as nearly always, and they are in order
        gone = {s.position for s in self.foreign if s.removed} | {
            s.headline for s in self.foreign if s.headline is not None
        }
        return tuple(sorted(gone.union(self.furniture, self.unwanted)))

    def linked(self, link: DuplicateLink | None = None, copies: tuple[Copy, ...] = ()) -> Verdict:
        """The same of a copy, or of one that stands for copies."""
        # `replace` takes five times as long, and of a hundred thousand articles a third are one or the other.
        return Verdict(
            self.furniture,
            self.foreign,
            self.no_article,
            self.aside,
            link or self.link,
            copies or self.copies,
            self.unwanted,
            self.overruled,
            self.kept_whole,
            self.by_hand,
            self.gone,
        )


NOTHING = Verdict()
GONE = "kept: its record is no longer in the raw folder"
"""The reason, or the end of it, of what stays in the corpus by setting."""


def settle(article: Article, verdict: Verdict) -> Article:
    """The article as the verdict leaves it, with its one outcome."""
    if verdict == NOTHING:
        return article
    article = _settle(article, verdict)
    return replace(article, reason="; ".join(filter(None, (article.reason, GONE)))) if verdict.gone else article


def _settle(article: Article, verdict: Verdict) -> Article:
    article = _write_down(strip(article, verdict), verdict.overruled)
    if verdict.no_article and not verdict.kept_whole:
        return replace(article, outcome=Outcome.NO_ARTICLE, reason=verdict.no_article)
    if verdict.aside and not verdict.kept_whole:
        article = set_aside(article, verdict.aside)
        if verdict.off_topic:
            return article
    if verdict.link:
        reason = f"{verdict.link.kind} of {verdict.link.canonical_id}"
        if verdict.by_hand:
            article, reason = write_down_folded(article), f"{reason} (overrides)"
        return replace(article, outcome=Outcome.DUPLICATE, reason=reason)
    return article if article.also_published == verdict.copies else replace(article, also_published=verdict.copies)


def _write_down(article: Article, overruled: Sequence[Overruled]) -> Article:
    for what in overruled:
        article = write_down_kept(article, what.rule, what.field, what.said, position=what.position, score=what.score)
    return article


def strip(article: Article, verdict: Verdict) -> Article:
    """The article without the lines and paragraphs that don't belong to it."""
    stripped = carry_out(remove_lines(article, verdict.furniture), verdict.foreign)
    return remove_unwanted(stripped, verdict.unwanted)


def digest_verdict(verdict: Verdict) -> bytes:
    """A digest of 16 bytes; two verdicts with the same one make the same of the same article. Empty for no facts."""
    return b"" if verdict == NOTHING else _digest(tell_all(verdict))


def digest_removals(verdict: Verdict) -> bytes:
    """A digest of what the verdict takes out of an article, on which depends whether one is left."""
    return _digest_positions(verdict.removed)


@lru_cache(4096)
def _digest_positions(positions: tuple[int, ...]) -> bytes:
    # In a corpus of a hundred thousand articles some hundred different ones come again and again: (14,).
    return _digest(repr(positions).encode())


def _digest(said: bytes) -> bytes:
    return hashlib.blake2b(said, digest_size=16).digest()
