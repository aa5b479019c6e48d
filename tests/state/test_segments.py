"""Segments give back what was put into them, or say that they are damaged."""

import hashlib
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.state.segments import (
    READ_ERRORS,
    SCHEMA,
    Entry,
    Kept,
    is_whole,
    read_entries,
    read_keys,
    read_rows,
    write_segment,
)

KEPT = [Kept(f"{number:032x}", "00", "kept", f"Ferry {number} is late. ".encode() * 5) for number in range(40)]
ENTRIES = [Entry(*row[:3]) for row in KEPT]


@pytest.fixture
def segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Forty articles in three pieces."""
    monkeypatch.setattr("copydesk.state.segments.PIECE_ROWS", 16)
    return tmp_path / write_segment(tmp_path, "v1", KEPT).name


def older(folder: Path) -> Path:
    """The same as an earlier version wrote it, in row groups of seven."""
    rows = pa.Table.from_pylist([row._asdict() for row in KEPT], SCHEMA.with_metadata({"fingerprint": "v0"}))
    path = folder / "0123.parquet"
    pq.write_table(rows, path, row_group_size=7, compression="none", write_page_checksum=True)
    return path


def test_rows_come_in_ascending_order(segment: Path) -> None:
    """Whatever the order they are asked for in; all, some, none."""
    assert [data for _, data in read_rows(segment, range(40))] == [row.article for row in KEPT]
    assert list(read_rows(segment, [39, 0, 16])) == [(row, KEPT[row].article) for row in (0, 16, 39)]
    assert list(read_rows(segment, [])) == []


def test_entries_are_told_without_the_index(segment: Path) -> None:
    """With the fingerprint and the number of rows; the keys alone can be had as columns."""
    told, entries = read_entries(segment)
    assert (told.name, told.fingerprint, told.rows, entries) == (segment.name, "v1", 40, ENTRIES)
    assert read_keys(segment).to_pylist() == [row._asdict() for row in ENTRIES]


@given(articles=st.lists(st.binary(), max_size=20))
def test_any_bytes_come_back(articles: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    """The empty ones, too, and a segment of none."""
    folder = tmp_path_factory.mktemp("segment")
    path = folder / write_segment(folder, "v1", [Kept("a", "b", "kept", article) for article in articles]).name
    assert [data for _, data in read_rows(path, range(len(articles)))] == articles


def test_changed_bytes_are_never_taken_for_an_article(segment: Path) -> None:
    """Wherever one is changed: each article comes back as it was, or reading fails. Nor does anything crash."""
    whole, rng = segment.read_bytes(), random.Random(7)  # noqa: S311 - draws cases
    for place in rng.sample(range(len(whole)), 400):
        segment.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << rng.randrange(8)]) + whole[place + 1 :])
        assert not is_whole(segment)
        try:
            assert [data for _, data in read_rows(segment, range(40))] == [row.article for row in KEPT]
        except READ_ERRORS:
            continue
        with pytest.raises(READ_ERRORS, match="changed"):
            read_entries(segment)


def test_a_segment_that_was_cut_is_not_read_through_the_old_map(segment: Path) -> None:
    """To look at what is gone would end the process."""
    assert len(list(read_rows(segment, range(40)))) == 40
    segment.write_bytes(segment.read_bytes()[:100])
    with pytest.raises(READ_ERRORS):
        list(read_rows(segment, range(40)))


def test_segments_of_earlier_versions_are_read(tmp_path: Path) -> None:
    """What is in them alone can't be made again; a changed byte is noticed."""
    path = older(tmp_path)
    assert list(read_rows(path, [39, 0, 16])) == [(row, KEPT[row].article) for row in (0, 16, 39)]
    assert list(read_rows(path, [])) == []
    assert read_keys(path).to_pylist() == [row._asdict() for row in ENTRIES]
    path.write_bytes(path.read_bytes().replace(b"Ferry 3 is", b"Ferry 3 at", 1))
    with pytest.raises(READ_ERRORS):
        list(read_rows(path, range(40)))
    assert not is_whole(path)


def test_entries_of_earlier_versions_are_told_too(tmp_path: Path) -> None:
    """As long as the bytes are those that the file is named after."""
    path = older(tmp_path)
    with pytest.raises(READ_ERRORS, match="changed"):
        read_entries(path)
    named = path.rename(path.with_stem(hashlib.sha256(path.read_bytes()).hexdigest()[:24]))
    told, entries = read_entries(named)
    assert (told.name, told.fingerprint, told.rows, entries) == (named.name, "v0", 40, ENTRIES)
