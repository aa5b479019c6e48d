"""What a night asks of every record is answered for all of them at once."""

from dataclasses import replace
from pathlib import Path

from tests.state.kept_articles import examined, keys, listed, numbers

from copydesk.article import Outcome
from copydesk.state import ExaminedStore


def test_all_records_are_told_at_once(folder: Path) -> None:
    """Those that are kept and weren't quarantined; none of nothing, and none of an empty store."""
    key, article = examined(20)
    with ExaminedStore.open(folder, "v1") as store:
        store.put([(key, replace(article, outcome=Outcome.QUARANTINED, reason="binary"))])
        store.commit(forget_missing=False)
        assert store.settled(listed(3, 20, 99, 0)).tolist() == [True, False, False, True]
        assert store.settled(listed()).tolist() == []
    with ExaminedStore.open(folder, "v2") as store:
        assert store.settled(listed(3)).tolist() == [False]


def test_records_asked_for_at_once_are_kept(folder: Path) -> None:
    """As are those asked for one by one, and those put; the others are forgotten."""
    with ExaminedStore.open(folder, "v1") as store:
        store.settled(listed(1, 2))
        store.known(keys(4))
        store.put([examined(60)])
        store.commit()
        assert numbers(store, *range(10), 60) == [1, 2, 4, 60]


def test_a_commit_that_forgot_forgets_no_more(folder: Path) -> None:
    """What was asked for before the first of two commits counts for the second."""
    with ExaminedStore.open(folder, "v1") as store:
        store.settled(listed(1, 2))
        store.commit()
        store.put([examined(60)])
        store.commit()
        assert numbers(store, *range(10), 60) == [1, 2, 60]


def test_a_segment_with_gaps_is_read_from_the_index(folder: Path) -> None:
    """A record of which a later segment has a newer examination is told by that one."""
    key, article = examined(3)
    with ExaminedStore.open(folder, "v1") as store:
        store.put([(key, replace(article, outcome=Outcome.QUARANTINED, reason="binary"))])
        store.commit(forget_missing=False)
    with ExaminedStore.open(folder, "v1") as store:
        assert store.settled(listed(2, 3, 4)).tolist() == [True, False, True]


def test_records_of_a_damaged_segment_are_not_there(folder: Path) -> None:
    """Neither where that shows at once, nor where it is found out between two questions."""
    (segment,) = (folder / "segments").iterdir()
    with ExaminedStore.open(folder, "v1") as store:
        places = store._places
        assert places.find(listed(3)).tolist() == [3]
        segment.write_bytes(segment.read_bytes()[:-200])
        assert store.settled(listed(3)).tolist() == [False]
        assert places.find(listed(3)).tolist() == [-1]
        assert "is damaged" in store.repaired[0]
