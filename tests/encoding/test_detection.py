"""The encoding of text that declares none, in thirty languages and the encodings they were written in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from copydesk.article import Form
from copydesk.encoding import Decoded, decode
from copydesk.encoding.detection import detect, has_seven_bit_shift, visible
from copydesk.encoding.sparse import find_sparse

LANGUAGES = json.loads((Path(__file__).parent / "cases" / "languages.json").read_text("utf-8"))
CASES = [
    pytest.param(row["text"], codec, id=f"{row['language']}-{codec}") for row in LANGUAGES for codec in row["encodings"]
]
PAGE = "<html><head><title>x</title></head><body><div class='a'><p>{}</p></div></body></html>"


@pytest.mark.parametrize(("text", "codec"), CASES)
@pytest.mark.parametrize("length", [40, 80, 1_000])
def test_text_and_page_are_read_as_written(text: str, codec: str, length: int) -> None:
    """Half a sentence is enough, alone and in a page."""
    for form, whole in ((Form.TEXT, text[:length]), (Form.HTML, PAGE.format(text[:length]))):
        content = whole.encode(codec, "ignore")
        decoded = decode(content, form)
        assert isinstance(decoded, Decoded)
        assert decoded.text == content.decode(codec)


@pytest.mark.parametrize("codec", ["utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be"])
@pytest.mark.parametrize("row", LANGUAGES, ids=[row["language"] for row in LANGUAGES])
def test_wide_text_without_a_mark_is_read_as_written(row: dict[str, str], codec: str) -> None:
    """UTF-16 and UTF-32 need no byte order mark, in any script."""
    for length in (40, 1_000):
        text = row["text"][:length]
        decoded = decode(text.encode(codec), Form.TEXT)
        assert isinstance(decoded, Decoded)
        assert decoded.text == text


def test_same_bytes_give_the_same_answer() -> None:
    """Nothing is drawn at random, and nothing is remembered."""
    content = LANGUAGES[0]["text"].encode("cp1252")
    assert detect(content, markup=False) == detect(content, markup=False)


def test_nothing_is_detected_in_noise() -> None:
    """Bytes that are no text have no encoding."""
    noise = bytes(128 + (n * n * 7 + n * 31) % 128 for n in range(600))
    assert detect(noise, markup=False) is None


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        ("They say it’s fine – “all of it”, at the café by the harbour.", "cp1252", "windows-1252"),
        ("They say it’s fine – “all of it”, at the café by the harbour.", "mac_roman", "macintosh"),
        ("It costs about 5 € for a cup of coffee at the little harbour.", "iso8859_15", "iso-8859-15"),
        ("The Müller family from Zürich has run the inn since the war.", "cp850", "cp850"),
    ],
)
def test_few_bytes_are_told_by_their_places(text: str, codec: str, name: str) -> None:
    """Where a character can stand decides where there are too few for frequencies."""
    found = find_sparse(text.encode(codec))
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("content", ["мост через реку".encode("koi8-r"), b"plain", b""])
def test_text_in_other_letters_is_not_sparse(content: bytes) -> None:
    """Where most letters are above ASCII, or none, places say nothing."""
    assert find_sparse(content) is None


def test_shifted_letters_are_noticed() -> None:
    """ISO-2022 and HZ are ASCII by their bytes; a tilde or a brace alone is no shift."""
    assert has_seven_bit_shift("日本".encode("iso2022_jp"))
    assert has_seven_bit_shift("中国".encode("hz"))
    assert not has_seven_bit_shift(b"~/{a} $(b)")


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (b"<p>a<script>b</script>c", b"a c"),
        (b"a<script>never closed", b"a"),
        (b"3 < 4", b"3 < 4"),
        (b"", b""),
    ],
)
def test_only_what_is_seen_is_looked_at(content: bytes, left: bytes) -> None:
    """Tags and scripts are left out, signs of comparison aren't tags."""
    assert visible(content).split() == left.split()


@pytest.mark.parametrize("codec", ["cp1250", "iso8859-2", "cp852"])
def test_indentation_of_a_page_does_not_drown_its_letters(codec: str) -> None:
    """Blanks between elements say nothing of the language, as tags don't."""
    text = next(row["text"] for row in LANGUAGES if row["language"] == "pl").replace("–", "-")
    text = text.encode(codec, "ignore").decode(codec)
    page = PAGE.format((f"<li>{' ' * 60}\n" * 30 + text[:120] + "</li>\n" + "\t" * 200) * 3)
    decoded = decode(page.encode(codec), Form.HTML)
    assert isinstance(decoded, Decoded)
    assert decoded.text == page
