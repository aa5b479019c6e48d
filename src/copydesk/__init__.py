"""copydesk: folders of news articles in, a clean, deduplicated, metadata-tagged corpus out.

    extract(data, name=..., url=...)    the articles in one file
    decode(data)                        text and encoding
    find_duplicates(texts)              pairs of texts that are copies, as an Arrow table
    open_corpus(path)                   the published tables as Arrow datasets

Names are loaded when they are first used: `import copydesk` alone takes some milliseconds.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from copydesk.alone.single import extract_articles as extract
    from copydesk.duplicates import find_pairs as find_duplicates
    from copydesk.encoding import decode
    from copydesk.writing import open_corpus

__version__ = "0.1.0"

__all__ = ["__version__", "decode", "extract", "find_duplicates", "open_corpus"]

_HOMES = {
    "decode": ("copydesk.encoding", "decode"),
    "extract": ("copydesk.alone.single", "extract_articles"),
    "find_duplicates": ("copydesk.duplicates", "find_pairs"),
    "open_corpus": ("copydesk.writing", "open_corpus"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'copydesk' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
