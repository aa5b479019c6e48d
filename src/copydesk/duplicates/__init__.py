"""Copies of one story: sketch → candidates → verify → resolve."""
