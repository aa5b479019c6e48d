"""Which segments of a page are the article's text: the learned choice, its rivals, and whether they agree.

The model gives each segment a probability; the choice is the set of segments with the highest expected F1
(the most likely first, as long as the next one raises it), so a page always gives its most likely text, however
unlikely, instead of nothing. What is marked as comments or belongs to a consent platform is left out, and so is
what repeats other chosen text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.extraction.candidates import densest_container, inside, prose_chars, readable
from copydesk.extraction.counts import COUNTS
from copydesk.extraction.features import PageColumns
from copydesk.extraction.marks import mark_bits
from copydesk.extraction.repeats import drop_repeats
from copydesk.extraction.segments import Segments
from copydesk.extraction.tags import TAGS

AGREEMENT = 0.5
"""Two candidates with less of their text in common (F1 by characters) disagree."""

LEAST_EXPECTED = 0.5
"""A choice of a lower expected F1 is as good as a guess: it is flagged even if a rival agrees."""

DECLARED_SHARE = 0.5
"""Share of a segment's runs of words in the JSON-LD body from which it counts as a part of it."""

_H1 = TAGS.index("h1")
_FOREIGN = mark_bits()["comment"] | mark_bits()["platform"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen segments, how good the choice is expected to be (F1, 0 to 1), and how well the rivals agree.

    `agreement` names each rival and the F1 (0 to 1) of its text with the chosen one.
    """

    segments: frozenset[int]
    expected: float
    agreement: tuple[tuple[str, float], ...]

    @property
    def disputed(self) -> bool:
        """Whether every rival found something else, or the model itself is unsure."""
        if not self.segments:
            return False
        return self.expected < LEAST_EXPECTED or all(share < AGREEMENT for _, share in self.agreement)


def choose(segments: Segments, page: PageColumns, probabilities: NDArray[np.float64]) -> Choice:
    """The learned choice with its rivals' opinion; nothing for a page without text."""
    chosen = choose_segments(segments, page, probabilities)
    is_chosen = np.zeros(len(probabilities), dtype=np.bool_)
    is_chosen[list(chosen)] = True
    weights = segments.lengths().astype(np.float64)
    agreement = tuple((name, _overlap(is_chosen, rival, weights)) for name, rival in find_rivals(segments, page))
    return Choice(chosen, _expected(is_chosen, probabilities, weights), agreement)


def choose_segments(segments: Segments, page: PageColumns, probabilities: NDArray[np.float64]) -> frozenset[int]:
    """The set of segments with the highest expected F1, without comments and repeats."""
    if not len(probabilities):
        return frozenset()
    p = np.where(foreign_segments(segments), 0.0, probabilities)
    words = np.maximum(np.diff(page.word_starts), 1).astype(np.float64)
    order = np.argsort(-p, kind="stable")
    found = np.cumsum((p * words)[order])
    expected = 2 * found / (np.cumsum(words[order]) + found[-1] + 1e-9)
    chosen = np.zeros(len(p), dtype=np.bool_)
    chosen[order[: int(np.argmax(expected)) + 1]] = True
    drop_repeats(page.words, page.word_starts, chosen)
    return frozenset(np.nonzero(chosen)[0].tolist())


def foreign_segments(segments: Segments) -> NDArray[np.bool_]:
    """Per segment whether it stands in an element of comments or of a consent platform, unless the headline does too.

    Of the words in comments, .7 % belong to the annotated bodies; without this, the long discussion below a
    short article was taken for it.
    """
    foreign = np.zeros(len(segments.parents), dtype=np.bool_)
    marked = np.nonzero(segments.marks & _FOREIGN)[0].tolist()
    if marked:
        headlines = segments.elements[segments.tags[segments.elements] == _H1].tolist()
        for element, end in zip(marked, segments.ends[marked].tolist(), strict=True):
            if element and not foreign[element] and not any(element <= headline < end for headline in headlines):
                foreign[element:end] = True
    return foreign[segments.elements]


def find_rivals(segments: Segments, page: PageColumns) -> list[tuple[str, NDArray[np.bool_]]]:
    """What other ways take for the article: the densest container, readability's, the JSON-LD body if there is one."""
    prose = prose_chars(segments)
    rivals = [
        ("densest", inside(segments, densest_container(segments, prose))),
        ("readable", readable(segments, prose, page.counts[:, COUNTS.index("commas")])),
    ]
    declared = page.in_body > DECLARED_SHARE
    if declared.any():
        rivals.append(("json_ld", declared))
    return rivals


def _overlap(one: NDArray[np.bool_], other: NDArray[np.bool_], weights: NDArray[np.float64]) -> float:
    total = float(weights[one].sum() + weights[other].sum())
    return 2 * float(weights[one & other].sum()) / total if total else 0.0


def _expected(chosen: NDArray[np.bool_], p: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    size = float(weights[chosen].sum() + (p * weights).sum())
    return 2 * float((p * weights)[chosen].sum()) / size if size else 0.0
