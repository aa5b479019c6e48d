"""Pages, fragments and plain text → blocks."""
