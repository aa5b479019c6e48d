"""What a judgement has worked out and the next one needn't work out again; no verdict depends on it."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Kept:
    """Tables that are kept from night to night; None for what isn't known.

    `scores`: the measures of pairs of texts (schema `duplicates.scores.SCORES`); `stories`: what was decided about
    stories (`duplicates.decided.DECIDED`); `counts`: what was counted over these (`duplicates.counting.COUNTED`);
    `paragraphs`: what is known of paragraphs (`contamination.known.KNOWN`);
    `themes`: and of how far articles are from the theme (`contamination.document_bounds.THEMES`).
    """

    scores: pa.Table | None = None
    stories: pa.Table | None = None
    counts: pa.Table | None = None
    paragraphs: pa.Table | None = None
    themes: pa.Table | None = None


NOTHING_KEPT = Kept()
