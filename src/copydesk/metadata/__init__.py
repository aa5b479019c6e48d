"""Evidence → title, authors, outlet, dates, URLs, language."""
