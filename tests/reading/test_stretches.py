"""A large file of JSON lines that several readers take apart gives the records that one reader gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.article import RawRecord, RecordField
from copydesk.reading import RawFile, Renumbering, cut_file, find_files, no_records, read_records, read_stretch
from copydesk.running.raw_records import read_all
from copydesk.settings import ReadingSettings, RunningSettings, Settings


def small(shard_bytes: int, max_record_bytes: int = 200) -> Settings:
    """Give settings under which small files are large."""
    return Settings(
        reading=ReadingSettings(max_record_bytes=max_record_bytes),
        running=RunningSettings(shard_bytes=shard_bytes, readers=3),
    )


def in_stretches(raw: Path, file: RawFile, settings: Settings) -> list[RawRecord]:
    """Give the records of a file as several readers do, without workers."""
    number = Renumbering(file)
    found: list[RawRecord] = []
    for stretch in cut_file(raw, file, settings):
        found += [number.give(record) for record in read_stretch(raw, stretch, settings) if not number.over]
    return found or [no_records(file)]


LINES = st.lists(
    st.sampled_from(
        [
            b'{"text": "One."}',
            b'{"text": "Two.", "title": "T"}',
            b"{broken",
            b"",
            b"  ",
            b"[1]",
            b'{"text": "' + b"x" * 300 + b'"}',
            b"\xef\xbb\xbf" + b'{"text": "Marked."}',
            b"\xff\xfe\x00",
            b'{"text": "One."}\r',
        ]
    ),
    min_size=1,
    max_size=30,
)


@given(LINES, st.booleans(), st.integers(1, 400))
def test_stretches_give_what_the_whole_gives(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], ended: bool, shard_bytes: int
):
    """Ids, numbers, digests, reasons with their line numbers: all the same, wherever the file is cut."""
    raw = tmp_path_factory.mktemp("raw")
    data = b"\n".join([b'{"text": "First."}', *lines]) + (b"\n" if ended else b"")
    (raw / "a.jsonl").write_bytes(data)
    file = RawFile("a.jsonl", b"a.jsonl", len(data), fields=(RecordField("outlet", "The Post", "outlet"),))
    settings = small(shard_bytes)
    assert in_stretches(raw, file, settings) == list(read_records(raw, file, settings))


def test_stretches_are_of_about_the_size_asked_for(tmp_path: Path):
    """A file of a megabyte in pieces of ten kilobytes: about a hundred, next to each other, each of whole lines."""
    line = json.dumps({"text": "word " * 30}) + "\n"
    data = line.encode() * 6_000
    (tmp_path / "a.jsonl").write_bytes(data)
    stretches = cut_file(tmp_path, RawFile("a.jsonl", b"a.jsonl", len(data)), small(10_000))
    assert [s.start for s in stretches[1:]] == [s.end for s in stretches[:-1]]
    assert (stretches[0].start, stretches[-1].end) == (0, len(data))
    assert all(10_000 <= s.end - s.start < 10_000 + len(line) for s in stretches[:-1])
    assert [s.first_line for s in stretches[:2]] == [1, 1 + (stretches[0].end // len(line))]


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.txt", "gone.jsonl"])
def test_other_files_are_not_cut(tmp_path: Path, name: str):
    """A line end in them may stand in the middle of a record; and what isn't there is for who reads it to say."""
    (tmp_path / name.replace("gone", "there")).write_text('[\n{"text":\n"One."}\n]\n' * 100)
    assert cut_file(tmp_path, RawFile(name, name.encode(), 1_000), small(10)) == ()
    wide = '{"text": "One."}\n'.encode("utf-16") * 100
    (tmp_path / "wide.jsonl").write_bytes(wide)
    assert cut_file(tmp_path, RawFile("wide.jsonl", b"wide.jsonl", len(wide)), small(10)) == ()


def test_file_that_changes_between_two_stretches_is_refused_from_there(tmp_path: Path):
    """What was read before stays, one record stands for the rest."""
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": f"Tide {n}."}) + "\n" for n in range(20)))
    file = RawFile("a.jsonl", b"a.jsonl", path.stat().st_size)
    first, second, third, *_ = cut_file(tmp_path, file, small(100))
    number = Renumbering(file)
    records = [number.give(record) for record in read_stretch(tmp_path, first, small(100))]
    path.write_text(path.read_text().replace("Tide", "Tug"))
    for stretch in (second, third):
        records += [number.give(r) for r in read_stretch(tmp_path, stretch, small(100)) if not number.over]
    assert [record.refusal and record.refusal.code for record in records[-2:]] == [None, "changed"]
    assert [record.source.record for record in records] == list(range(len(records)))


def test_several_readers_in_workers_give_what_one_gives(tmp_path: Path):
    """Files of many sizes and kinds through workers, cut and uncut: the same records in the same order."""
    lines = [json.dumps({"text": f"The tide turns at {n % 7}.", "title": "Tide"}) for n in range(400)]
    (tmp_path / "b.jsonl").write_text("\n".join(lines))
    (tmp_path / "c.jsonl").write_text("\n" * 5_000 + "{broken\n" + "\n" * 3_000)
    (tmp_path / "d.jsonl").write_text('{"text": "One."}\n' + "\n" * 9_000)
    (tmp_path / "e.jsonl").write_text("\n" * 9_000)
    for number in range(30):
        (tmp_path / f"a{number}.txt").write_text(f"Tide {number}")
    one = Settings(running=RunningSettings(readers=1, shard_bytes=1_000))
    many = Settings(running=RunningSettings(readers=3, shard_bytes=1_000))
    files = find_files(tmp_path, one)
    expected = list(read_all(tmp_path, files, one))
    assert sorted(read_all(tmp_path, files, many), key=repr) == sorted(expected, key=repr)
    assert len(expected) == 400 + 1 + 1 + 1 + 30
