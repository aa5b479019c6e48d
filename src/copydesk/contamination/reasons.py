"""Why a paragraph was judged foreign, in words: the two or three facts that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.model import load_models, stack
from copydesk.contamination.runs import PIECE
from copydesk.contamination.second_look import AGAIN
from copydesk.contamination.signals import Figures

MAX_REASONS = 3
"""Reasons that are named of a paragraph, the weightiest first."""
TELLING_GAIN = 1.0
"""Log-odds that the second look must have added to be named: it made the odds 2.7 times what they were."""
LOOKED_AGAIN = "weighed once more with its neighbours' figures, it looked stranger still"
AS_A_PIECE = "weighed as one piece of {paragraphs:.0f} paragraphs, it looked stranger still"


@dataclass(frozen=True, slots=True)
class Fact:
    """A group of columns of the first model that say one thing, the sentence for it, and the figure that it quotes."""

    columns: frozenset[str]
    sentence: str
    quoted: str = ""


FACTS = (
    Fact(
        frozenset(
            {
                "cover",
                "cover_far",
                "strength_far",
                "cover_far off",
                "cover_far^2",
                "cover_far*length",
                "cover_far*rest",
                "cover_title",
            }
        ),
        "{:.0%} of the weight of its words stands elsewhere in the article",
        "cover_far",
    ),
    Fact(
        frozenset(
            {
                "likelihood",
                "likelihood off",
                "likelihood^2",
                "likelihood*length",
                "likelihood*rest",
                "likelihood*lead",
                "likelihood*similar",
            }
        ),
        "its words are as likely in any article as in this one (ratio {:.2f})",
        "likelihood",
    ),
    Fact(
        frozenset(
            {
                "similar",
                "similar_best",
                "similar_title",
                "similar_near",
                "similar off",
                "similar_best off",
                "similar^2",
                "similar*length",
                "similar*rest",
            }
        ),
        "its subject is unlike the rest's (similarity {:.2f})",
        "similar",
    ),
    Fact(
        frozenset(
            {
                "others_best",
                "others_mean",
                "best-similar",
                "mean-similar",
                "best*similar",
                "mean*similar",
                "best^2",
                "mean*theme",
            }
        ),
        "other stories are more like it than its own (similarity {:.2f})",
        "others_best",
    ),
    Fact(frozenset({"dateline", "dateline*begun"}), "it opens with a dateline, as the first paragraph of a story does"),
    Fact(
        frozenset({"headline", "headline*near", "headline*similar", "headline*cover_far", "headline copied"}),
        "the line above it is a headline that fits it and not the article",
    ),
    Fact(frozenset({"names", "names_known"}), "its names are new to the article"),
    Fact(
        frozenset({"typed otherwise"}),
        "its quotation marks, apostrophes or dashes are typed in another way than the article's",
    ),
    Fact(frozenset({"theme", "theme*similar", "theme*cover_far"}), "it is far from what the corpus is about"),
    Fact(frozenset({"lead"}), "it reads like the lead of a story"),
)


Elsewhere = tuple[str, str | None]
"""Id and title of the article that holds a copy of a paragraph."""


def explain_paragraphs(
    columns: dict[str, Figures], rows: NDArray[np.int64], elsewhere: Sequence[Elsewhere | None]
) -> tuple[str, ...]:
    """For each of these rows the facts that spoke most for it being foreign, strongest first, and where else it stands.

    Where the second look spoke against it, that comes last. `elsewhere` has an entry per row, None for a paragraph that
    no other article holds. No rows give no sentences.
    """
    model = load_models().single
    parts = model.parts(stack({name: columns[name][rows] for name in model.columns}, model.columns))
    says = np.array([[name in fact.columns for fact in FACTS] for name in model.columns], np.float64)
    gains = parts @ says
    order = np.argsort(-gains, axis=1, kind="stable")[:, : MAX_REASONS - 1]
    speak = np.take_along_axis(gains, order, axis=1) > 0
    # A sentence without a figure takes any.
    quoted = np.stack([columns[fact.quoted or "copied"][rows] for fact in FACTS], axis=1)
    ranked = zip(order.T.tolist(), np.take_along_axis(quoted, order, axis=1).T.tolist(), speak.T.tolist(), strict=True)
    say = [fact.sentence.format for fact in FACTS]
    said = [[say[fact](figure) if speaks else "" for fact, figure, speaks in zip(*one, strict=True)] for one in ranked]
    copied, pieces = columns["copied"][rows].tolist(), columns[PIECE][rows].tolist()
    again = (columns[AGAIN][rows] >= TELLING_GAIN).tolist()
    found = []
    for n, facts in enumerate(zip(*said, strict=True)):
        reasons = list(filter(None, facts))
        where = elsewhere[n]
        if where is not None:
            name, title = where
            of_title = f" “{title}”" if title else ""
            reasons.insert(0, f"{copied[n]:.0%} of it stands in article {name}{of_title}, where it fits")
        if again[n]:
            reasons[MAX_REASONS - 1 :] = [AS_A_PIECE.format(paragraphs=pieces[n]) if pieces[n] > 1 else LOOKED_AGAIN]
        found.append("; ".join(reasons[:MAX_REASONS]) or "the figures together, none of them alone")
    return tuple(found)
