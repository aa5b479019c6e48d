"""Paragraphs and documents that belong to something else."""

from copydesk.contamination.documents import judge_documents
from copydesk.contamination.paragraphs import judge_paragraphs
from copydesk.contamination.stubs import check_article

__all__ = ["check_article", "judge_documents", "judge_paragraphs"]
