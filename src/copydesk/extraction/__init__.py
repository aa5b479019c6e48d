"""Pages, fragments and plain text → blocks."""

from copydesk.extraction.fragment import extract_fragment
from copydesk.extraction.page import Extraction, extract

__all__ = ["Extraction", "extract", "extract_fragment"]
