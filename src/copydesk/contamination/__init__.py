"""Paragraphs and documents that belong to something else."""
