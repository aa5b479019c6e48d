"""The index says nothing that the segments don't."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.state.kept_articles import examined, numbers

from copydesk.state import ExaminedStore, checked, find_kept, index
from copydesk.state.segments import Entry, read_keys, read_rows


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 300])
def test_a_damaged_index_is_made_again(folder: Path, damage: bytes) -> None:
    """Whatever lies in the index's place, the segments still tell what is kept."""
    for part in folder.glob("index.sqlite*"):
        part.unlink()
    (folder / "index.sqlite").write_bytes(damage)
    with ExaminedStore.open(folder, "v1") as store:
        assert numbers(store, *range(10)) == list(range(10))
        assert bool(damage) == bool(store.repaired)


def test_a_lost_index_is_made_again(folder: Path) -> None:
    """So do they if it is gone."""
    (folder / "index.sqlite").unlink()
    with ExaminedStore.open(folder, "v1") as store:
        assert numbers(store, *range(10)) == list(range(10))


def test_a_sound_index_is_not_read_at_every_opening(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run has changed itself it needn't look at; what somebody else has changed it does."""
    looks: list[object] = []
    monkeypatch.setattr(checked, "SETTLED_NS", -(10**18))
    monkeypatch.setattr(index, "_is_sound", lambda database: not looks.append(database))
    for number in range(3):
        with ExaminedStore.open(folder, "v1") as store:
            store.put([examined(20 + number)])
            store.commit(forget_missing=False)
    assert len(looks) == 1
    (folder / "index.sqlite").touch()
    with ExaminedStore.open(folder, "v1") as store:
        assert numbers(store, 20, 22) == [20, 22]
    assert len(looks) == 2


def test_segments_of_earlier_versions_are_entered_too(folder: Path) -> None:
    """A lost index costs nothing of what is kept in them alone."""
    (segment,) = (folder / "segments").iterdir()
    table = pa.table([read_keys(segment)[name] for name in Entry._fields], Entry._fields)
    articles = pa.array([data for _, data in read_rows(segment, range(len(table)))], pa.binary())
    schema = pa.ipc.open_file(segment).schema
    pq.write_table(table.append_column("article", articles).cast(schema), older := folder / "older", row_group_size=4)
    segment.unlink()
    older.rename(folder / "segments" / f"{hashlib.sha256(older.read_bytes()).hexdigest()[:24]}.parquet")
    (folder / "index.sqlite").unlink()
    with ExaminedStore.open(folder, "v1") as store:
        assert numbers(store, *range(10)) == list(range(10))
        assert store.repaired == []


def test_one_article_is_found_while_a_run_is_at_work(folder: Path) -> None:
    """Explaining an article changes nothing; what isn't kept is None."""
    with ExaminedStore.open(folder, "v1") as store:
        store.put([examined(70)])
        store._flush()
        assert find_kept(folder, f"{3:032x}") == examined(3)[1]
        assert find_kept(folder, "f" * 32) is None
        store.commit()
        assert numbers(store, 70) == [70]
    assert find_kept(folder / "elsewhere", f"{3:032x}") is None
