"""The search for cycles is rarer for a while, and as before afterwards."""

from __future__ import annotations

import gc

import pytest

from copydesk.collector import RARELY, rare_collections


def test_collections_are_rare_only_within():
    """However it ends, the thresholds are those from before."""
    before = gc.get_threshold()
    with rare_collections():
        assert gc.get_threshold() == RARELY
    assert gc.get_threshold() == before
    with pytest.raises(LookupError), rare_collections():
        raise LookupError
    assert gc.get_threshold() == before
