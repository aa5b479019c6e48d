"""Sketches as an Arrow table that can be kept: one row per text, with all that comparing needs besides the text itself.

The metadata of the schema says how the rows were made. Rows made otherwise can't be compared with today's, and are
refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import ModuleType

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates import plain
from copydesk.duplicates.fold import NORMALISER
from copydesk.duplicates.hashing import GRAM_SLOTS, Hashes
from copydesk.duplicates.lists import Lists, read_lists
from copydesk.duplicates.pace import sketching_pays
from copydesk.duplicates.permutations import COPY_BANDS, PERMUTATIONS, SCHEME, SEED, Signatures, band_keys
from copydesk.duplicates.sketch import FINGERPRINT_WORDS, SIGNATURE_WORDS, WINDOW, Sketches
from copydesk.duplicates.sketch import sketch_texts as sketch_plainly
from copydesk.errors import UsageError
from copydesk.spread import Spread, by_piece

MADE_BY = b"copydesk.sketch"
"""The key of the schema's metadata under which stands how the rows were made."""

MAKING = {
    "version": 2,
    "scheme": SCHEME,
    "seed": SEED,
    "permutations": PERMUTATIONS,
    "normaliser": NORMALISER,
    "signature_words": SIGNATURE_WORDS,
    "fingerprint_words": FINGERPRINT_WORDS,
    "window": WINDOW,
    "gram_words": plain.GRAM_WORDS,
    "gram_slots": GRAM_SLOTS,
}
"""How the rows are made today. Raise `version` when anything changes that isn't named here."""

SKETCHES = pa.schema(
    [
        pa.field("digest", pa.binary(16), nullable=False),
        pa.field("folded", pa.binary(16), nullable=False),
        pa.field("exact", pa.uint64(), nullable=False),
        pa.field("words", pa.int64(), nullable=False),
        pa.field("signature", pa.list_(pa.uint32(), PERMUTATIONS), nullable=False),
        pa.field("fingerprints", pa.list_(pa.uint64()), nullable=False),
        pa.field("runs", pa.list_(pa.uint32()), nullable=False),
    ],
    metadata={MADE_BY: json.dumps(MAKING, sort_keys=True).encode()},
)
"""`digest`: BLAKE2b of the text; `folded`: of the hashes of its words, equal for texts of the same words; `exact`: a
quick key of the same; `words`: their number; `signature`: datasketch's (`permutations.export`), all ones below five
words; `fingerprints`: winnowed runs of four words; `runs`: the slots (below 2^27) of all runs of three words, in
order."""

BAND_COUNT = COPY_BANDS.count

BANDED = pa.schema([*SKETCHES, pa.field("bands", pa.list_(pa.uint32(), BAND_COUNT), nullable=False)], SKETCHES.metadata)
"""With the keys of the bands of each signature: a night needs these of all texts, and they are a fifth of it."""

CHUNK_BYTES = 8 * 1024 * 1024
"""Text that is sketched at once: what is read of it takes four times as much."""


BAND_ROWS = 8192
"""Signatures whose bands are taken at once."""
TURNED_ROWS = 1 << 18
"""Rows whose keys of bands are held row by row at once: 25 MB."""

Data = bytes | memoryview


@dataclass(frozen=True, slots=True)
class Columns:
    """A table of `SKETCHES` as arrays: `digests` and `folded` uint64 (n, 2); `slots` uint32, read where they lie."""

    sketches: Sketches
    digests: Hashes
    folded: Hashes
    slots: Lists


def sketch_columns(
    texts: Sequence[str] | pa.Array | pa.ChunkedArray, *, compile_code: bool | None = None, keep_bands: bool = False
) -> pa.Table:
    """The sketches of texts, one row each, in order (schema `SKETCHES`, with bands `BANDED`); null is an empty text.

    A row depends on its text alone.

    >>> rows = sketch_columns(["One two three.", "ONE, two: three"])
    >>> rows["folded"][0] == rows["folded"][1], rows["digest"][0] == rows["digest"][1], rows["words"].to_pylist()
    (True, False, [3, 3])
    """
    array = as_strings(texts)
    if compile_code is None:
        compile_code = sketching_pays(array.nbytes)
    if compile_code:
        from copydesk.duplicates import compiled

        rows = pa.Table.from_batches(compiled_batches(array, compiled), BANDED)
    else:
        rows = pa.Table.from_batches(_sketch_plainly(array), BANDED)
    return rows if keep_bands else rows.select(SKETCHES.names)


def as_strings(texts: Sequence[str] | pa.Array | pa.ChunkedArray) -> pa.Array:
    """Texts as one Arrow array of large strings; null is an empty text."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks() if texts.num_chunks != 1 else texts.chunk(0)
    array = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.large_string())
    array = array.cast(pa.large_string())
    return array.fill_null("") if array.null_count else array


def digest_text(text: str) -> bytes:
    """The 16 bytes by which a text is known."""
    return _digest(text.encode("utf-8", "surrogatepass"))


def read_columns(table: pa.Table | Spread) -> Columns:
    """The arrays of a table of sketches, with or without bands. Slots and fingerprints stay where they lie, and of one
    that is spread the signatures, too: only their bands are taken.

    Raises UsageError if the rows were made otherwise than today's would be, or aren't whole.

    >>> read_columns(sketch_columns(["One two three."])).sketches.words.tolist()
    [3]
    """
    _check(table)
    if isinstance(table, Spread):
        signatures, keys = np.empty((0, PERMUTATIONS), np.uint32), _spread_keys(table)
    else:
        table = table.select([name for name in BANDED.names if name in table.column_names]).combine_chunks()
        signatures, keys = _signatures(_chunk(table["signature"])), _keys_of(table)
    sketches = Sketches(
        words=_chunk(table["words"]).to_numpy(),
        exact=_chunk(table["exact"]).to_numpy(),
        signatures=signatures,
        bands=keys,
        prints=read_lists(table, "fingerprints"),
    )
    return Columns(sketches, as_numbers(table["digest"]), as_numbers(table["folded"]), read_lists(table, "runs"))


def as_numbers(column: pa.ChunkedArray) -> Hashes:
    """Values of 16 bytes as two numbers each (uint64, shape (n, 2))."""
    array = _chunk(column)
    data = array.buffers()[1]
    found = np.frombuffer(data if data is not None else b"", dtype=np.uint64, count=2 * (array.offset + len(array)))
    numbers: Hashes = found.reshape(-1, 2)[array.offset :]
    return numbers


def as_binary(numbers: Hashes) -> pa.Array:
    """Two numbers each as values of 16 bytes."""
    data = pa.py_buffer(np.ascontiguousarray(numbers))
    return pa.Array.from_buffers(pa.binary(16), len(numbers), [None, data])


def _band_keys(signatures: Signatures) -> Signatures:
    """The keys of the bands, some rows at a time: what is worked on stays in the cache."""
    chosen = COPY_BANDS
    keys = np.empty((chosen.count, len(signatures)), dtype=np.uint32)
    for low in range(0, len(signatures), BAND_ROWS):
        keys[:, low : low + BAND_ROWS] = band_keys(signatures[low : low + BAND_ROWS], chosen)
    return keys


def _spread_keys(table: Spread) -> Signatures:
    keys = np.empty((BAND_COUNT, len(table)), dtype=np.uint32)
    for low in range(0, len(table), TURNED_ROWS):
        part = table.slice(low, TURNED_ROWS)
        # Row by row, and turned at the end: those of one row lie side by side, as they do in what is read.
        found = np.empty((len(part), BAND_COUNT), dtype=np.uint32)
        for place, here in by_piece(part.places):
            found[here] = _keys_of(part.pieces[place]).T[part.rows[here]]
        keys[:, low : low + len(part)] = found.T
    return keys


def _keys_of(rows: pa.Table | pa.RecordBatch) -> Signatures:
    """The keys of the bands, shape (bands, rows): as they were kept, or of the signatures."""
    kept = "bands" in rows.schema.names
    column = rows.column("bands" if kept else "signature")
    array = _chunk(column) if isinstance(column, pa.ChunkedArray) else column
    return array.flatten().to_numpy().reshape(-1, BAND_COUNT).T if kept else _band_keys(_signatures(array))


def _signatures(column: pa.Array) -> Signatures:
    found: Signatures = column.flatten().to_numpy().reshape(-1, PERMUTATIONS)
    return found


def _check(table: pa.Table | Spread) -> None:
    missing = [name for name in SKETCHES.names if name not in table.column_names]
    made = json.loads((table.schema.metadata or {}).get(MADE_BY, b"{}"))
    other = [name for name, value in MAKING.items() if made.get(name) != value]
    if missing or other:
        name = (missing or other)[0]
        found = "there is no such column" if missing else f"it is {made.get(name)!r} there, {MAKING.get(name)!r} now"
        raise UsageError(
            f"the kept sketches don't fit this version: {name}: {found}; make them again with "
            "copydesk clean --rebuild, or sketch_columns"
        )
    parts = table.pieces if isinstance(table, Spread) else (table,)
    if any(part.column(name).null_count for part in parts for name in SKETCHES.names):
        raise UsageError(
            "the kept sketches have gaps; make them again with copydesk clean --rebuild, or sketch_columns"
        )


def _chunk(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _batch(sketches: Sketches, texts: Iterable[Data], words: Iterable[Data], slots: pa.Array) -> pa.RecordBatch:
    """The rows of texts, given their bytes, the hashes of their words, and their slots."""
    ((prints, starts),) = sketches.prints.pieces
    columns = {
        "digest": pa.array(map(_digest, texts), pa.binary(16)),
        "folded": pa.array(map(_digest, words), pa.binary(16)),
        "exact": sketches.exact,
        "words": sketches.words,
        "signature": pa.FixedSizeListArray.from_arrays(pa.array(sketches.signatures.ravel()), PERMUTATIONS),
        "fingerprints": pa.ListArray.from_arrays(pa.array(starts.astype(np.int32)), pa.array(prints)),
        "runs": slots,
        "bands": pa.FixedSizeListArray.from_arrays(pa.array(sketches.bands.T.ravel()), BAND_COUNT),
    }
    return pa.RecordBatch.from_arrays([pa.array(columns[name]) for name in BANDED.names], schema=BANDED)


def _sketch_plainly(texts: pa.Array) -> list[pa.RecordBatch]:
    strings = texts.to_pylist()
    read = plain.read_texts(strings)
    slots = [np.array(own.grams, dtype=np.int64) & (GRAM_SLOTS - 1) for own in read]
    rows = pa.array([own.astype(np.uint32) for own in slots], pa.list_(pa.uint32()))
    words = [np.array(own.words, dtype=np.uint64).data for own in read]
    return [_batch(sketch_plainly(strings), [text.encode() for text in strings], words, rows)]


def compiled_batches(texts: pa.Array, compiled: ModuleType) -> Iterable[pa.RecordBatch]:
    """The rows of an Arrow array, some megabytes of text at a time."""
    offsets = compiled.buffers(texts, keep_bytes=0).offsets
    for low, high in compiled.chunks(offsets, CHUNK_BYTES):
        part = texts.slice(low, high - low)
        held = compiled.buffers(part, keep_bytes=part.nbytes)
        sketches = compiled.sketch_texts(held, keep_signatures=True)
        kept = held.kept
        strings, words = _pieces(held.data, held.offsets), _pieces(kept.hashes, kept.places)
        yield _batch(sketches, strings, words, _slots(kept.grams, kept.places, sketches.words))


def _pieces(values: npt.NDArray[np.generic], bounds: npt.NDArray[np.int64]) -> Iterable[Data]:
    """The values between each two neighbouring bounds, as bytes."""
    return [values[start:end].data for start, end in pairwise(bounds.tolist())]


def _slots(grams: npt.NDArray[np.int64], places: npt.NDArray[np.int64], count: npt.NDArray[np.int64]) -> pa.Array:
    """The slots of each text's runs: all of its words begin one but the last two."""
    runs = np.maximum(count - plain.GRAM_WORDS + 1, 0)
    starts = np.zeros(len(runs) + 1, dtype=np.int32)
    np.cumsum(runs, out=starts[1:])
    chosen = np.arange(starts[-1]) + np.repeat(places[:-1] - starts[:-1], runs)
    slots = (grams[chosen] & (GRAM_SLOTS - 1)).astype(np.uint32)
    return pa.ListArray.from_arrays(pa.array(starts), pa.array(slots))


def _digest(data: Data) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
