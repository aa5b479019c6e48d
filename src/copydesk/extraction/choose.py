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
from copydesk.extraction.walk import TAGS, Segments

AGREEMENT = 0.5
"""Two candidates with less of their text in common (F1 by characters) disagree."""

LEAST_EXPECTED = 0.5
"""A choice of a lower expected F1 is as good as a guess: it is flagged even if a rival agrees."""

CONSENT_PLATFORMS = (
    "onetrust", "ot-sdk", "didomi", "cookiebot", "usercentrics", "sp_message_container", "qc-cmp2",
    "iubenda-cs", "cmplz-",
)  # fmt: skip
"""What consent platforms name the elements that they put into any page."""

_H1 = TAGS.index("h1")


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
    weights = np.array([len(text) for text in segments.texts], dtype=np.float64)
    rivals = find_rivals(segments, page)
    agreement = tuple((name, _overlap(chosen, rival, weights)) for name, rival in rivals)
    return Choice(chosen, _expected(chosen, probabilities, weights), agreement)


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
    bit = mark_bits()["comment"]
    parents, ends, marks, names = segments.parents, segments.ends, segments.marks, segments.names
    headlines = [element for element in segments.elements if segments.tags[element] == _H1]
    everything = "\n".join(names).lower()
    platforms = [platform for platform in CONSENT_PLATFORMS if platform in everything]
    foreign = [False] * len(parents)
    for element in range(1, len(parents)):
        marked = marks[element] & bit or (platforms and any(p in names[element].lower() for p in platforms))
        foreign[element] = foreign[parents[element]] or bool(
            marked and not any(element <= headline < ends[element] for headline in headlines)
        )
    return np.array([foreign[element] for element in segments.elements], dtype=np.bool_)


def find_rivals(segments: Segments, page: PageColumns) -> list[tuple[str, frozenset[int]]]:
    """What other ways take for the article: the densest container, readability's, the JSON-LD body if there is one."""
    prose = prose_chars(segments)
    densest = inside(segments, densest_container(segments, prose))
    rivals = [
        ("densest", frozenset(densest)),
        ("readable", readable(segments, prose, page.counts[:, COUNTS.index("commas")].tolist())),
    ]
    declared = frozenset(np.nonzero(page.in_body > 0)[0].tolist())
    if declared:
        rivals.append(("json_ld", declared))
    return rivals


def _overlap(one: frozenset[int], other: frozenset[int], weights: NDArray[np.float64]) -> float:
    total = float(weights[list(one)].sum() + weights[list(other)].sum())
    return 2 * float(weights[list(one & other)].sum()) / total if total else 0.0


def _expected(chosen: frozenset[int], p: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    places = list(chosen)
    size = float(weights[places].sum() + (p * weights).sum())
    return 2 * float((p * weights)[places].sum()) / size if size else 0.0
