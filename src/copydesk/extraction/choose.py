"""Which segments of a page are the article's text: the learned choice, its rivals, and whether they agree.

The model gives each segment a probability; the choice is the set of segments with the highest expected F1
(the most likely first, as long as the next one raises it), so a page always gives its most likely text, however
unlikely, instead of nothing. On a page of little text a segment counts for more than the model gives it, unless it is
marked as something else: there it left out what belonged. What is marked as comments or belongs to a consent platform
is left out, and so is what repeats other chosen text.
"""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.extraction.candidates import find_candidates
from copydesk.extraction.compiled import kernel
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

TYPICAL_WORDS = 1300.0
"""Expected words of a page below which the odds of its segments are raised, by the fourth root of what it lacks.
Lowering them on longer pages as well lost more words of the texts than of anything else."""

LEAST_WORDS = 400.0
"""A page of fewer words is taken for one of so many (odds a third higher): at 100 the lines around very short articles
came in, and it may have no article at all."""

DECLARED_SHARE = 0.5
"""Share of a segment's runs of words in the JSON-LD body from which it counts as a part of it."""

LEAST_CELLS = 4
"""A table of fewer is a frame around something."""
MOST_CELL_CHARS = 100
"""A table with a longer text in it is layout: cells of figures and names are short."""

_H1, _TABLE = TAGS.index("h1"), TAGS.index("table")
_APART = functools.reduce(
    operator.or_, (mark_bits()[name] for name in ("quote", "promo", "caption_text", "related", "share", "ad", "byline"))
)
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
    is_chosen = _choose_best(segments, page, probabilities)
    rivals = find_rivals(segments, page)
    shares = np.empty(len(rivals) + 1)
    _compare(is_chosen, np.array([rival for _, rival in rivals]), probabilities, segments.text_starts, shares)
    expected, *agreement = shares.tolist()
    names = (name for name, _ in rivals)
    return Choice(_places(is_chosen), expected, tuple(zip(names, agreement, strict=True)))


def choose_segments(segments: Segments, page: PageColumns, probabilities: NDArray[np.float64]) -> frozenset[int]:
    """The set of segments with the highest expected F1, without comments and repeats."""
    return _places(_choose_best(segments, page, probabilities))


def _places(chosen: NDArray[np.bool_]) -> frozenset[int]:
    return frozenset(np.nonzero(chosen)[0].tolist())


def _choose_best(segments: Segments, page: PageColumns, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
    chosen = np.zeros(len(probabilities), dtype=np.bool_)
    p = probabilities
    foreign = foreign_segments(segments)
    if foreign is not None:
        p = np.where(foreign, 0.0, p)
    if len(p):
        raised = np.empty(len(p), dtype=np.float64)
        _raise_odds(p, page.word_starts, _stands_apart(segments), raised)
        _take_likeliest(raised, np.argsort(-raised, kind="stable"), page.word_starts, chosen)
        drop_repeats(page.words, page.word_starts, chosen)
        _make_tables_whole(segments, chosen)
    return chosen


def _make_tables_whole(segments: Segments, chosen: NDArray[np.bool_]) -> None:
    """Take all cells of a table, or none: by what most of its characters are. A table with holes says what nobody
    printed. Tables with a sentence or two in a cell, or with another table, are layout.
    """
    tables = np.nonzero(segments.tags == _TABLE)[0]
    if not len(tables):
        return
    lengths = segments.lengths()
    ends = segments.ends[tables]
    is_outer = np.append(tables[1:], len(segments.tags))[: len(tables)] < ends
    for start, end in np.searchsorted(segments.elements, np.stack([tables, ends], axis=1)[~is_outer]).tolist():
        cells = slice(start, end)
        if end - start < LEAST_CELLS or lengths[cells].max() > MOST_CELL_CHARS:
            continue
        chosen[cells] = 2 * lengths[cells][chosen[cells]].sum() > lengths[cells].sum()


def _stands_apart(segments: Segments) -> NDArray[np.bool_]:
    """Per segment whether its element or the one around it is marked as something else, or most of it is links."""
    around = segments.marks[segments.elements] | segments.marks[np.maximum(segments.parents[segments.elements], 0)]
    apart: NDArray[np.bool_] = (around & _APART != 0) | (2 * segments.link_chars > np.diff(segments.text_starts))
    return apart


@kernel
def _raise_odds(p, word_starts, is_apart, raised):
    """Write each probability as it counts in the choice: higher on a page of little text, but for what stands apart.

    Roots instead of powers: in plain Python and in machine code these are the same to the last bit.
    """
    expected = np.float64(0.0)
    for place in range(len(p)):
        expected += p[place] * max(word_starts[place + 1] - word_starts[place], 1)
    lift = np.sqrt(np.sqrt(TYPICAL_WORDS / min(max(expected, LEAST_WORDS), TYPICAL_WORDS)))
    for place in range(len(p)):
        odds = p[place] if is_apart[place] else p[place] * lift
        raised[place] = odds / (odds + 1.0 - p[place])


@kernel
def _take_likeliest(p, order, word_starts, chosen):
    """Set in `chosen` the likeliest segments, as many as have the highest expected F1 by words."""
    total = np.float64(0.0)
    for place in order:
        total += p[place] * max(word_starts[place + 1] - word_starts[place], 1)
    found = words = best = np.float64(0.0)
    last = -1
    for i in range(len(order)):
        size = max(word_starts[order[i] + 1] - word_starts[order[i]], 1)
        found += p[order[i]] * size
        words += size
        expected = 2 * found / (words + total + 1e-9)
        if expected > best or i == 0:
            best, last = expected, i
    chosen[order[: last + 1]] = True


@kernel
def _compare(chosen, rivals, p, text_starts, shares):
    """Write the F1 that the choice is expected to have, and that of each rival with it, by characters."""
    size = found = np.float64(0.0)
    for place in range(len(chosen)):
        chars = text_starts[place + 1] - text_starts[place]
        size += p[place] * chars + (chars if chosen[place] else 0)
        found += p[place] * chars if chosen[place] else np.float64(0.0)
    shares[0] = 2 * found / size if size else 0.0
    for at in range(len(rivals)):
        rival = rivals[at]
        both = total = np.int64(0)
        for place in range(len(chosen)):
            chars = text_starts[place + 1] - text_starts[place]
            total += chars * (np.int64(chosen[place]) + np.int64(rival[place]))
            both += chars * (np.int64(chosen[place]) & np.int64(rival[place]))
        shares[at + 1] = 2 * both / total if total else 0.0


def foreign_segments(segments: Segments) -> NDArray[np.bool_] | None:
    """Per segment whether it stands in an element of comments or of a consent platform, unless the headline does too;
    None for a page without such elements.

    Of the words in comments, .7 % belong to the annotated bodies; without this, the long discussion below a
    short article was taken for it.
    """
    marked = np.nonzero(segments.marks & _FOREIGN)[0].tolist()
    if not marked:
        return None
    foreign = np.zeros(len(segments.parents), dtype=np.bool_)
    headlines = segments.elements[segments.tags[segments.elements] == _H1].tolist()
    for element, end in zip(marked, segments.ends[marked].tolist(), strict=True):
        if element and not foreign[element] and not any(element <= headline < end for headline in headlines):
            foreign[element:end] = True
    return foreign[segments.elements]


def find_rivals(segments: Segments, page: PageColumns) -> list[tuple[str, NDArray[np.bool_]]]:
    """What other ways take for the article: the densest container, readability's, the JSON-LD body if there is one."""
    dense, readable = find_candidates(segments, page.counts[:, COUNTS.index("commas")])
    rivals = [("densest", dense), ("readable", readable)]
    declared = page.in_body > DECLARED_SHARE
    if declared.any():
        rivals.append(("json_ld", declared))
    return rivals
