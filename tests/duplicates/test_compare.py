"""The comparison as a whole: what it loads, and what it does with hostile input."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from copydesk.duplicates.groups import connect, group_exact
from copydesk.duplicates.sketch import sketch_texts


def test_small_corpora_load_no_compiler() -> None:
    """Five texts are compared without numba: loading it takes longer than comparing them."""
    code = "import sys; from copydesk.duplicates import find_pairs; find_pairs(['one two three'] * 5)"
    code += "; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_colliding_keys_make_no_copies() -> None:
    """Texts whose exact keys collide are told apart by their words."""
    texts = ["the mayor spoke", "a ferry sank", "The Mayor spoke!", "a ferry sank"]
    sketches = sketch_texts(texts)
    sketches.exact[:] = np.uint64(7)

    def same_words(left: list[int], right: list[int]) -> list[bool]:
        folded = [text.lower().strip("!") for text in texts]
        return [folded[one] == folded[other] for one, other in zip(left, right, strict=True)]

    found = group_exact(sketches, lambda row: texts[row].encode(), same_words)
    assert sorted(sorted(found[group]) for group in range(len(found))) == [[0, 2], [1, 3]]


@pytest.mark.parametrize("pairs", [[], [(2, 1)], [(1, 2), (2, 3), (0, 3)]])
def test_groups_are_named_by_their_smallest_member(pairs: list[tuple[int, int]]) -> None:
    """Linked things share a name, in whatever order the links come."""
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    forward = connect(4, np.array(left, dtype=int), np.array(right, dtype=int))
    backward = connect(4, np.array(right[::-1], dtype=int), np.array(left[::-1], dtype=int))
    assert np.array_equal(forward, backward)
    assert all(forward[a] == forward[b] for a, b in pairs)
    assert (forward <= np.arange(4)).all()
