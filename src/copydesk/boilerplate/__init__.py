"""Furniture inside articles: rules, and lines learned per outlet."""
