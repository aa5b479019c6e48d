"""Copies of one story: sketch → candidates → verify → resolve."""

from copydesk.duplicates.pairs import find_pairs
from copydesk.duplicates.resolve import find_links
from copydesk.duplicates.survivors import DuplicateLink, Resolution, choose_survivors

__all__ = ["DuplicateLink", "Resolution", "choose_survivors", "find_links", "find_pairs"]
