"""The examined articles of a night: columns by id, articles on demand."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
from tests.state.kept_articles import examined, listed

from copydesk.state import ExaminedStore


def test_a_shelf_holds_what_is_kept_by_id(folder: Path) -> None:
    """Whatever the order of the listing; a record that isn't kept isn't there, one that moved has its new place."""
    with ExaminedStore.open(folder, "v1") as store:
        shelf = store.shelve(listed(7, 99, 2).set_column(2, "record", pa.chunked_array([[70, 990, 20]])))
        assert shelf.columns["article_id"].to_pylist() == [f"{2:032x}", f"{7:032x}"]
        assert shelf.records.tolist() == [20, 70]
        assert list(shelf.load([1, 0])) == [examined(7, 70)[1], examined(2, 20)[1]]


def test_texts_are_those_of_the_articles(folder: Path) -> None:
    """In the order asked for, none for none; where people have changed articles, as these are then."""
    with ExaminedStore.open(folder, "v1") as store:
        shelf = store.shelve(listed(7, 2))
        assert shelf.texts([1, 0]) == [examined(7, 0)[1].text, examined(2, 0)[1].text] != ["", ""]
        assert shelf.texts([]) == []
        assert shelf.changed(shelf.columns, lambda article: replace(article, blocks=())).texts([0]) == [""]


def test_nothing_makes_an_empty_shelf(folder: Path) -> None:
    """No records, or none that is kept."""
    with ExaminedStore.open(folder, "v1") as store:
        assert len(store.shelve(listed()).columns) == 0
        assert len(store.shelve(listed(99)).columns) == 0
