"""The names of an article's short blocks, as a column: so that the lines of entries are found without any text."""

from __future__ import annotations

import hashlib
import string
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
import pyarrow as pa

from copydesk.article import Article
from copydesk.overrides.keys import text_key

LINE_CHARS = 400
"""A longer block is a paragraph, no line."""

MIN_CORE = 5
"""A key's letters and digits of ASCII are its core, by which it is named: these are had without the key. With fewer of
them (in other scripts, say, with a year) many keys would share a core, and it is the key itself."""
MAX_CHARACTERS = 4096
"""Characters of which it is kept whether they change a core."""

_ASCII, _SMALL = bytes(range(128)), bytes(range(256)).lower()
_NOT_CORE = bytes(set(range(256)) - set(f"{string.ascii_letters}{string.digits}\n".encode()))

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
    """The name of a key: 64 bits of its core. Where other keys share one, words still decide.

    >>> name_of("cafésat9") == name_of("cafsat9"), name_of("港口") == name_of("港")
    (True, False)
    """
    return int.from_bytes(_digest(_core_of(key)), "little")


def line_names(articles: Sequence[Article]) -> pa.Array:
    """The names of all short blocks of each article (type `NAMES`), removed ones and earlier wordings too, sorted."""
    texts = [_lines(article) for article in articles]
    names = np.frombuffer(b"".join(map(_digest, _cores(list(chain.from_iterable(texts))))), "<u8")
    owners = np.repeat(np.arange(len(texts)), [len(lines) for lines in texts])
    order = np.lexsort((names, owners))
    names, owners = names[order], owners[order]
    fresh = np.ones(names.size, np.bool_)
    fresh[1:] = (names[1:] != names[:-1]) | (owners[1:] != owners[:-1])
    starts = np.searchsorted(owners[fresh], np.arange(len(texts) + 1)).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(starts), pa.array(names[fresh], pa.uint64()), NAMES)


def _digest(core: bytes) -> bytes:
    return hashlib.blake2b(core, digest_size=8).digest()


def _core_of(key: str) -> bytes:
    data = _encode(key)
    core = data.translate(_SMALL, _NOT_CORE)
    return core if len(core) >= MIN_CORE else data


def _cores(texts: Sequence[str]) -> list[bytes]:
    """The cores of the texts' keys: of nearly all had without these, and all at once."""
    data = _encode("\n".join([text.replace("\n", " ") for text in texts]))
    cores = data.translate(_SMALL, _NOT_CORE).split(b"\n")
    beyond = data.translate(None, _ASCII).decode("utf-8", "surrogatepass")
    changing = [character for character in set(beyond) if _changes_core(character)]
    return [
        core if len(core) >= MIN_CORE and (text.isascii() or not _has_any(text, changing)) else _core_of(text_key(text))
        for text, core in zip(texts, cores, strict=bool(texts))
    ]


def _has_any(text: str, characters: Sequence[str]) -> bool:
    return any(character in text for character in characters)


@lru_cache(MAX_CHARACTERS)
def _changes_core(character: str) -> bool:
    """Whether a character beyond ASCII becomes an ASCII letter or digit in a key ("ﬁ", "²"), or changes the one before
    it, as an accent that stands alone does.
    """
    if unicodedata.category(character).startswith("M"):
        return True
    return any(c.isascii() and c.isalnum() for c in unicodedata.normalize("NFKC", character).casefold())


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _lines(article: Article) -> set[str]:
    texts = {text for block in article.blocks if len(text := block.text) <= LINE_CHARS}
    if article.decisions:
        texts.update(text for own in wordings_of(article).values() for text in own if len(text) <= LINE_CHARS)
    return texts
