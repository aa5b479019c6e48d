"""Few segments, and full ones."""

from pathlib import Path

from tests.state.kept_articles import examined, numbers

from copydesk.state import ExaminedStore
from copydesk.state.compaction import SMALL_SEGMENTS


def test_many_small_segments_become_one(folder: Path) -> None:
    """Thirty nights don't make thirty files, and nothing is lost when they are merged."""
    for night in range(SMALL_SEGMENTS + 2):
        with ExaminedStore.open(folder, "v1") as store:
            store.put([examined(100 + night)])
            store.commit(forget_missing=False)
    with ExaminedStore.open(folder, "v1") as store:
        wanted = [*range(10), *range(100, 100 + SMALL_SEGMENTS + 2)]
        assert numbers(store, *wanted) == wanted
        assert store.repaired == []
    assert len(list((folder / "segments").iterdir())) < SMALL_SEGMENTS


def test_a_half_empty_segment_is_written_anew(folder: Path) -> None:
    """What was forgotten takes no room for ever; a segment of which most is kept stays as it is."""
    before = {path.name for path in (folder / "segments").iterdir()}
    for kept, same in ((range(6), True), (range(3), False)):
        with ExaminedStore.open(folder, "v1") as store:
            assert numbers(store, *kept) == list(kept)
            store.commit()
        assert ({path.name for path in (folder / "segments").iterdir()} == before) is same
    with ExaminedStore.open(folder, "v1") as store:
        assert numbers(store, *range(10)) == [0, 1, 2]
