"""Everything that is known of one record, gathered: what became of it, its fields, its text with all spans in place.

The published tables answer most of it. The text of a record that is no article (a copy, a page without one) is in no
table; where the state beside the corpus still has it, it is shown too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.dataset as ds

from copydesk.article import Action, Article
from copydesk.errors import UsageError
from copydesk.overrides import KEPT, STAGE
from copydesk.state import find_kept
from copydesk.writing import Corpus, locate
from copydesk.writing.provenance import ENTRY, provenance_rows

Row = Mapping[str, Any]
Kept = Callable[[str], Article | None]
"""The examined article of an id, None where it isn't kept."""

FIELDS = (
    *("title", "deck", "byline", "authors", "outlet", "published_on", "published_at", "modified_at"),
    *("url", "canonical_url", "section", "tags", "language"),
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of a record as it is now, and all that was decided about it. `gone`: it is not part of the text."""

    position: int
    text: str
    gone: bool
    decisions: tuple[Row, ...] = ()

    @property
    def before(self) -> str:
        """The block as it was read."""
        return str(self.decisions[0]["before"]) if self.decisions else self.text


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its value as text, and the evidence for it: the entry that was taken first, then its rivals."""

    name: str
    value: str | None
    evidence: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A record: its row of the ledger, its fields and passages, the copies folded into it, and what it is a copy of.

    `text` is None where no article was published and the state keeps nothing; `survivor` is the survivor's text.
    """

    entry: Row
    fields: tuple[Field, ...]
    passages: tuple[Passage, ...]
    about_fields: tuple[Row, ...]
    copies: tuple[Row, ...]
    links: tuple[Row, ...]
    text: str | None
    survivor: str | None

    @property
    def decisions(self) -> int:
        """How many decisions there were."""
        return len(self.about_fields) + sum(len(passage.decisions) for passage in self.passages)


def kept_beside(clean: Path) -> Kept:
    """Looks articles up in the state beside this corpus, where there is one."""
    folder = locate(clean).state / "examined"
    return partial(find_kept, folder) if folder.is_dir() else _nothing


def _nothing(article_id: str) -> Article | None:  # noqa: ARG001 - it stands in for a lookup
    return None


def find_accounts(corpus: Corpus, name: str, kept: Kept) -> tuple[Account, ...]:
    """The accounts of the records with this id or source path, in the order of the file.

    Raises UsageError if no record has the name.
    """
    entries = _rows(corpus.ledger, (pc.field("article_id") == name) | (pc.field("source_path") == name))
    if not entries:
        raise UsageError(f"no record {name!r} in this corpus; give an article_id or a source_path from the ledger")
    entries.sort(key=lambda row: (row["source_path"], row["source_record"]))
    return tuple(_account(corpus, entry, kept) for entry in entries)


def _account(corpus: Corpus, entry: Row, kept: Kept) -> Account:
    here = pc.field("article_id") == entry["article_id"]
    published = next(iter(_rows(corpus.articles, here)), None)
    examined = kept(entry["article_id"]) if entry["article_id"] else None
    decisions = _rows(corpus.decisions, here)
    links = tuple(_rows(corpus.duplicates, here))
    text = published["text"] if published else examined.text if examined else None
    return Account(
        entry=entry,
        fields=_fields(published, examined),
        passages=lay_out((text or "").split("\n\n") if text else (), decisions),
        about_fields=tuple(row for row in decisions if row["paragraph"] is None),
        copies=tuple(published["also_published"] if published else ()),
        links=links,
        text=text,
        survivor=_text(corpus, links[0]["canonical_id"]) if links else None,
    )


def lay_out(paragraphs: Sequence[str], decisions: Sequence[Row]) -> tuple[Passage, ...]:
    """The blocks of a record in their order: what was taken out stands where it was, between what is left.

    >>> gone = {"paragraph": 1, "action": "removed", "before": "Share this", "after": None}
    >>> [(p.text, p.gone) for p in lay_out(["One.", "Two."], [gone])]
    [('One.', False), ('Share this', True), ('Two.', False)]
    """
    by_position: dict[int, list[Row]] = defaultdict(list)
    for row in decisions:
        if row["paragraph"] is not None:
            by_position[row["paragraph"]].append(row)
    gone = {place for place, rows in by_position.items() if any(r["action"] != Action.REPAIRED for r in rows)}
    left = iter(paragraphs)
    passages = []
    for position in range(len(paragraphs) + len(gone)):
        rows = tuple(by_position.get(position, ()))
        # A block beyond the last paragraph that is left lies at its own place, even if some between were empty.
        text = str(rows[-1]["before"]) if position in gone else next(left, None)
        if text is not None:
            passages.append(Passage(position, text, position in gone, rows))
    beyond = sorted(place for place in by_position if place >= len(paragraphs) + len(gone))
    passages += [Passage(p, str(by_position[p][-1]["before"]), p in gone, tuple(by_position[p])) for p in beyond]
    return tuple(passages)


def _fields(published: Row | None, examined: Article | None) -> tuple[Field, ...]:
    if published:
        evidence, values = published["provenance"] or (), published
    elif examined:
        evidence = [dict(zip(ENTRY, entry, strict=True)) for entry in provenance_rows(examined)]
        values = {name: getattr(examined.metadata, name) for name in FIELDS}
    else:
        return ()
    found = []
    for name in FIELDS:
        about = tuple(item for item in evidence if item["field"] == name)
        value = _shown(values[name])
        if value or about:
            found.append(Field(name, value, about))
    return tuple(found)


def _shown(value: Any) -> str | None:
    if isinstance(value, (list, tuple)):
        return ", ".join(value) or None
    return None if value is None or value == "" else str(value)


def role(field: Field, item: Row) -> str:
    """What an entry of the evidence is to the value: `from`, `also` (it says the same), `rival` or `refused`.

    >>> role(Field("title", "Ferry", ()), {"value": "Boat", "confidence": 0.5})
    'rival'
    """
    if field.value is not None and field.evidence[:1] == (item,):
        return "from"
    if item["confidence"] == 0:
        return "refused"
    return "also" if str(item["value"]) == field.value else "rival"


def deed(row: Row) -> str:
    """What was done, as what, and by whom, in words.

    >>> deed({"action": "removed", "label": "promo", "stage": "boilerplate"})
    'removed as promo by boilerplate'
    """
    if row["stage"] == STAGE and row["label"] == KEPT:
        return "kept by a person (overrides)"
    return f"{row['action']} as {row['label']} by {row['stage']}"


def _text(corpus: Corpus, article_id: str) -> str | None:
    return next((row["text"] for row in _rows(corpus.articles, pc.field("article_id") == article_id)), None)


def _rows(table: ds.Dataset, where: pc.Expression) -> list[Row]:
    return list(table.to_table(filter=where).to_pylist())
