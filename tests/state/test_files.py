"""Which raw files needn't be read again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from copydesk.article import RecordField, Refusal
from copydesk.reading import RawFile
from copydesk.state.files import FILES, SETTLED_NS, read_files, untouched, write_files

DAY_NS = 86_400_000_000_000
FILE = RawFile("a.jsonl", b"a.jsonl", 90, stamp=(7, 90, DAY_NS, DAY_NS))
ARCHIVE = RawFile("old/b.zip", b"old/b.zip", 50, stamp=(8, 50, DAY_NS, DAY_NS))


def listing(*paths: str) -> pa.Table:
    """A record from each of these paths."""
    rows = [{"article_id": f"id{n}", "fields": "f", "record": n, "path": path} for n, path in enumerate(paths)]
    return pa.Table.from_pylist(rows, pa.schema(list(FILES)[:4]))


def test_records_are_known_by_their_file(tmp_path: Path):
    """Records of a file, and of the members of an archive, come back as long as nothing marks the file otherwise."""
    write_files(tmp_path, "v1", listing("a.jsonl", "a.jsonl", "old/b.zip/c.txt"), [FILE, ARCHIVE], 2 * DAY_NS)
    found = untouched(read_files(tmp_path, "v1"), [FILE, ARCHIVE])
    assert found["article_id"].to_pylist() == ["id0", "id1", "id2"]
    assert untouched(read_files(tmp_path, "v1"), [ARCHIVE])["path"].to_pylist() == ["old/b.zip/c.txt"]


def test_touched_files_are_read_again(tmp_path: Path):
    """Another inode, size or time, other fields stated about it, or an obstacle: the file has to be read."""
    write_files(tmp_path, "v1", listing("a.jsonl"), [FILE], 2 * DAY_NS)
    known = read_files(tmp_path, "v1")
    for place in range(4):
        stamp = tuple(value + (i == place) for i, value in enumerate(FILE.stamp))
        assert not len(untouched(known, [replace(FILE, stamp=stamp)]))
    assert not len(untouched(known, [replace(FILE, fields=(RecordField("outlet", "Echo", "outlet"),))]))
    assert not len(untouched(known, [replace(FILE, refusal=Refusal("unreadable", "gone"))]))
    assert not len(untouched(known, [replace(FILE, stamp=())]))


def test_files_changed_just_before_are_not_trusted(tmp_path: Path):
    """Within the tick of a clock a file can be changed twice, and look the same."""
    write_files(tmp_path, "v1", listing("a.jsonl"), [FILE], DAY_NS + SETTLED_NS)
    assert not len(read_files(tmp_path, "v1"))
    write_files(tmp_path, "v1", listing("a.jsonl"), [FILE], DAY_NS + SETTLED_NS + 1)
    assert len(read_files(tmp_path, "v1")) == 1


def test_other_code_or_settings_read_all_again(tmp_path: Path):
    """What reading would do otherwise now is not taken from earlier nights; nor is what is lost."""
    assert not len(read_files(tmp_path, "v1"))
    write_files(tmp_path, "v1", listing("a.jsonl"), [FILE], 2 * DAY_NS)
    assert not len(read_files(tmp_path, "v2"))
