"""Small articles about a port, as judging sees them: what neighbouring lines and words say is tested on these."""

from __future__ import annotations

import numpy as np

from copydesk.article import Article, Block, Metadata, Source
from copydesk.contamination import paragraph_columns
from copydesk.contamination.papers import Papers, batches, block_starts

PORT = "The port of Lindhaven froze, and the port waits."
LINES = (
    PORT,
    "No ship left the port.",
    "Ships wait.",
    "The ice is thick.",
    "A ferry waits in Lindhaven.",
    "Snow fell.",
)


def papers(*sizes: int, lines: tuple[str, ...] = LINES) -> Papers:
    """Articles of so many of these lines, each with a title."""
    blocks = [tuple(Block(lines[n % len(lines)]) for n in range(size)) for size in sizes]
    title = Metadata(title="Lindhaven port froze")
    table = paragraph_columns([Article(str(n), Source("a", n, None), own, title) for n, own in enumerate(blocks)])
    starts = block_starts(table)
    return next(batches(table, starts, np.zeros(starts[-1], np.bool_)))
