"""What `import copydesk` promises to Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import copydesk
from copydesk.article import Outcome, Refusal

STORY = (Path(__file__).parent / "stories" / "ferry.txt").read_text(encoding="utf-8")


def test_exported_names_are_the_promised_ones():
    """No more and no less than the contract names."""
    assert set(copydesk.__all__) == {"__version__", "decode", "extract", "find_duplicates", "open_corpus"}
    for name in copydesk.__all__:
        assert getattr(copydesk, name) is not None


def test_unknown_name_is_an_attribute_error():
    """A typo is said at once."""
    with pytest.raises(AttributeError, match="no attribute 'extrakt'"):
        copydesk.extrakt  # noqa: B018 - looking is the test


def test_extract_gives_the_articles_in_one_file():
    """Bytes in, articles out, with what the caller knows of the file as evidence."""
    [article] = copydesk.extract(
        STORY.encode(), name="ferry.txt", url="https://www.reuters.com/world/ferry-2024-03-03/"
    )
    assert article.metadata.title == "Ferry to Stroma sails again after a winter of repairs"
    assert article.metadata.outlet == "Reuters"
    assert article.metadata.url == "https://www.reuters.com/world/ferry-2024-03-03/"


def test_extract_gives_what_cannot_be_read_with_its_reason():
    """Bad bytes raise nothing."""
    [article] = copydesk.extract(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", name="a.txt")
    assert article.outcome is Outcome.QUARANTINED
    assert article.reason.startswith("binary")


def test_extracting_twice_gives_the_same():
    """Nothing is remembered between calls."""
    first = copydesk.extract(STORY.encode(), name="a.txt")
    copydesk.extract(b"<html><body><p>Another page altogether.</p></body></html>", name="b.html")
    assert copydesk.extract(STORY.encode(), name="a.txt") == first


def test_decode_gives_text_and_encoding():
    """Text and the encoding it was in; what can't be told is refused."""
    decoded = copydesk.decode("Café auf der Straße".encode("cp1252"))
    assert not isinstance(decoded, Refusal)
    assert (decoded.text, decoded.encoding) == ("Café auf der Straße", "windows-1252")


def test_find_duplicates_gives_pairs_as_a_table():
    """Positions of the pairs with what was measured on the texts."""
    table = copydesk.find_duplicates([STORY, "Another story about a library.", STORY])
    assert table.select(["left", "right", "jaccard"]).to_pylist() == [{"left": 0, "right": 2, "jaccard": 1.0}]


def test_open_corpus_gives_datasets(cleaned: Path):
    """The four tables of one snapshot."""
    corpus = copydesk.open_corpus(cleaned)
    assert corpus.articles.count_rows() == 2
    assert corpus.ledger.count_rows() == 5


def test_import_alone_is_light():
    """`import copydesk` loads neither Arrow nor any stage."""
    script = "import sys, copydesk; print('pyarrow' in sys.modules, 'copydesk.pipeline' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout == b"False False\n"
