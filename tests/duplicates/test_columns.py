"""Kept sketches: the same however they are made, and refused where they don't fit."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from datasketch import MinHashLSH

from copydesk.duplicates.columns import BANDED, MADE_BY, SKETCHES, read_columns, sketch_columns
from copydesk.duplicates.permutations import export
from copydesk.duplicates.sketch import sketch_texts
from copydesk.errors import UsageError
from copydesk.spread import spread

ODD = ["", "one", "one two three four", "\x00\x01", "word " * 500, "“Zoë” &#xD800; 東京 ﬁ ½ Ã© 𠀀", "x&#12"]


def test_plain_and_compiled_rows_are_the_same(pool: str, ferry: str) -> None:
    """Every column is equal, on real text and on the oddest."""
    texts = [pool, ferry, pool.upper(), *ODD]
    assert sketch_columns(texts, compile_code=False).equals(sketch_columns(texts, compile_code=True))


def test_rows_depend_on_their_text_alone(pool: str, ferry: str) -> None:
    """Sketched together, apart, or from a slice of an array, a text has the same row."""
    texts = [pool, *ODD, ferry]
    whole = sketch_columns(texts)
    apart = pa.concat_tables([sketch_columns([text]) for text in texts])
    assert whole.equals(apart.combine_chunks())
    part = pa.array(texts, pa.large_string()).slice(2, 4)
    assert sketch_columns(part, compile_code=True).equals(whole.slice(2, 4).combine_chunks())


def test_columns_are_read_back_as_they_were_made(pool: str, ferry: str) -> None:
    """Sketches out of a table, in chunks or a slice of it, are those of the texts."""
    texts = [pool, "", ferry, "Rain fell."]
    table = pa.concat_tables([sketch_columns(texts[:2]), sketch_columns(texts[2:])])
    for rows, of in ((table, texts), (table.slice(1, 2), texts[1:3]), (table.slice(0, 0), [])):
        found, expected = read_columns(rows).sketches, sketch_texts(of)
        for name in ("words", "exact", "signatures"):
            assert getattr(found, name).tolist() == getattr(expected, name).tolist(), name
        every = np.arange(len(of))
        for ours, theirs in zip(found.prints.take(every), expected.prints.take(every), strict=True):
            assert ours.tolist() == theirs.tolist()


def test_kept_bands_are_those_of_the_signatures(pool: str, ferry: str) -> None:
    """They are read where they lie, in a table or spread over several, in whatever order."""
    texts = [pool, "", ferry, "Rain fell."]
    expected = read_columns(sketch_columns(texts)).sketches.bands
    for compile_code in (False, True):
        table = sketch_columns(texts, compile_code=compile_code, keep_bands=True)
        assert table.schema.equals(BANDED, check_metadata=True)
        assert (read_columns(table).sketches.bands == expected).all()
    parts = [table.slice(0, 3), table.slice(3)]
    rows = spread(BANDED, parts, np.array([1, 0, 0, 0]), np.array([0, 2, 0, 1]))
    assert (read_columns(rows).sketches.bands == expected[:, [3, 2, 0, 1]]).all()
    assert (read_columns(table.slice(0, 0)).sketches.bands == expected[:, :0]).all()


def test_texts_of_the_same_words_have_the_same_folded_digest(pool: str) -> None:
    """Case and line breaks change the digest of the text, not the one of its words."""
    rows = read_columns(sketch_columns([pool, pool.upper().replace(" ", "\n"), pool + " More."]))
    assert (rows.folded[0] == rows.folded[1]).all()
    assert (rows.digests[0] != rows.digests[1]).any()
    assert (rows.folded[0] != rows.folded[2]).any()


@pytest.mark.parametrize("change", ["other seed", "no metadata", "no column", "gap"])
def test_rows_made_otherwise_are_refused(change: str, pool: str) -> None:
    """Another scheme, seed or normaliser, and rows that aren't whole: an error that names the way out."""
    table = sketch_columns([pool])
    if change == "other seed":
        metadata = table.schema.metadata[MADE_BY].replace(b'"seed": 1', b'"seed": 2')
        table = table.replace_schema_metadata({MADE_BY: metadata})
    elif change == "no metadata":
        table = table.replace_schema_metadata()
    elif change == "no column":
        table = table.drop_columns(["runs"])
    else:
        table = table.set_column(2, "exact", pa.array([None], pa.uint64()))
        assert table.schema.metadata == SKETCHES.metadata
    with pytest.raises(UsageError, match="--rebuild"):
        read_columns(table)


def test_kept_signatures_go_into_datasketchs_index(pool: str, ferry: str) -> None:
    """As docs/duplicates.md says it: a signature out of the table is found in MinHashLSH."""
    sketches = sketch_columns([pool, pool + " One more line.", ferry])
    rows = sketches["signature"].combine_chunks().flatten().to_numpy().reshape(-1, 128)
    index = MinHashLSH(threshold=0.5, num_perm=128)
    for name, row in zip("abc", rows, strict=True):
        index.insert(name, export(row))
    assert sorted(index.query(export(rows[0]))) == ["a", "b"]
