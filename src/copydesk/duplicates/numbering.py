"""Numbers for what is equal: keys for pairing articles by URL and title, without an object for each.

To hash a hundred thousand titles one by one, each folded first, took half a second of every night.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.duplicates.candidates import TEXT_BITS
from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.stories import fold_title

TITLE_WORDS = 4
"""Titles of fewer words ("Weather", "News in brief") say nothing about the text."""

# matches " - " and "'"; not a letter or a digit
_BETWEEN_WORDS = "[^a-z0-9]+"


def number_values(values: pa.ChunkedArray | pa.Array) -> Hashes:
    """A key per string for `compare`, equal for equal ones, which says nothing else; 0 for null and "".

    >>> keys = number_values(pa.array(["a", None, "b", "a", ""]))
    >>> bool(keys[0] == keys[3] != keys[2]), keys[[1, 4]].tolist()
    (True, [0, 0])
    """
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(array, pa.ChunkedArray):  # of no chunks
        array = array.chunk(0) if array.num_chunks else pa.array([], pa.string())
    known = pc.if_else(pc.equal(array, ""), pa.scalar(None, array.type), array).dictionary_encode()
    codes = pc.fill_null(known.indices, -1).to_numpy().astype(np.int64) + 1
    keys: Hashes = codes.astype(np.uint64) << np.uint64(TEXT_BITS)
    return keys


def number_titles(titles: pa.ChunkedArray | pa.Array) -> Hashes:
    """A key per title, equal for those of the same words; 0 for one of too few words to say anything.

    >>> keys = number_titles(pa.array(["Café fire: 3 hurt", "CAFE FIRE, 3 HURT", "Weather"]))
    >>> bool(keys[0] == keys[1]), int(keys[2])
    (True, 0)
    """
    chunks = titles.chunks if isinstance(titles, pa.ChunkedArray) else [titles]
    return number_values(pa.chunked_array([_fold_telling(chunk) for chunk in chunks], titles.type))


def hash_titles(titles: pa.Array) -> Hashes:
    """As `number_titles`, but keys that can be kept: they are hashes, the same among whatever other titles.

    >>> first, second = (hash_titles(pa.array([title])) for title in ("Café fire: 3 hurt", "CAFE FIRE, 3 HURT"))
    >>> bool(first[0] == second[0])
    True
    """
    return hash_column(_fold_telling(titles).to_pylist())


def hash_column(values: Iterable[str | None]) -> Hashes:
    """A key per value for `compare`: 0 where there is none; no keys for no values."""
    found = [hashlib.blake2b(value.encode(), digest_size=8).digest() if value else bytes(8) for value in values]
    return np.frombuffer(b"".join(found), dtype=np.uint64)


def _fold_telling(titles: pa.Array) -> pa.Array:
    """The folded titles; "" for those of too few words."""
    folded = _fold(titles)
    return pc.if_else(pc.greater_equal(pc.count_substring(folded, " "), TITLE_WORDS - 1), folded, "")


def _fold(titles: pa.Array) -> pa.Array:
    """The titles as `fold_title` folds them: plain ones all at once."""
    given = pc.fill_null(titles, "")
    plain = pc.and_(pc.string_is_ascii(given), pc.invert(pc.match_substring(given, "&")))
    folded = pc.utf8_trim(pc.replace_substring_regex(pc.ascii_lower(given), _BETWEEN_WORDS, " "), " ")
    others = pa.array([fold_title(title) for title in given.filter(pc.invert(plain)).to_pylist()], given.type)
    return pc.replace_with_mask(folded, pc.invert(plain), others) if len(others) else folded
