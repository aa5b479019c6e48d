"""Every parser survives seeds that were damaged at random; `make fuzz` looks further, led by what it reaches."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz.damage import damaged
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_seeds_are_read(name: str):
    """The whole inputs that the fuzzer starts from are read."""
    for seed in TARGETS[name].seeds:
        TARGETS[name].feed(seed)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(TARGETS)), st.data())
def test_damaged_seeds_are_read_or_refused(name: str, data: st.DataObject):
    """Bytes changed, cut out, doubled or put in, or any bytes at all."""
    target = TARGETS[name]
    target.feed(data.draw(damaged(st.sampled_from(target.seeds))))
