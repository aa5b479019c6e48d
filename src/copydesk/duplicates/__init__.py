"""Copies of one story: sketch → candidates → verify → resolve."""

from copydesk.duplicates.columns import sketch_columns
from copydesk.duplicates.pairs import find_pairs
from copydesk.duplicates.resolve import Linking, find_links, link_sketches
from copydesk.duplicates.survivors import Carried, DuplicateLink, carry_links

__all__ = [
    "Carried",
    "DuplicateLink",
    "Linking",
    "carry_links",
    "find_links",
    "find_pairs",
    "link_sketches",
    "sketch_columns",
]
