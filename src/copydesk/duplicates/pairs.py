"""Every linked pair of a list of texts, as a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates.candidates import Numbers
from copydesk.duplicates.columns import as_strings
from copydesk.duplicates.compare import Comparison, Linked, compare
from copydesk.duplicates.engine import open_engine
from copydesk.settings import DuplicateSettings

PAIRS = pa.schema(
    [
        pa.field("left", pa.int64(), nullable=False),
        pa.field("right", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("jaccard", pa.float64(), nullable=False),
        pa.field("containment", pa.float64(), nullable=False),
        pa.field("covered_left", pa.float64(), nullable=False),
        pa.field("covered_right", pa.float64(), nullable=False),
    ]
)
"""`left` < `right`: positions of the texts; `kind`: dup (one story) or part (one is a part of the other); `jaccard`,
`containment`:
of their runs of three words; `covered_*`: share (0 to 1) of each text's words that is in the other, small edits
included."""

MOST_PRODUCTS = 16_384
"""Two groups of equal texts give all their pairs up to this many; larger ones only those with the first text of
the other.
"""


def find_pairs(
    texts: Sequence[str] | pa.Array, settings: DuplicateSettings | None = None, *, compile_code: bool | None = None
) -> pa.Table:
    """The linked pairs of texts, by position, sorted (schema `PAIRS`); no pairs for no texts.

    Every pair is measured on the texts. Texts without a word are nobody's copies.

    >>> story = "The council of Marlow voted on Monday to close the old swimming pool by the river next spring."
    >>> find_pairs([story, "Rain fell.", story.upper()]).select(["left", "right", "kind", "jaccard"]).to_pylist()
    [{'left': 0, 'right': 2, 'kind': 'dup', 'jaccard': 1.0}]
    """
    settings = settings or DuplicateSettings()
    return _table(compare(open_engine(as_strings(texts), compile_code=compile_code), settings))


def _table(comparison: Comparison) -> pa.Table:
    """Linked groups as pairs of texts: those within groups, and those across, with the values of their link (-1:
    equal texts).
    """
    members = comparison.groups.members
    within = [_within(np.array(group)) for group in members if len(group) > 1]
    left, right, link = _across(members, comparison.linked)
    left = np.concatenate([left, *(pair[0] for pair in within)])
    right = np.concatenate([right, *(pair[1] for pair in within)])
    link = np.concatenate([link, np.full(len(left) - len(link), -1)])
    order = np.lexsort((np.maximum(left, right), np.minimum(left, right)))
    left, right, link = left[order], right[order], link[order]
    values, turned = comparison.linked.verdicts, left > right
    covered_left, covered_right = _values(values.covered_b, link), _values(values.covered_a, link)
    same = np.append(values.same, True)[link]
    columns = {
        "left": np.minimum(left, right),
        "right": np.maximum(left, right),
        "kind": pa.array(np.where(same, "dup", "part"), pa.string()),
        "jaccard": _values(values.jaccard, link),
        "containment": _values(values.containment, link),
        "covered_left": np.where(turned, covered_right, covered_left),
        "covered_right": np.where(turned, covered_left, covered_right),
    }
    return pa.table(columns, schema=PAIRS)


def _values(column: npt.NDArray[np.float64], link: Numbers) -> npt.NDArray[np.float64]:
    """A column's values by link; 1 for equal texts."""
    values: npt.NDArray[np.float64] = np.append(column, 1.0)[link]
    return values


def _within(group: Numbers) -> tuple[Numbers, Numbers]:
    if len(group) * len(group) <= MOST_PRODUCTS:
        rows, columns = np.triu_indices(len(group), 1)
        return group[rows], group[columns]
    return np.full(len(group) - 1, group[0]), group[1:]


def _across(members: Sequence[tuple[int, ...]], linked: Linked) -> tuple[Numbers, Numbers, Numbers]:
    """The pairs of texts of linked groups, and the position of each one's link. Most groups are one text: those at
    once.
    """
    firsts = np.array([group[0] for group in members], dtype=np.int64)
    single = np.array([len(group) == 1 for group in members], dtype=bool)
    alone = single[linked.left] & single[linked.right]
    lefts, rights, links = [firsts[linked.left[alone]]], [firsts[linked.right[alone]]], [np.flatnonzero(alone)]
    for k in np.flatnonzero(~alone).tolist():
        a, b = np.array(members[linked.left[k]]), np.array(members[linked.right[k]])
        if len(a) * len(b) <= MOST_PRODUCTS:
            lefts.append(np.repeat(a, len(b)))
            rights.append(np.tile(b, len(a)))
        else:
            lefts.append(np.concatenate([np.full(len(b), a[0]), a[1:]]))
            rights.append(np.concatenate([b, np.full(len(a) - 1, b[0])]))
        links.append(np.full(len(lefts[-1]), k))
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(links)
