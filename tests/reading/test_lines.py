"""Lines of wide characters, and whose business it is to close their stream."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from copydesk.reading import find_files, read_records
from copydesk.reading.lines import read_lines
from copydesk.settings import Settings


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_stream_is_left_open_for_its_opener(encoding: str):
    """Reading all lines, or a few, closes nothing that somebody else has opened."""
    stream = io.BytesIO("first\nsecond\n".encode(encoding))
    assert [line for _, line in read_lines(stream, 100)] == [b"first", b"second"]
    assert not stream.closed
    stream.seek(0)
    lines = read_lines(stream, 100)
    next(lines)
    lines.close()
    assert not stream.closed


def test_file_of_wide_characters_has_only_its_own_records(tmp_path: Path):
    """A JSONL file in UTF-16 gives a record per line, and no refusal behind them."""
    lines = "\n".join(json.dumps({"text": f"The ferry sails at {hour}."}) for hour in (7, 8))
    (tmp_path / "a.jsonl").write_bytes(lines.encode("utf-16"))
    [file] = find_files(tmp_path, Settings())
    records = list(read_records(tmp_path, file, Settings()))
    assert [record.content for record in records] == ["The ferry sails at 7.", "The ferry sails at 8."]
    assert [record.refusal for record in records] == [None, None]
