"""Nothing is examined twice."""

import os
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from tests.state.kept_articles import examined, keys, numbers

from copydesk.article import Form, Outcome, RawRecord, RecordField, Source
from copydesk.state import ExaminedStore, record_key


def test_what_was_put_comes_back(folder: Path) -> None:
    """Equal articles, only those asked for, and each once."""
    with ExaminedStore.open(folder, "v1") as store:
        assert len(store) == 10
        assert list(store.get(keys(3, 7, 99))) == [examined(3)[1], examined(7)[1]]
        assert numbers(store, 4) == [4]
        assert list(store.get([])) == []


def test_what_is_known_is_told_without_reading_it(folder: Path) -> None:
    """The outcomes by id of what is kept; records asked for are kept at commit, as with `get`."""
    with ExaminedStore.open(folder, "v1") as store:
        key, article = examined(20)
        store.put([(key, replace(article, outcome=Outcome.QUARANTINED, reason="binary"))])
        store.commit(forget_missing=False)
        assert store.known(keys(3, 20, 99)) == {f"{3:032x}": Outcome.CLEAN, f"{20:032x}": Outcome.QUARANTINED}
        store.commit()
        assert numbers(store, *range(30)) == [3, 20]


def test_another_position_is_the_same_record(folder: Path) -> None:
    """A line put before a record moves it in its file; it is not examined again, and has its new position."""
    with ExaminedStore.open(folder, "v1") as store:
        (article,) = store.get([examined(3)[0]._replace(record=4)])
    assert article.source.record == 4


def test_other_fields_are_another_record(folder: Path) -> None:
    """A changed sources.csv changes what is known of a record, so it is examined again."""
    with ExaminedStore.open(folder, "v1") as store:
        assert list(store.get([examined(3)[0]._replace(fields="11")])) == []


def test_another_fingerprint_starts_anew(folder: Path) -> None:
    """Other settings or another version find nothing, say how much that is, and forget the old at commit."""
    with ExaminedStore.open(folder, "v2") as store:
        assert (store.outdated, numbers(store, 1, 2)) == (10, [])
        store.put([examined(1)])
    with ExaminedStore.open(folder, "v1") as store:
        assert numbers(store, 1, 2) == [1, 2]
    with ExaminedStore.open(folder, "v2") as store:
        store.put([examined(1)])
        store.commit()
    with ExaminedStore.open(folder, "v1") as store:
        assert (len(store), store.outdated) == (0, 1)


def test_what_was_not_committed_is_gone(folder: Path) -> None:
    """A run that was killed leaves no trace, and its segments are removed."""
    with ExaminedStore.open(folder, "v1") as store:
        store.put([examined(50)])
        store._flush()
        assert len(list((folder / "segments").iterdir())) == 2
    with ExaminedStore.open(folder, "v1") as store:
        assert numbers(store, 50) == []
    assert len(list((folder / "segments").iterdir())) == 1


def test_missing_records_are_forgotten(folder: Path) -> None:
    """A record that was neither asked for nor put is not kept any longer, unless the caller says so."""
    with ExaminedStore.open(folder, "v1") as store:
        store.commit(forget_missing=False)
        assert len(store) == 10
        assert numbers(store, 1, 2, 3) == [1, 2, 3]
        store.put([examined(60)])
        before = {path.name for path in (folder / "segments").iterdir()}
        store.commit()
        assert len(store) == 4
        assert numbers(store, 1, 2, 3, 4, 60) == [1, 2, 3, 60]
    assert before.isdisjoint(path.name for path in (folder / "segments").iterdir())


def test_full_segments_are_written_as_they_fill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory holds one segment at most; rows are found across segments and row groups."""
    monkeypatch.setattr("copydesk.state.examined.SEGMENT_ROWS", 7)
    monkeypatch.setattr("copydesk.state.segments.PIECE_ROWS", 3)
    with ExaminedStore.open(tmp_path, "v1") as store:
        store.put(examined(number) for number in range(20))
        assert len(store._waiting) == 6
        store.commit()
        assert numbers(store, *range(20)) == list(range(20))
        assert numbers(store, 0, 8, 19) == [0, 8, 19]


def test_rebuild_forgets_everything(folder: Path) -> None:
    """`--rebuild` starts from nothing."""
    with ExaminedStore.open(folder, "v1", rebuild=True) as store:
        assert numbers(store, *range(10)) == []


@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
@pytest.mark.parametrize("first", ["known", "get"])
def test_a_damaged_segment_is_examined_again(folder: Path, damage: str, first: str) -> None:
    """Its records don't come back, that is told once, and the next commit is whole again."""
    (segment,) = (folder / "segments").iterdir()
    data = segment.read_bytes()
    packed = pa.ipc.open_file(pa.BufferReader(data)).read_all()["article"][0].as_py()
    middle = data.index(packed) + len(packed) // 2
    changed = {
        "cut": data[:-200],
        "changed": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "gone": b"",
    }
    segment.write_bytes(changed[damage]) if damage != "gone" else segment.unlink()
    with ExaminedStore.open(folder, "v1") as store:
        assert (store.known(keys(*range(10))) if first == "known" else numbers(store, *range(10))) in ({}, [])
        assert "is damaged" in store.repaired[0]
    with ExaminedStore.open(folder, "v1") as store:
        assert (len(store), store.repaired) == (0, [])
        store.put(examined(number) for number in range(10))
        store.commit()
    with ExaminedStore.open(folder, "v1") as store:
        assert numbers(store, *range(10)) == list(range(10))
        assert store.repaired == []


def test_damage_is_not_noted_in_a_fork(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it can't read is read again by the process that holds the index."""
    with ExaminedStore.open(folder, "v1") as store:
        (segment,) = (folder / "segments").iterdir()
        segment.write_bytes(segment.read_bytes()[:-200])
        with monkeypatch.context() as fork:
            fork.setattr(os, "getpid", lambda: -1)
            with pytest.raises(RuntimeError, match="is damaged"):
                numbers(store, *range(10))
        assert store.repaired == []
        assert numbers(store, *range(10)) == []
        assert "is damaged" in store.repaired[0]


def test_keys_tell_stated_fields_apart() -> None:
    """Other values, other keys or another order give another key; the content is in the id already."""

    def key(*fields: RecordField) -> str:
        return record_key(RawRecord("a", Source("a", 0, "b"), Form.TEXT, "", fields)).fields

    one, two = RecordField("title", "Ferry", "headline"), RecordField("title", "Late", "headline")
    assert len({key(), key(one), key(two), key(one, two), key(two, one)}) == 5
    assert key(RecordField("a", "bc", "d")) != key(RecordField("ab", "c", "d"))
