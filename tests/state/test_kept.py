"""Tables that can be made again, named by what they hold."""

from pathlib import Path

import pyarrow as pa

from copydesk.state.kept import find_current, keep_table


def test_a_table_of_another_fingerprint_counts_as_missing(tmp_path: Path):
    """What other code or settings made isn't current, nor is what nobody has marked; nothing is found for nothing."""
    schema = pa.schema([pa.field("n", pa.int64())])
    assert find_current(tmp_path, "counts", "a") is None
    keep_table(tmp_path, "counts", schema, [pa.table({"n": [1]}, schema)])
    assert find_current(tmp_path, "counts", "a") is None
    marked = schema.with_metadata({"fingerprint": "a"})
    keep_table(tmp_path, "counts", marked, [pa.table({"n": [1]}, marked)])
    assert find_current(tmp_path, "counts", "b") is None
    current = find_current(tmp_path, "counts", "a")
    assert current is not None
    assert current["n"].to_pylist() == [1]
