"""Rows of `articles` → what gates and the report look at of each, without its text: some 150 bytes.

The outline of an article is made together with its row and kept beside the snapshot's verdicts. So a night counts over
all articles without reading one of them: to decode a hundred thousand texts for their lengths alone took longer than
all gates.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

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
        pa.field("bulk_digest", pa.binary(16), nullable=False),
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
    columns["bulk_digest"] = pa.array(_bulk_digests(articles), pa.binary(16))
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


def same_bulk(now: pa.Table, before: pa.Table) -> pa.Array:
    """The ids of the articles of which both outlines tell the same bulk (`copydesk.writing.in_place.BULK`)."""
    place = pc.index_in(now["article_id"], value_set=before["article_id"].combine_chunks())
    same = pc.equal(now["bulk_digest"], before["bulk_digest"].take(place))
    return now["article_id"].filter(pc.fill_null(same, False)).combine_chunks()


def _bulk_digests(articles: pa.Table) -> list[bytes]:
    """A digest of the text and of the entries about where metadata come from, row by row."""
    provenance = articles["provenance"].combine_chunks()
    entries = pa.ListArray.from_arrays(provenance.offsets, in_words(provenance.values))
    columns = (pc.binary_join(entries, ""), articles["text"])
    rows = zip(*(column.cast(pa.binary()).to_pylist() for column in columns), strict=True)
    return [blake2b(b"%d:%b%b" % (len(told), told, text), digest_size=16).digest() for told, text in rows]


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
