"""The articles that speak for what a corpus is about, and how far others are from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background
from copydesk.contamination.document_words import Words, document_vectors
from copydesk.contamination.likeness import mean_of_highest
from copydesk.contamination.signals import Figures
from copydesk.contamination.subjects import Others, other_subjects
from copydesk.contamination.telling import Telling, learn_telling
from copydesk.contamination.topics import Topics
from copydesk.contamination.vectors import unit_rows

NEAREST = 15
"""Articles that an article is held against: a theme has several sides. Five were worse."""
MAX_COMPANY = 1024
"""Articles that speak for the theme: of a larger corpus the first by id, which is a digest and so a sample by chance. A
night of one new article in a hundred changes ten of them; of every so many-th it changed nearly all."""
CORE_SHARE = 0.5
"""The half of the company that fits the stated words best, or lies nearest to the middle, makes the centre."""


@dataclass(frozen=True, slots=True)
class Near:
    """Which the nearest articles are: `among` so many of the company, those `behind` so many nearer ones."""

    among: int = MAX_COMPANY
    behind: int = 0


NEAR = Near()


@dataclass(frozen=True, slots=True)
class Company:
    """The articles that speak for what a corpus is about: their vectors, where these lie among topics, how telling
    words are among them, other subjects (None where these aren't asked). `core` are the ranks of those that make the
    centre.
    """

    vectors: NDArray[np.float32]
    topics: NDArray[np.float32]
    telling: Telling
    others: Others | None
    core: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def middles(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The middle of the core, and where it lies among topics, as unit vectors."""
        middle, place = (unit_rows(own[self.core].sum(axis=0, keepdims=True))[0] for own in (self.vectors, self.topics))
        return middle, place

    def fit(
        self,
        ranks: NDArray[np.int64],
        words: Words,
        vectors: NDArray[np.float32],
        background: Background,
        topics: Topics,
        near: Near = NEAR,
    ) -> dict[str, Figures]:
        """The figures of some articles that come from the company; `ranks` are theirs in it, -1 for none."""
        telling, stressed = self.telling.figures(words, ranks >= 0)
        titles = document_vectors(words.in_titles(), background)
        # An article without a title is taken by its text.
        titles = np.where(titles.any(axis=1, keepdims=True), titles, vectors)
        places = topics.place(vectors)
        nearest = self._nearest(vectors, ranks, near)
        figures = {
            "words": telling,
            "stressed": stressed,
            "title": self._beside(titles, vectors, self.vectors, ranks),
            "topic": self._beside(places, places, self.topics, ranks),
            "nearest": nearest,
        }
        return figures | ({"others": nearest - self.others.nearest(vectors)} if self.others else {})

    def _beside(
        self,
        asked: NDArray[np.float32],
        own: NDArray[np.float32],
        company: NDArray[np.float32],
        ranks: NDArray[np.int64],
    ) -> Figures:
        """The cosine of each asked row with the middle of the core's other articles; `own` are the articles."""
        inside = np.isin(ranks, self.core).astype(np.float32)[:, None]
        middles = unit_rows(company[self.core].sum(axis=0, keepdims=True) - inside * own)
        cosines: Figures = np.einsum("ij,ij->i", asked, middles).astype(np.float64)
        return cosines

    def _nearest(self, vectors: NDArray[np.float32], ranks: NDArray[np.int64], near: Near) -> Figures:
        """Mean cosine of each article with its nearest others in the company."""
        among = self.vectors[: near.among]
        likeness = vectors @ among.T
        own = np.flatnonzero((ranks >= 0) & (ranks < len(among)))
        likeness[own, ranks[own]] = -1.0
        return mean_of_highest(likeness, min(NEAREST, len(among) - 1), near.behind)


def keep_company(
    words: Words,
    vectors: NDArray[np.float32],
    fit: Figures,
    background: Background,
    topics: Topics,
    size: int,
    *,
    others: bool,
) -> Company:
    """The company of these articles, of which those that `fit` best are the core, in a corpus of this `size`."""
    core = np.argsort(-fit, kind="stable")[: max(1, round(len(words) * CORE_SHARE))]
    strange = other_subjects(vectors, core, background) if others else None
    return Company(vectors, topics.place(vectors), learn_telling(words, background, size), strange, core)
