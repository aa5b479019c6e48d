"""The names of an article's short blocks, as a column: so that the lines of entries are found without any text."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, islice

import pyarrow as pa

from copydesk.article import Article
from copydesk.overrides.keys import text_keys

LINE_CHARS = 400
"""A longer block is a paragraph, no line."""

NAMES = pa.list_(pa.field("item", pa.uint64(), nullable=False))

Wordings = Mapping[int, tuple[str, ...]]
"""By position, the other wordings that decided blocks have had: before a repair, and what it left."""


def wordings_of(article: Article) -> Wordings:
    """The wordings beside the present one of each block that was decided about; empty for the others."""
    known: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for decision in article.decisions:
        if decision.paragraph is not None:
            known[decision.paragraph] += tuple(text for text in (decision.before, decision.after) if text)
    return known


def name_of(key: str) -> int:
    """The name of a key: 64 bits, so that strangers share one in no corpus; where they do, words still decide."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def line_names(articles: Sequence[Article]) -> pa.Array:
    """The names of all short blocks of each article (type `NAMES`), removed ones and earlier wordings too, sorted."""
    texts = [_lines(article) for article in articles]
    names = map(name_of, text_keys(list(chain.from_iterable(texts))))
    return pa.array([sorted(set(islice(names, len(lines)))) for lines in texts], NAMES)


def _lines(article: Article) -> set[str]:
    texts = {block.text for block in article.blocks}
    if article.decisions:
        texts.update(chain.from_iterable(wordings_of(article).values()))
    return {text for text in texts if len(text) <= LINE_CHARS}
