"""Furniture inside articles: rules, and lines learned per outlet."""

from copydesk.boilerplate.furniture import apply_rules
from copydesk.boilerplate.learned import LearnedLine, LearnedLines, apply_learned, learn_lines

__all__ = ["LearnedLine", "LearnedLines", "apply_learned", "apply_rules", "learn_lines"]
