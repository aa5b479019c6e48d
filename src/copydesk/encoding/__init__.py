"""Bytes → text, and damaged text → repaired text."""
