"""The search for cycles is rarer for a while, and as before afterwards; what nobody uses goes."""

from __future__ import annotations

import gc
import weakref

import pytest

from copydesk.machine.collector import RARELY, give_back, rare_collections


def test_collections_are_rare_only_within():
    """However it ends, the thresholds are those from before."""
    before = gc.get_threshold()
    with rare_collections():
        assert gc.get_threshold() == RARELY
    assert gc.get_threshold() == before
    with pytest.raises(LookupError), rare_collections():
        raise LookupError
    assert gc.get_threshold() == before


class Node:
    """An object that can hold itself."""


def test_cycles_go_when_memory_is_given_back():
    """An object that nothing holds but itself is gone, while collections are rare, too."""
    with rare_collections():
        node = Node()
        node.itself = node  # type: ignore[attr-defined]
        gone = weakref.ref(node)
        del node
        give_back()
        assert gone() is None
