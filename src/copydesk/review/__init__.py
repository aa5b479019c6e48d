"""Judging what runs decided: a local page, the judgements it leaves, and how often people agree."""
