"""Rows of `articles` → what gates and the report look at of each, without its text: some 150 bytes.

The outline of an article is made together with its row and kept beside the snapshot's verdicts. So a night counts over
all articles without reading one of them: to decode a hundred thousand texts for their lengths alone took longer than
all gates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.writing.in_place import READ_ALWAYS, Same
from copydesk.writing.rows import in_words

FIELDS = (
    *("title", "authors", "byline", "outlet", "published_on", "published_at", "modified_at", "url", "canonical_url"),
    *("deck", "section", "tags", "language"),
)
"""The fields of which is counted how many articles have them: one bit each in `filled`, three in `levels`."""

CONFIDENCES = (0.9, 0.7, 0.5, 0.0)
"""Confidence is counted in these steps: the first that a value reaches."""

LEVEL_BITS = 3
"""Bits for a step: 0 where no value was taken, else 1 for the first step and so on."""

OUTLINE = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("outlet", pa.string()),
        pa.field("published_on", pa.date32()),
        pa.field("source_encoding", pa.string()),
        pa.field("text_chars", pa.int32(), nullable=False),
        pa.field("provenance_digest", pa.binary(16), nullable=False),
        pa.field("others_digest", pa.binary(16), nullable=False),
        pa.field("filled", pa.int32(), nullable=False),
        pa.field("levels", pa.int64(), nullable=False),
    ]
)


def outline(articles: pa.Table) -> pa.Table:
    """The outlines (schema `OUTLINE`) of rows of `articles`, in their order; of outlines, themselves."""
    if articles.schema.equals(OUTLINE):
        return articles
    columns = {name: articles[name] for name in ("article_id", "title", "outlet", "published_on", "source_encoding")}
    columns["text_chars"] = pc.utf8_length(articles["text"])
    columns["provenance_digest"] = pa.array(map(_digest, _told(articles, ["provenance"])), pa.binary(16))
    columns["others_digest"] = pa.array(_others_digests(articles), pa.binary(16))
    columns["filled"] = pa.array(_filled(articles), pa.int32())
    columns["levels"] = pa.array(_levels(articles["provenance"]), pa.int64())
    return pa.table(columns, OUTLINE)


def has_field(outlines: pa.Table, field: str) -> NDArray[np.bool_]:
    """Row by row, whether the article has the field. An empty text or list is none, nor is the language `und`."""
    bits = outlines["filled"].to_numpy()
    found: NDArray[np.bool_] = (bits >> FIELDS.index(field) & 1).astype(np.bool_)
    return found


def count_levels(outlines: pa.Table, field: str) -> list[int]:
    """How many values of the field were taken at each step of confidence, in the order of `CONFIDENCES`."""
    steps = outlines["levels"].to_numpy() >> LEVEL_BITS * FIELDS.index(field) & (1 << LEVEL_BITS) - 1
    return [int(count) for count in np.bincount(steps, minlength=len(CONFIDENCES) + 1)[1:]]


def find_same(now: pa.Table, before: pa.Table) -> Same:
    """What both outlines tell of the same articles to be the same."""
    place = pc.index_in(now["article_id"], value_set=before["article_id"].combine_chunks())

    def ids(name: str) -> pa.Array:
        same = pc.equal(now[name], before[name].take(place))
        return now["article_id"].filter(pc.fill_null(same, False)).combine_chunks()

    return Same(ids("provenance_digest"), ids("others_digest"))


def _others_digests(articles: pa.Table) -> Iterator[bytes]:
    """Row by row a digest of all columns but `READ_ALWAYS` and `provenance`."""
    # The text by itself: with the others in one array, the texts of a part would be copied twice more.
    names = [name for name in articles.column_names if name not in (*READ_ALWAYS, "provenance", "text")]
    texts = articles["text"].cast(pa.binary()).to_pylist()
    return (
        _digest(b"%d:%b%b" % (len(told), told, text)) for told, text in zip(_told(articles, names), texts, strict=True)
    )


def _told(articles: pa.Table, names: Sequence[str]) -> list[bytes]:
    """Row by row all that stands in these columns."""
    columns = [_in_words(articles[name].combine_chunks()) for name in names]
    told: list[bytes] = in_words(pa.RecordBatch.from_arrays(columns, names)).cast(pa.binary()).to_pylist()
    return told


def _in_words(column: pa.Array) -> pa.Array:
    """A column as texts; a list as the words of all its entries."""
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.int64())
    if not pa.types.is_list(column.type):
        return column
    entries = column.values if pa.types.is_struct(column.type.value_type) else pa.record_batch({"": column.values})
    return pc.binary_join(pa.ListArray.from_arrays(column.offsets, in_words(entries)), "")


def _digest(told: bytes) -> bytes:
    return blake2b(told, digest_size=16).digest()


def _filled(articles: pa.Table) -> NDArray[np.int64]:
    bits = np.zeros(len(articles), np.int64)
    for place, name in enumerate(FIELDS):
        column = articles[name]
        if pa.types.is_list(column.type):
            filled = pc.greater(pc.fill_null(pc.list_value_length(column), 0), 0)
        elif pa.types.is_string(column.type):
            named = pc.and_(pc.not_equal(column, ""), pc.not_equal(column, "und"))
            filled = pc.fill_null(named, False)
        else:
            filled = pc.is_valid(column)
        bits |= filled.to_numpy().astype(np.int64) << place
    return bits


def _levels(provenance: pa.ChunkedArray) -> NDArray[np.int64]:
    """Per article the step of each field's winner, which is the first entry of the field; none for a refused value."""
    levels = np.zeros(len(provenance), np.int64)
    whole = provenance.combine_chunks()
    entries = pc.list_flatten(whole)
    if not len(entries):
        return levels
    fields = pc.index_in(pc.struct_field(entries, "field"), value_set=pa.array(FIELDS))
    codes = pc.fill_null(fields, len(FIELDS)).to_numpy().astype(np.int64)
    owners = pc.list_parent_indices(whole).to_numpy().astype(np.int64)
    first = np.unique(owners * (len(FIELDS) + 1) + codes, return_index=True)[1]
    first = first[codes[first] < len(FIELDS)]
    sure = pc.struct_field(entries, "confidence").to_numpy(zero_copy_only=False)[first]
    steps = np.select([sure >= limit for limit in CONFIDENCES], range(1, len(CONFIDENCES) + 1), len(CONFIDENCES))
    np.add.at(levels, owners[first], np.where(sure > 0, steps, 0) << LEVEL_BITS * codes[first])
    return levels
