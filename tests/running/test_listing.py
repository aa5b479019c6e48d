"""The listing of a run: what was read, by name."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from copydesk.article import Form, RawRecord, Source
from copydesk.running.listing import LISTING, Listing, listing_batch
from copydesk.state import record_key


def _record(name: str, path: str, position: int) -> RawRecord:
    """Give a record of plain text."""
    return RawRecord(name * 32, Source(path, position, "ab" * 32), Form.TEXT, "The ferry sails.")


RECORDS = [_record("a", "tides.jsonl", 0), _record("b", "tides.jsonl", 1), _record("c", "ferry.txt", 0)]


def _listed(records: list[RawRecord]) -> pa.RecordBatch:
    return listing_batch(records, [record_key(record) for record in records])


def test_what_is_written_is_read(tmp_path: Path):
    """Each record keeps what names it, and files know how many they gave."""
    with Listing.write(tmp_path / "listing") as lines:
        lines.write_batch(_listed(RECORDS[:2]))
        lines.write_batch(_listed(RECORDS[2:]))
    listing = Listing.read(tmp_path / "listing")
    assert len(listing) == 3
    named = listing.table.select(["article_id", "fields", "record"]).to_pylist()
    assert named == [record_key(record)._asdict() for record in RECORDS]
    assert listing.count_by_path() == {"tides.jsonl": 2, "ferry.txt": 1}
    assert listing.gone == frozenset()


def test_an_empty_listing_is_one(tmp_path: Path):
    """A folder without records has no files and a digest of its own."""
    with Listing.write(tmp_path / "listing"):
        pass
    listing = Listing.read(tmp_path / "listing")
    assert (len(listing), listing.count_by_path()) == (0, {})
    assert listing.digest() != Listing(pa.Table.from_batches([_listed(RECORDS)])).digest()


def test_the_digest_depends_on_the_records_alone():
    """Neither their order nor the pieces they came in change it; one record less does."""
    whole = Listing(pa.Table.from_batches([_listed(RECORDS)]))
    pieces = Listing(pa.Table.from_batches([_listed(RECORDS[2:]), _listed(RECORDS[:2])]))
    assert whole.digest() == pieces.digest()
    assert whole.digest() != Listing(pa.Table.from_batches([_listed(RECORDS[:2])])).digest()


def test_what_is_kept_though_gone_is_named():
    """A record that is there no longer is marked as such."""
    row = record_key(RECORDS[0])._asdict() | {"path": "tides.jsonl", "gone": True}
    listing = Listing(pa.Table.from_pylist([row], LISTING))
    assert listing.gone == {"a" * 32}
