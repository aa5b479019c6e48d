"""The search for cycles is rarer for a while, and as before afterwards; what nobody uses goes."""

from __future__ import annotations

import gc
import weakref

import pytest

from copydesk.machine import collector
from copydesk.machine.collector import MANY_ARTICLES, RARELY, give_back, rare_collections, trim_between


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


def test_memory_goes_back_between_steps_of_large_corpora_alone(monkeypatch: pytest.MonkeyPatch):
    """Of one article less than many nothing is given back, of many it is, once for each step."""
    given: list[str] = []
    monkeypatch.setattr(collector, "trim", lambda: given.append("back"))
    trim_between(0)
    trim_between(MANY_ARTICLES - 1)
    assert given == []
    trim_between(MANY_ARTICLES)
    assert given == ["back"]
