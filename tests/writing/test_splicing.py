"""Files of which only some row groups or columns are written anew."""

import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copydesk.writing.splicing import splice

GROUP = 40
OPTIONS = {
    "compression": "zstd",
    "use_dictionary": ["outlet", "copies.list.element.name"],
    "write_statistics": ["article_id", "outlet", "words"],
    "bloom_filter_options": {"article_id": {"ndv": GROUP, "fpp": 0.01}},
}


def made(count: int, seed: int) -> pa.Table:
    """Rows with a text, nulls and lists of structs in them."""
    draw = random.Random(seed)  # noqa: S311
    rows = [
        {
            "article_id": f"{number:08}",
            "text": " ".join(draw.choices(["ferry", "hive", "choir", "roof", "mill"], k=draw.randrange(2_000))),
            "outlet": draw.choice(["Stroma Post", "Tarn Echo", None]),
            "words": draw.randrange(500),
            "copies": [{"name": draw.choice("abc"), "day": None} for _ in range(draw.randrange(3))],
        }
        for number in range(count)
    ]
    copies = pa.list_(pa.struct([("name", pa.string()), ("day", pa.date32())]))
    kinds = [("article_id", pa.string()), ("text", pa.string()), ("outlet", pa.string()), ("words", pa.int32())]
    return pa.Table.from_pylist(rows, pa.schema([*kinds, ("copies", copies)], metadata={"table": "made"}))


def packed(*groups: pa.Table) -> memoryview:
    """A file with a row group for each table."""
    sink = pa.BufferOutputStream()
    names = set(groups[0].column_names)
    options = {
        key: [path for path in value if path.partition(".")[0] in names] if isinstance(value, list) else value
        for key, value in OPTIONS.items()
        if key != "bloom_filter_options" or "article_id" in names
    }
    with pq.ParquetWriter(sink, groups[0].schema, **options) as writer:
        for group in groups:
            writer.write_table(group, row_group_size=GROUP)
    return memoryview(sink.getvalue())


def parts(rows: pa.Table) -> list[pa.Table]:
    """The rows of each row group."""
    return [rows.slice(start, GROUP) for start in range(0, len(rows), GROUP)]


@pytest.mark.parametrize("names", [["words"], ["copies"], ["outlet", "copies"], ["text"]])
def test_other_columns_give_the_bytes_of_the_writer(names: list[str]) -> None:
    """A row group with other columns is byte for byte what it is when all of it is written."""
    old, new = parts(made(3 * GROUP - 5, 1)), parts(made(3 * GROUP - 5, 2))
    mixed = old[1]
    for name in names:
        mixed = mixed.set_column(old[1].column_names.index(name), old[1].schema.field(name), new[1][name])
    spliced = b"".join(splice(packed(*old), {1: packed(mixed.select(names))}))
    assert spliced == bytes(packed(old[0], mixed, old[2]))
    assert pq.read_table(pa.BufferReader(spliced)).equals(pa.concat_tables([old[0], mixed, old[2]]))


def test_row_groups_change_and_go() -> None:
    """A row group may have other rows, and fewer or more of them; one without rows is left out."""
    old = parts(made(4 * GROUP, 1))
    fewer = pa.concat_tables([old[0].slice(0, 7), old[0].slice(9)])
    spliced = b"".join(splice(packed(*old), {0: packed(fewer), 2: None}))
    assert spliced == bytes(packed(fewer, old[1], old[3]))


def test_nothing_replaced_is_the_file_itself() -> None:
    """What isn't named is copied, to the last byte of the footer."""
    whole = packed(*parts(made(3 * GROUP, 1)))
    assert b"".join(splice(whole, {})) == bytes(whole)


def test_columns_that_do_not_fit_are_refused() -> None:
    """Fewer rows in some columns only, a column that isn't there, and what is no Parquet file."""
    old = made(GROUP, 1)
    with pytest.raises(ValueError, match="not the same rows"):
        splice(packed(old), {0: packed(old.select(["words"]).slice(1))})
    with pytest.raises(ValueError, match="doesn't have"):
        splice(packed(old.drop_columns(["words"])), {0: packed(old.select(["words"]))})
    for broken in (b"", b"PAR1", b"PAR1\x00\xff\xff\xff\x7fPAR1", b"PAR1\x1c\x01\x00\x00\x00PAR1"):
        with pytest.raises(ValueError, match=r"Parquet|footer"):
            splice(memoryview(broken), {})
    indexed = pa.BufferOutputStream()
    pq.write_table(old, indexed, write_page_index=True)
    with pytest.raises(ValueError, match="aren't known"):
        splice(memoryview(indexed.getvalue()), {})
