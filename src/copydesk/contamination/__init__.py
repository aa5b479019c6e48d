"""Paragraphs and documents that belong to something else.

The names below are loaded when they are first used: `check_article` looks at one record and must not wait for the
arrays that the others need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from copydesk.contamination.documents import judge_documents
    from copydesk.contamination.paragraphs import judge_paragraphs
    from copydesk.contamination.stubs import check_article

__all__ = ["check_article", "judge_documents", "judge_paragraphs"]

PLACES = {"check_article": "stubs", "judge_documents": "documents", "judge_paragraphs": "paragraphs"}


def __getattr__(name: str) -> Any:
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{PLACES[name]}"), name)
