"""What was decided about stories, kept from one comparison to the next: only a story that has changed is decided anew.

Which articles of a story go depends on what its articles say, on the verdicts on their pairs, and on who else lies
under their URL keys, and on nothing else (`removal`). All of it is part of the name under which a story's links are
kept, so links that are found again are those that would come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.duplicates.candidates import TEXT_BITS, Numbers
from copydesk.duplicates.columns import as_binary
from copydesk.duplicates.compare import LARGEST_CLOSURE, Comparison, Linked
from copydesk.duplicates.hashing import STEP, Hashes, finish_all
from copydesk.duplicates.verify import Verdicts

LINKS = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("canonical_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("jaccard", pa.float64(), nullable=False),
        pa.field("containment", pa.float64(), nullable=False),
    ]
)
"""`article_id` is the copy, `canonical_id` its survivor; `kind`: exact, near, excerpt, revision, syndicated;
`jaccard` and `containment` (0 to 1) of their runs of three words."""

DECIDED = pa.schema(
    [pa.field("story", pa.binary(16), nullable=False), *(field.with_nullable(nullable=True) for field in LINKS)]
)
"""A link of a story under its name; nulls for a story in which all stay."""

_MEMBER, _PAGE, _PAIR = (np.uint64(number) for number in (1, 2, 3))
"""What keeps the parts of a name apart."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of stories: `kept` (schema `DECIDED`) of those that are as they were, the places of those that are
    to be decided, and the names of all.
    """

    kept: pa.Table
    due: Numbers
    names: pa.Array
    lasting: npt.NDArray[np.bool_]

    def note(self, found: Iterable[tuple[int, Sequence[Mapping[str, Any]]]]) -> pa.Table:
        """What is to be kept (schema `DECIDED`) of the links found in each of some stories (by place)."""
        nothing: dict[str, Any] = {}
        rows = [
            {"story": self.names[place].as_py(), **link}
            for place, links in found
            if self.lasting[place]
            for link in links or [nothing]
        ]
        return pa.Table.from_pylist(rows, schema=DECIDED)

    def links(self) -> pa.Table:
        """The links of the stories that are as they were (schema `LINKS`)."""
        return self.kept.filter(pc.is_valid(self.kept["article_id"])).select(LINKS.names).cast(LINKS)


def recall(known: pa.Table | None, stories: Sequence[Sequence[int]], names: Hashes, comparison: Comparison) -> Told:
    """What is known (schema `DECIDED`) of these stories by their names.

    Of large ones nothing is kept: there more pairs are measured, and that depends on the corpus.
    """
    array, of = as_binary(names), comparison.groups.of
    small = (len(story) <= LARGEST_CLOSURE or len(set(of[story].tolist())) <= LARGEST_CLOSURE for story in stories)
    lasting = np.fromiter(small, np.bool_, len(stories))
    table = DECIDED.empty_table() if known is None else known
    there = pc.is_in(array, value_set=table["story"].combine_chunks()).to_numpy(zero_copy_only=False) & lasting
    kept = table.filter(pc.is_in(table["story"], value_set=array.filter(pa.array(there))))
    return Told(kept, np.flatnonzero(~there), array, lasting)


def know_nothing(count: int) -> Told:
    """That nothing is known of so many stories, and nothing is to be."""
    return Told(
        DECIDED.empty_table(), np.arange(count), as_binary(np.zeros((count, 2), np.uint64)), np.zeros(count, np.bool_)
    )


def name_stories(stories: Sequence[Sequence[int]], comparison: Comparison, contents: Hashes, pages: Hashes) -> Hashes:
    """The name of each story (uint64, shape (stories, 2)), made of all that decides which of its articles go.

    `contents`: a digest of each article of the corpus, text and metadata (uint64, (n, 2)); `pages`: a key for its URL
    (`number_values`), or none at all.
    """
    total = np.zeros((len(stories), 2), np.uint64)
    if not len(stories):
        return total
    groups = comparison.groups
    members = np.concatenate([np.asarray(story, np.int64) for story in stories])
    owner = np.repeat(np.arange(len(stories)), [len(story) for story in stories])
    np.add.at(total, owner, _mix(contents[members], _MEMBER))
    if len(pages):
        place = (pages >> np.uint64(TEXT_BITS)).astype(np.int64)
        told = np.flatnonzero((place > 0) & (groups.of >= 0))
        sums = np.zeros((int(place.max(initial=0)) + 1, 2), np.uint64)
        np.add.at(sums, place[told], _mix(contents[told], _PAGE))
        paged = place[members] > 0
        np.add.at(total, owner[paged], _mix(sums[place[members[paged]]], _PAGE))
    story_of = np.full(len(groups), -1, np.int64)
    story_of[groups.of[members]] = owner
    inside = np.flatnonzero(story_of[comparison.linked.left] >= 0)
    pairs = _hash_pairs(comparison.linked, contents[groups.firsts])
    np.add.at(total, story_of[comparison.linked.left[inside]], pairs[inside])
    return total


def _hash_pairs(linked: Linked, contents: Hashes) -> Hashes:
    """A hash of each pair of groups and its verdict."""
    found = _mix(_mix(contents[linked.left], _PAIR) + contents[linked.right], _PAIR)
    for name in Verdicts.__slots__:
        values = np.ascontiguousarray(getattr(linked.verdicts, name))
        bits = values.view(np.uint64) if values.dtype == np.float64 else values.astype(np.uint64)
        found = _mix(found + bits[:, None], _PAIR)
    return found


def _mix(hashes: Hashes, salt: np.uint64) -> Hashes:
    """Another hash of each, both halves of it made of both."""
    first = finish_all(hashes[:, 0] * np.uint64(STEP) + hashes[:, 1] + salt)
    second = finish_all(hashes[:, 1] * np.uint64(STEP) + first)
    return np.column_stack([first, second])
