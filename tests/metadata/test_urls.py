"""URL keys: a table of cases, with parameters that look like trackers and aren't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.article import Evidence
from copydesk.metadata.choose import choose_canonical
from copydesk.metadata.urls import date_of_url, host_of, is_home_page, is_web_url, url_key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.courier.example/2024/09/01/ice/", "courier.example/2024/09/01/ice"),
        ("http://courier.example/2024/09/01/ice", "courier.example/2024/09/01/ice"),
        ("https://us.cnn.com/a", "us.cnn.com/a"),
        ("https://m.courier.example/ice", "courier.example/ice"),
        ("https://amp.courier.example/ice", "courier.example/ice"),
        ("https://courier.example/ice/amp/", "courier.example/ice"),
        ("https://courier.example/amp/ice", "courier.example/ice"),
        ("https://courier.example/ice.amp.html", "courier.example/ice.html"),
        ("https://courier.example/champ", "courier.example/champ"),
        ("https://www.google.com/amp/s/www.courier.example/ice", "courier.example/ice"),
        ("https://www-courier-example.cdn.ampproject.org/c/s/www.courier.example/ice", "courier.example/ice"),
        ("https://courier.example/ice?utm_source=x&fbclid=1", "courier.example/ice"),
        ("https://courier.example/ice?b=2&a=1", "courier.example/ice?a=1&b=2"),
        ("https://courier.example/ice?gallery=3", "courier.example/ice?gallery=3"),
        ("https://courier.example/ice?id=7&ref=home", "courier.example/ice?id=7&ref=home"),
        ("https://courier.example/ice?utm_sourcebook=1", "courier.example/ice?utm_sourcebook=1"),
        ("https://courier.example/read.php?1423", "courier.example/read.php?1423"),
        ("https://courier.example/ice#comments", "courier.example/ice"),
        ("https://courier.example/#!/ice", "courier.example#!/ice"),
        ("https://courier.example/%7Ejane/a%2fb%c3%a4", "courier.example/~jane/a%2Fb%C3%A4"),
        ("https://zürich.example.ch/Straße", "xn--zrich-kva.example.ch/Stra%C3%9Fe"),
        ("https://courier.example:443/ice", "courier.example/ice"),
        ("https://courier.example/ice?amp=1", "courier.example/ice"),
    ],
)
def test_keys(url: str, key: str) -> None:
    """Each dress of a URL gives the same key, and nothing that chooses an article is lost."""
    assert url_key(url) == key


@pytest.mark.parametrize(
    "url",
    [
        "",
        "courier.example/ice",
        "ftp://courier.example",
        "https://",
        "https://a b",
        "javascript:alert(1)",
        "https://x/" + "a" * 100_000,
        "https://localhost/a",
    ],
)
def test_no_web_url(url: str) -> None:
    """What is no web URL of sane length has no key."""
    assert url_key(url) is None
    assert not is_web_url(url)


def test_a_key_is_its_own_key() -> None:
    """Normalising twice changes nothing."""
    key = url_key("https://www.courier.example/a%20b/?z=1&a=%C3%A4")
    assert url_key(f"https://{key}") == key


def test_days_in_paths_are_whole_segments() -> None:
    """A version or a number inside a slug is no day."""
    assert date_of_url("https://courier.example/2024/sep/01/ice").text == "2024-09-01"  # type: ignore[union-attr]
    assert date_of_url("https://courier.example/2024-09-01/ice").text == "2024-09-01"  # type: ignore[union-attr]
    assert date_of_url("https://courier.example/2024/march/01/ice").text == "2024-03-01"  # type: ignore[union-attr]
    assert date_of_url("https://courier.example/2024/reviews/01/ice") is None
    assert date_of_url("https://courier.example/v12024/09/01") is None
    assert date_of_url("https://courier.example/ice-2024-09-01-x") is None
    assert date_of_url("https://courier.example/2024-09-01-ice-is-back").text == "2024-09-01"  # type: ignore[union-attr]
    assert date_of_url("https://courier.example/2024-09-01-99") is None
    assert date_of_url("https://courier.example/2024/13/45/x") is None
    assert date_of_url(None) is None


def test_home_pages() -> None:
    """A bare host is a home page, a path isn't."""
    assert is_home_page("https://courier.example/?utm_source=x")
    assert not is_home_page("https://courier.example/ice")
    assert host_of("no url") is None


@given(st.text(max_size=200))
def test_no_url_breaks(text: str) -> None:
    """Any string gives a key or None."""
    url_key(text)
    url_key("https://courier.example/" + text)
    url_key("https://" + text)


def test_relative_canonical_is_that_of_the_page() -> None:
    """A crawl says where a page was, so its canonical address is whole."""
    stated = [Evidence("canonical", "/2024/ice", "link.canonical", "/2024/ice", 0.9)]
    assert choose_canonical(stated, "https://courier.example/2024/ice?x=1").value == "https://courier.example/2024/ice"
    assert choose_canonical(stated, None).value is None
