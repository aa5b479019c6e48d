"""The values that travel from stage to stage: records, blocks, evidence, decisions, articles.

Everything here is frozen. A stage takes an article and gives back another one. The text is
never edited in place: an article keeps all the blocks it came with, a stage *decides* about a block
(`decide`), and `Article.text` is what the decisions leave. So every removal can be explained,
undone and counted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from copydesk.quickly_made import quickly_made


class Form(StrEnum):
    """What a record's content is: plain text, or markup that has to be extracted."""

    TEXT = "text"
    HTML = "html"


class BlockKind(StrEnum):
    """The role of a block on the page it was read from."""

    PARAGRAPH = "paragraph"
    SUBHEAD = "subhead"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    TABLE_CELL = "table_cell"
    CAPTION = "caption"
    PREFORMATTED = "preformatted"


class Action(StrEnum):
    """What was done to a span of an article."""

    REMOVED = "removed"
    MOVED = "moved"
    REPAIRED = "repaired"


class Outcome(StrEnum):
    """What became of a raw record. Each record has exactly one."""

    CLEAN = "clean"
    DUPLICATE = "duplicate"
    OFF_TOPIC = "off_topic"
    NO_ARTICLE = "no_article"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something could not be done: `code` for machines, `detail` for people.

    >>> str(Refusal("truncated", "the gzip stream ends after 120 bytes"))
    'truncated: the gzip stream ends after 120 bytes'
    """

    code: str
    detail: str

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code


@dataclass(frozen=True, slots=True)
class RecordField:
    """One field that a record itself, or the `sources.csv` beside it, states.

    `field` is the name this project uses (`title`, `authors`, `outlet`, `published`, `url`, ...),
    `key` the name it was given under, `origin` is `record` or `sources.csv`.
    """

    field: str
    value: str
    key: str
    origin: str = "record"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record lies: path relative to the raw folder, position in the file, digest, encoding."""

    path: str
    record: int
    sha256: str | None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as it lies in the raw folder, unread but for its container.

    `content` is bytes where nobody has decoded them yet (a text file, a saved page), `str` where the
    container was text itself (JSON, CSV, Parquet). With a `refusal` there is no content.
    """

    article_id: str
    source: Source
    form: Form
    content: bytes | str
    fields: tuple[RecordField, ...] = ()
    refusal: Refusal | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Evidence:
    """A value for a field with where it comes from, as printed, and how sure it is (0 to 1)."""

    field: str
    value: str
    source: str
    raw: str
    confidence: float


@quickly_made
@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-level unit of text.

    `label` is `body` as long as the block belongs to the text, else what it was found to be
    (`caption`, `promo`, `off_topic`, ...). `field` names the field it was moved to, if any.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    label: str = "body"
    field: str | None = None

    @property
    def kept(self) -> bool:
        """Whether the block is part of the article's text."""
        return self.label == "body"


@quickly_made
@dataclass(frozen=True, slots=True)
class Decision:
    """What one rule did to one block (or, without `paragraph`, to a field), and why.

    `paragraph` is the block's position among all blocks of the record, from 0. `score` is the rule's
    certainty (0 to 1) or None where a rule is either so or not. `after` is the text that a repair
    left or that a moved block has in its field; None where the block is gone.
    """

    stage: str
    action: Action
    label: str
    rule: str
    paragraph: int | None
    before: str
    after: str | None = None
    score: float | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article. None (or an empty tuple) means unknown, never a guess."""

    title: str | None = None
    deck: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    outlet: str | None = None
    outlet_domain: str | None = None
    published_on: dt.date | None = None
    published_at: dt.datetime | None = None
    published_precision: str | None = None
    modified_at: dt.datetime | None = None
    url: str | None = None
    canonical_url: str | None = None
    url_key: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str = "und"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was folded into a surviving article."""

    outlet: str | None
    url: str | None
    published_on: dt.date | None
    article_id: str


@quickly_made
@dataclass(frozen=True, slots=True)
class Article:
    """One record on its way through the stages."""

    article_id: str
    source: Source
    blocks: tuple[Block, ...] = ()
    metadata: Metadata = Metadata()
    evidence: tuple[Evidence, ...] = ()
    decisions: tuple[Decision, ...] = ()
    outcome: Outcome = Outcome.CLEAN
    reason: str = ""
    also_published: tuple[Copy, ...] = ()

    @property
    def text(self) -> str:
        """The text that the decisions leave: kept blocks, one blank line between them."""
        return "\n\n".join(block.text for block in self.blocks if block.kept)

    @property
    def captions(self) -> tuple[str, ...]:
        """The captions that were moved out of the text, in order."""
        return tuple(b.text for b in self.blocks if b.field == "captions")

    @property
    def author_bio(self) -> str | None:
        """The lines about the author that were moved out of the text, or None."""
        lines = [b.text for b in self.blocks if b.field == "author_bio"]
        return "\n\n".join(lines) or None


def decide(article: Article, *decisions: Decision) -> Article:
    """The article with these decisions carried out on its blocks and written down.

    A removed or moved block stays among the blocks under its new label; a repaired one has its new
    text. Decisions that name no paragraph are only written down.

    Raises IndexError if a decision names a block that isn't there: a broken stage, not bad data.

    >>> article = Article("a", Source("a.txt", 0, None), (Block("Read more here."), Block("Prices rose.")))
    >>> decide(article, Decision("boilerplate", Action.REMOVED, "promo", "read-more/1", 0, "Read more here.")).text
    'Prices rose.'
    """
    if not decisions:
        return article
    blocks = list(article.blocks)
    for decision in decisions:
        if decision.paragraph is not None:
            blocks[decision.paragraph] = _after(blocks[decision.paragraph], decision)
    return replace(article, blocks=tuple(blocks), decisions=article.decisions + decisions)


def _after(block: Block, decision: Decision) -> Block:
    if decision.action is Action.REPAIRED:
        return replace(block, text=decision.after or "")
    if decision.action is Action.MOVED:
        text = block.text if decision.after is None else decision.after
        return replace(block, text=text, label=decision.label, field=decision.field)
    # `replace` takes four times as long, and nearly every article loses a line.
    return Block(block.text, block.kind, decision.label)


def article_id(path: str, sha256: str, occurrence: int) -> str:
    """The id of a record: 32 hexadecimal digits, the same on every run and every machine.

    It is made of where the record lies and what it says, not of its position, so a line put into
    the middle of a JSONL file leaves the ids of all others alone. `occurrence` counts
    equal records of one file from 0.

    >>> article_id("paper/a.txt", "ab" * 32, 0) == article_id("paper/a.txt", "ab" * 32, 0)
    True
    """
    key = "\0".join((path, sha256, str(occurrence)))
    return hashlib.blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
