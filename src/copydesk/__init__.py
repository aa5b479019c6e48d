"""copydesk: folders of news articles in, a clean, deduplicated, metadata-tagged corpus out."""

__version__ = "0.1.0"
