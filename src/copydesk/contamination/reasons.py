"""Why a paragraph was judged foreign, in words: the two or three facts that decided."""

from __future__ import annotations

from dataclasses import dataclass

from copydesk.contamination.model import Model, load_models, stack
from copydesk.contamination.signals import Figures

MAX_REASONS = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """A group of columns of the first model that say one thing, and the sentence for it."""

    columns: frozenset[str]
    sentence: str


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
        "{cover_far:.0%} of the weight of its words stands elsewhere in the article",
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
        "its words are as likely in any article as in this one (ratio {likelihood:.2f})",
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
        "its subject is unlike the rest's (similarity {similar:.2f})",
    ),
    Fact(frozenset({"names", "names_known"}), "its names are new to the article"),
    Fact(frozenset({"theme", "theme*similar", "theme*cover_far"}), "it is far from what the corpus is about"),
    Fact(frozenset({"lead"}), "it reads like the lead of a story"),
)


def explain_paragraph(columns: dict[str, Figures], row: int, elsewhere: tuple[str, str | None] | None) -> str:
    """The facts that spoke most for a paragraph being foreign, strongest first, and where else it stands.

    `elsewhere` is the id and title of the article that holds a copy.
    """
    model: Model = load_models().single
    figures = {name: float(columns[name][row]) for name in columns}
    parts = {
        name: float(part)
        for name, part in zip(model.columns, model.parts(_row(columns, model.columns, row))[0], strict=True)
    }
    spoken = sorted(((sum(parts.get(c, 0.0) for c in fact.columns), fact) for fact in FACTS), key=lambda pair: -pair[0])
    reasons = [fact.sentence.format_map(figures) for gain, fact in spoken[: MAX_REASONS - 1] if gain > 0]
    if elsewhere is not None:
        name, title = elsewhere
        quoted = f" “{title}”" if title else ""
        reasons.insert(0, f"{figures['copied']:.0%} of it stands in article {name}{quoted}, where it fits")
    return "; ".join(reasons[:MAX_REASONS]) or "the figures together, none of them alone"


def _row(columns: dict[str, Figures], names: tuple[str, ...], row: int) -> Figures:
    return stack({name: columns[name][row : row + 1] for name in names}, names)
