"""Keys for pairing by URL and title say which values are equal, and nothing else."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.duplicates.candidates import texts_of
from copydesk.duplicates.numbering import hash_titles, number_titles, number_values
from copydesk.duplicates.resolve import title_key

TITLES = st.lists(
    st.text(st.sampled_from("aBz9 -'&é;ß\u200b\x01\t") | st.characters(codec="utf-8"), max_size=14)
    | st.sampled_from(["Café fire: 3 hurt", "cafe fire 3 hurt", "A &amp; B and C", "a b and c"])
    | st.none(),
    max_size=8,
)


@given(TITLES)
def test_titles_are_equal_when_their_words_are(titles: list[str | None]) -> None:
    """Folded all at once they are those that are folded one by one, plain letters or not."""
    cut = len(titles) // 2
    numbers = number_titles(pa.chunked_array([titles[:cut], titles[cut:]], pa.string())).tolist()
    keys = [title_key(title) for title in titles]
    for number, key in zip(numbers, keys, strict=True):
        assert (number == 0) == (key is None)
        assert [other == number for other in numbers] == [other == key for other in keys]


@given(TITLES)
def test_keys_of_titles_that_are_kept_say_what_their_numbers_say(titles: list[str | None]) -> None:
    """They are equal for the same titles, 0 for the same ones, and the same among other titles."""
    numbers, kept = (make(pa.array(titles, pa.string())).tolist() for make in (number_titles, hash_titles))
    assert [key == 0 for key in kept] == [number == 0 for number in numbers]
    for number, key in zip(numbers, kept, strict=True):
        assert [other == number for other in numbers] == [other == key for other in kept]
    assert kept == [hash_titles(pa.array([title], pa.string()))[0] for title in titles]


@pytest.mark.parametrize("chunks", [[], [[]], [["a", None], ["b", "a", ""]]])
def test_values_are_numbered_over_all_chunks(chunks: list[list[str | None]]) -> None:
    """Equal ones alike wherever they lie; nothing and "" are 0; none for none. The place of the text is left free."""
    numbers = number_values(pa.chunked_array(chunks, pa.string()))
    flat = [value for chunk in chunks for value in chunk]
    assert [number == 0 for number in numbers.tolist()] == [not value for value in flat]
    assert len(set(numbers.tolist())) == len({value or "" for value in flat})
    assert not np.any(texts_of(numbers))


def test_titles_are_numbered_over_all_chunks() -> None:
    """Also where some are folded all at once and some one by one."""
    whole = ["Café fire: 3 hurt", "cafe fire 3 hurt", "One two three four", None]
    chunks = pa.chunked_array([whole[:1], [], whole[1:]], pa.string())
    assert number_titles(chunks).tolist() == number_titles(pa.array(whole)).tolist()
    assert number_titles(pa.chunked_array([], pa.string())).size == 0
