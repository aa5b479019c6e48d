"""Runs of neighbouring paragraphs taken as one: what was put into an article came in one piece, of one to three.

The paragraphs of such a piece are like each other, the text on its two sides is more like itself than like the piece,
and what each of them says adds up. Judged one by one they were found less often the longer the piece (.66, .69 and .58
of the strangers of one, two and three paragraphs in corpora of one subject). A fourth model weighs each run that holds
a paragraph in doubt; how strange the strangest run is that holds a paragraph is a column of the second look. Longer
pieces are covered by the runs in them.

Runs compete with nothing: the odds that a paragraph lies in the one foreign run of its article, which add up over runs
(a chain of two states with runs of limited length), found as much, and would speak against a second piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.figures import NO_NEIGHBOUR, judged_paragraphs
from copydesk.contamination.model import Model
from copydesk.contamination.papers import Papers
from copydesk.contamination.second_look import in_doubt
from copydesk.contamination.signals import Figures

LONGEST = 3
"""Paragraphs of the longest run."""
STEPS = LONGEST + 1
"""As far apart are the two paragraphs beside the longest run."""
PIECE = "paragraphs of the run"
"""The name of the size of the strangest run that holds a paragraph, among its figures."""
NO_RUN = -12.0
"""Log-odds that stand for a paragraph in no run that is looked at; none counts as less."""


def likeness_behind(papers: Papers, vectors: NDArray[np.float32]) -> Figures:
    """The cosine of each paragraph that may be judged with the next ones of its article that may be, shape
    (blocks, STEPS); 0 for other blocks and where there is none.
    """
    rows = np.flatnonzero(judged_paragraphs(papers))
    owner, own = papers.owner[rows], vectors[rows]
    behind = np.zeros((len(vectors), STEPS))
    for step in range(1, STEPS + 1):
        cosines = np.einsum("ij,ij->i", own[:-step], own[step:])
        behind[rows[:-step], step - 1] = np.where(owner[:-step] == owner[step:], cosines, 0.0)
    return behind


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of neighbouring judged paragraphs: the places of the first and the last one among all judged ones, and the
    columns of the fourth model by name, each of shape (runs,).
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    columns: dict[str, Figures]

    def strangest(self, scores: Figures, paragraphs: int) -> tuple[Figures, NDArray[np.int64]]:
        """The highest of the runs' log-odds for each of so many judged paragraphs that a run holds, NO_RUN for others;
        and the paragraphs of that run, 0 for none, the fewest where two are as strange.

        >>> runs = Runs(np.array([0, 1, 0]), np.array([0, 1, 1]), {})
        >>> [found.tolist() for found in runs.strangest(np.array([-2.0, 1.5, 0.5]), 3)]
        [[0.5, 1.5, -12.0], [2, 1, 0]]
        """
        sizes = self.last - self.first + 1
        highest, paragraphs_of = np.full(paragraphs, -np.inf), np.zeros(paragraphs, np.int64)
        for size in range(1, LONGEST + 1):
            own = np.flatnonzero(sizes == size)
            for step in range(size):  # No two runs of a size have a paragraph in the same place.
                stranger = own[scores[own] > highest[self.first[own] + step]]
                highest[self.first[stranger] + step] = scores[stranger]
                paragraphs_of[self.first[stranger] + step] = size
        return np.where(paragraphs_of > 0, highest, NO_RUN), paragraphs_of


def runs_in_doubt(owner: NDArray[np.int64], rest: Figures, single: Figures, among: Figures, behind: Figures) -> Runs:
    """The runs that hold a paragraph in doubt, given for each judged paragraph, in reading order, its article, the
    logarithm of the words beside it, the log-odds of the first and the second model, and `likeness_behind`.
    """
    doubt = np.concatenate([[0], np.cumsum(in_doubt(among, rest))])
    found = []
    for length in range(1, LONGEST + 1):
        first = np.arange(max(owner.size - length + 1, 0))
        first = first[(owner[first] == owner[first + length - 1]) & (doubt[first + length] > doubt[first])]
        found.append((first, first + length - 1, _columns(first, length, owner, single, among, behind)))
    names = found[0][2]
    columns = {name: np.concatenate([own[name] for *_, own in found]) for name in names}
    firsts, lasts = (np.concatenate([own[n] for own in found]) for n in (0, 1))
    return Runs(firsts, lasts, columns)


def strangest_runs(runs: Runs, model: Model, paragraphs: int) -> tuple[Figures, NDArray[np.int64]]:
    """The log-odds of the strangest run that holds each of so many judged paragraphs, and how many that run has."""
    return runs.strangest(model.weigh(runs.columns), paragraphs)


def _columns(
    first: NDArray[np.int64],
    length: int,
    owner: NDArray[np.int64],
    single: Figures,
    among: Figures,
    behind: Figures,
) -> dict[str, Figures]:
    """The columns of the runs of one length, by the places of their first paragraphs."""
    inside = first[:, None] + np.arange(length)
    before, last = np.maximum(first - 1, 0), first + length - 1
    after = np.minimum(last + 1, owner.size - 1)
    opens = (first == 0) | (owner[before] != owner[first])
    closes = (last == after) | (owner[after] != owner[first])
    within = ~opens & ~closes
    above, below = np.where(opens, 0.0, behind[before, 0]), np.where(closes, 0.0, behind[last, 0])
    bridge = np.where(within, behind[before, length], 0.0)
    columns = {f"of {n}": np.full(first.size, float(n == length)) for n in range(2, LONGEST + 1)}
    columns |= {"opens": opens.astype(np.float64), "closes": closes.astype(np.float64)}
    for name, scores in (("single", single), ("among", among)):
        own = [scores[first + step] for step in range(length)]
        total = sum(own[1:], start=own[0])
        columns |= {f"{name} mean": total / length, f"{name} sum": total}
        columns |= {f"{name} lowest": reduce(np.minimum, own), f"{name} highest": reduce(np.maximum, own)}
    columns |= {
        "before": np.where(opens, NO_NEIGHBOUR, single[before]),
        "after": np.where(closes, NO_NEIGHBOUR, single[after]),
        "alike": _alike(inside, behind),
        "like above": above,
        "like below": below,
        "bridge": bridge,
        "bridge over seams": np.where(within, bridge - (above + below) / 2, 0.0),
    }
    return columns


def _alike(inside: NDArray[np.int64], behind: Figures) -> Figures:
    """The mean cosine of the paragraphs of each run with each other, 0 where there is but one."""
    length = inside.shape[1]
    total = np.zeros(len(inside))
    for step in range(1, length):
        total += behind[inside[:, :-step], step - 1].sum(axis=1)
    alike: Figures = total / max(length * (length - 1) // 2, 1)
    return alike
