"""Every linked pair of a list of texts, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from copydesk.duplicates.compare import Comparison, compare
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
    comparison = compare(as_strings(texts), settings, compile_code=compile_code)
    return _sorted_table(list(_expand(comparison)))


def as_strings(texts: Sequence[str] | pa.Array | pa.ChunkedArray) -> pa.Array:
    """Texts as one Arrow array of large strings; null is an empty text."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks() if texts.num_chunks != 1 else texts.chunk(0)
    array = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.large_string())
    array = array.cast(pa.large_string())
    return array.fill_null("") if array.null_count else array


_Row = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], str, float, float, float, float]


def _expand(comparison: Comparison) -> Iterable[_Row]:
    """Linked groups as pairs of texts: arrays of positions with the values they share."""
    members = comparison.groups.members
    for group in members:
        if len(group) > 1:
            left, right = _within(np.array(group))
            yield left, right, "dup", 1.0, 1.0, 1.0, 1.0
    linked = comparison.linked
    verdicts = linked.verdicts
    for k, (a, b) in enumerate(zip(linked.left.tolist(), linked.right.tolist(), strict=True)):
        left, right = _across(np.array(members[a]), np.array(members[b]))
        kind = "dup" if verdicts.same[k] else "part"
        shares = (verdicts.jaccard[k], verdicts.containment[k], verdicts.covered_b[k], verdicts.covered_a[k])
        jaccard, containment, covered_a, covered_b = map(float, shares)
        yield left, right, kind, jaccard, containment, covered_a, covered_b


def _within(group: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    if len(group) * len(group) <= MOST_PRODUCTS:
        rows, columns = np.triu_indices(len(group), 1)
        return group[rows], group[columns]
    return np.full(len(group) - 1, group[0]), group[1:]


def _across(a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    if len(a) * len(b) <= MOST_PRODUCTS:
        return np.repeat(a, len(b)), np.tile(b, len(a))
    return np.concatenate([np.full(len(b), a[0]), a[1:]]), np.concatenate([b, np.full(len(a) - 1, b[0])])


def _sorted_table(rows: list[_Row]) -> pa.Table:
    sizes = [len(row[0]) for row in rows]
    left = np.concatenate([np.zeros(0, dtype=np.int64), *(row[0] for row in rows)])
    right = np.concatenate([np.zeros(0, dtype=np.int64), *(row[1] for row in rows)])
    kinds = np.repeat(np.array([row[2] for row in rows], dtype=object), sizes)
    jaccard, containment, covered_a, covered_b = (
        np.repeat(np.array([row[place] for row in rows], dtype=np.float64), sizes) for place in range(3, 7)
    )
    turned = left > right
    columns = {
        "left": np.minimum(left, right),
        "right": np.maximum(left, right),
        "kind": pa.array(kinds.tolist(), pa.string()),
        "jaccard": jaccard,
        "containment": containment,
        "covered_left": np.where(turned, covered_b, covered_a),
        "covered_right": np.where(turned, covered_a, covered_b),
    }
    return pa.table(columns, schema=PAIRS).sort_by([("left", "ascending"), ("right", "ascending")])
