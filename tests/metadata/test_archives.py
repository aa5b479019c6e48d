"""What an archive of the Web says of a page that it saved is not what the page says."""

from __future__ import annotations

import pytest

from copydesk.article import Evidence
from copydesk.metadata.archives import without_archive

SAVED = "https://web.archive.org/web/20240504101112id_/https://courier.example/ice"


def stated(**values: str) -> dict[str, list[Evidence]]:
    """Evidence by field, one of each."""
    return {field: [Evidence(field, value, "page", value, 0.9)] for field, value in values.items()}


@pytest.mark.parametrize("name", ["archive.ph", "Wayback Machine", "Internet Archive Wayback Machine", "Arquivo.pt"])
def test_archive_is_no_outlet(name: str) -> None:
    """Its name is refused, with the cause, and nothing else."""
    found, refused = without_archive(stated(url=SAVED, outlet=name, title="Ice is back"))
    assert found == stated(url=SAVED, title="Ice is back") | {"outlet": []}
    assert [item.source for item in refused] == ["page (refused: an archive's name)"]


@pytest.mark.parametrize("field", ["published", "modified"])
def test_time_of_saving_is_no_time_of_the_page(field: str) -> None:
    """The very second that stands in the archive's address is refused; a second later is the page's."""
    found, refused = without_archive(stated(canonical=SAVED, **{field: "2024-05-04T10:11:12Z"}))
    assert found[field] == []
    assert [item.source for item in refused] == ["page (refused: when an archive saved it)"]
    own = stated(canonical=SAVED, **{field: "2024-05-04T10:11:13Z"})
    assert without_archive(own) == (own, [])


def test_without_an_archives_address_all_is_the_pages() -> None:
    """An outlet may be called an archive."""
    own = stated(url="https://archive.example/ice", outlet="Internet Archive", published="2024-05-04T10:11:12Z")
    assert without_archive(own) == (own, [])


def test_archive_weekly_is_a_name_of_an_outlet() -> None:
    """A word more, and it is another name."""
    own = stated(url=SAVED, outlet="Archive Weekly")
    assert without_archive(own) == (own, [])


def test_nothing_stated_stays_nothing() -> None:
    """No evidence has none refused."""
    assert without_archive({}) == ({}, [])
