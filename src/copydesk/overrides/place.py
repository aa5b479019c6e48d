"""Where the overrides of a corpus lie. Apart from the rest, which workers import: they read and write no corpus."""

from __future__ import annotations

from pathlib import Path

from copydesk.settings import Settings
from copydesk.writing.place import locate


def overrides_path(clean: Path, settings: Settings) -> Path:
    """Where the overrides of the corpus at this place lie.

    Beside the corpus, not in it: what is published is made by runs and replaced by them. And not by a name that starts
    with the corpus's: whoever clears away `clean*` for a fresh start shall not clear away people's work.

    >>> overrides_path(Path("/data/clean"), Settings()).as_posix()
    '/data/overrides.toml'
    """
    return locate(clean).clean.parent / settings.overrides.file
