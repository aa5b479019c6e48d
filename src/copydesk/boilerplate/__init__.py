"""Furniture inside articles: rules, and lines learned per outlet."""

from copydesk.boilerplate.furniture import apply_rules

__all__ = ["apply_rules"]
