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
from copydesk.duplicates.groups import ExactGroups, count_up, pairs_within
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
    within_left, within_right = _within(comparison.groups)
    left, right, link = _across(comparison.groups, comparison.linked)
    left, right = np.concatenate([left, within_left]), np.concatenate([right, within_right])
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


def _within(groups: ExactGroups) -> tuple[Numbers, Numbers]:
    """The pairs of texts of the same words; in groups too large for all pairs those with the first."""
    sizes = np.diff(groups.starts)
    large = sizes * sizes > MOST_PRODUCTS
    small = groups.flat[np.repeat(~large, sizes)]
    rows, columns = pairs_within(sizes[~large])
    rest = groups.flat[np.repeat(large, sizes)]
    firsts = np.repeat(groups.firsts[large], sizes[large])
    others = rest != firsts
    return np.concatenate([small[rows], firsts[others]]), np.concatenate([small[columns], rest[others]])


def _across(groups: ExactGroups, linked: Linked) -> tuple[Numbers, Numbers, Numbers]:
    """The pairs of texts of linked groups, and the position of each one's link."""
    sizes = np.diff(groups.starts)
    size_a, size_b = sizes[linked.left], sizes[linked.right]
    products = size_a * size_b
    small = products <= MOST_PRODUCTS
    link = np.repeat(np.flatnonzero(small), products[small])
    place = count_up(products[small])
    lefts = [groups.flat[groups.starts[linked.left[link]] + place // size_b[link]]]
    rights, links = [groups.flat[groups.starts[linked.right[link]] + place % size_b[link]]], [link]
    for k in np.flatnonzero(~small).tolist():
        a, b = np.array(groups[linked.left[k]]), np.array(groups[linked.right[k]])
        lefts.append(np.concatenate([np.full(len(b), a[0]), a[1:]]))
        rights.append(np.concatenate([b, np.full(len(a) - 1, b[0])]))
        links.append(np.full(len(lefts[-1]), k))
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(links)
