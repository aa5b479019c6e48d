"""Copies of one story: sketch → candidates → verify → resolve."""

from copydesk.duplicates.dedup import Deduplicated, dedup
from copydesk.duplicates.pairs import find_pairs
from copydesk.duplicates.resolve import find_links
from copydesk.duplicates.survivors import DuplicateLink, Resolution, choose_survivors

__all__ = ["Deduplicated", "DuplicateLink", "Resolution", "choose_survivors", "dedup", "find_links", "find_pairs"]
