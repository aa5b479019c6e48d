"""A sieve lets nearly all numbers through that aren't known, and no known one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.sieve import LEAST_MARKS, sieve

NUMBERS = st.lists(st.integers(0, 4 * LEAST_MARKS), max_size=30)


@pytest.mark.parametrize("kind", [np.uint32, np.uint64])
@given(known=NUMBERS, asked=NUMBERS)
def test_what_is_caught_is_known(kind: type, known: list[int], asked: list[int]) -> None:
    """Whatever share their marks; none of no numbers, and none where nothing is known."""
    found = sieve(np.array(known, kind)).catch(np.array(asked, kind)).tolist()
    assert found == [place for place, number in enumerate(asked) if number in known]
