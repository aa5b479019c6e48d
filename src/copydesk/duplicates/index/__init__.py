"""Sketches, keys and links of articles in a folder: new articles are compared with old ones by the keys they share.

    add_articles(folder, table)         articles in: only what they touch is read and measured
    open_index(folder).links()          the links, the same as if all articles had been compared at once
    open_index(folder).signatures()     the signatures, for datasketch

Adding in several steps, in any order, gives what adding all at once gives, and what `find_links` gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates.decided import LINKS
from copydesk.duplicates.index.add import add_rows
from copydesk.duplicates.index.files import (
    Manifest,
    locked,
    open_batches,
    read_any_manifest,
    read_manifest,
    sweep,
    write_manifest,
)
from copydesk.duplicates.index.rows import ARTICLES, Rows
from copydesk.duplicates.index.store import making_of, open_state
from copydesk.duplicates.sketch import SIGNATURE_WORDS
from copydesk.errors import UsageError
from copydesk.settings import DuplicateSettings

__all__ = ["ARTICLES", "Index", "add_articles", "open_index", "rebuild_index"]


@dataclass(frozen=True, slots=True)
class Index:
    """An index as it is on the disk: its articles, and its links by their numbers (schema `links.NUMBERED`)."""

    articles: Rows
    numbered: pa.Table

    def __len__(self) -> int:
        return len(self.articles)

    def links(self) -> pa.Table:
        """The copies with their survivors (schema `decided.LINKS`), sorted by `article_id`."""
        ids = self.articles.column("article_id")
        columns = {
            "article_id": ids.take(self.numbered["copy"]),
            "canonical_id": ids.take(self.numbered["survivor"]),
            **{name: self.numbered[name] for name in LINKS.names[2:]},
        }
        return pa.table(columns, schema=LINKS).sort_by("article_id").combine_chunks()

    def signatures(self) -> Iterator[tuple[str, npt.NDArray[np.uint32]]]:
        """The id and the signature (uint32, shape (128,)) of each article that has a signature.

        `permutations.export(signature)` is datasketch's own object.
        """
        for part in self.articles.parts:
            rows = part.column("signature").flatten().to_numpy().reshape(len(part), -1)
            ids, words = part.column("article_id").to_pylist(), part.column("words").to_numpy()
            yield from ((ids[at], rows[at]) for at in np.flatnonzero(words >= SIGNATURE_WORDS).tolist())


def open_index(folder: Path, settings: DuplicateSettings | None = None) -> Index:
    """The index in a folder; an empty one where there is none.

    Raises UsageError where it was made by another version or with other settings, is cut short, or was changed on disk.
    """
    state = open_state(folder, read_manifest(folder, making_of(settings or DuplicateSettings())))
    return Index(state.rows, state.links)


def add_articles(
    folder: Path, articles: pa.Table | Iterable[pa.Table], settings: DuplicateSettings | None = None
) -> Index:
    """The index with these articles: tables with `article_id` and `text`, and what is known besides (see `ARTICLES`).

    Raises UsageError as `open_index` does, and where an id is null or not new; LockedError while another process adds.
    """
    limits = settings or DuplicateSettings()
    tables = [articles] if isinstance(articles, pa.Table) else articles
    with locked(folder):
        manifest = read_manifest(folder, making_of(limits))
        if not manifest.files:
            # So that what a killed first addition leaves isn't taken for an index that has lost its manifest.
            write_manifest(folder, manifest)
        sweep(folder, manifest)
        add_rows(folder, manifest, map(as_articles, tables), limits)
    return open_index(folder, limits)


def rebuild_index(folder: Path, settings: DuplicateSettings | None = None) -> Index:
    """The index made again from the articles it holds, with today's sketches and these settings.

    Raises UsageError where a file of articles is cut short or was changed; LockedError while another process adds.
    """
    limits = settings or DuplicateSettings()
    with locked(folder):
        old = read_any_manifest(folder)
        sweep(folder, old)
        batches = (batch for file in old.files.get("rows", ()) for batch in open_batches(folder, file))
        tables = (as_articles(pa.Table.from_batches([batch])) for batch in batches)
        add_rows(folder, Manifest(making_of(limits), {}), tables, limits)
    return open_index(folder, limits)


def as_articles(table: pa.Table) -> pa.Table:
    """A table as articles (schema `ARTICLES`): what it doesn't have is unknown, a null text is an empty one.

    >>> as_articles(pa.table({"article_id": ["a"], "text": ["Rain fell."]})).schema.equals(ARTICLES)
    True
    """
    for name in ("article_id", "text"):
        if name not in table.column_names:
            raise UsageError(f"the articles have no column {name!r}; there are {', '.join(table.column_names)}")
    if table["article_id"].null_count:
        raise UsageError("an article has no id; give it one")
    columns = [
        table[field.name].cast(field.type) if field.name in table.column_names else pa.nulls(len(table), field.type)
        for field in ARTICLES
    ]
    texts = columns[1].fill_null("")
    return pa.table([columns[0], texts, *columns[2:]], schema=ARTICLES)
