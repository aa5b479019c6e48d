"""Paragraphs and documents that belong to something else.

The names below are loaded when they are first used: `check_article` looks at one record and must not wait for the
arrays that the others need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from copydesk.contamination.columns import COLUMNS, paragraph_columns
    from copydesk.contamination.documents import judge_documents
    from copydesk.contamination.paragraphs import carry_out
    from copydesk.contamination.stubs import check_article
    from copydesk.contamination.verdicts import Verdicts

__all__ = [
    "COLUMNS",
    "Verdicts",
    "carry_out",
    "check_article",
    "judge_documents",
    "paragraph_columns",
]

PLACES = {
    "COLUMNS": "columns",
    "Verdicts": "verdicts",
    "carry_out": "paragraphs",
    "check_article": "stubs",
    "judge_documents": "documents",
    "paragraph_columns": "columns",
}


def __getattr__(name: str) -> Any:
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{PLACES[name]}"), name)
