"""What earlier runs know, and who holds the corpus."""

from copydesk.state.columns import decode_columns, kept_columns
from copydesk.state.counts import read_counts, write_counts
from copydesk.state.examined import ExaminedStore
from copydesk.state.files import FILES, read_files, untouched, write_files
from copydesk.state.fingerprint import examination_fingerprint, publication_fingerprint
from copydesk.state.index import find_kept
from copydesk.state.lock import Hold, Owner, hold, read_owner
from copydesk.state.outlines import forget_outlines, read_outlines, write_outlines
from copydesk.state.paragraphs import read_paragraphs, write_paragraphs
from copydesk.state.runs import Run, list_runs, log_run
from copydesk.state.scores import read_scores, write_scores
from copydesk.state.segments import RecordKey, record_key
from copydesk.state.shelf import StoredShelf
from copydesk.state.stories import read_stories, write_stories
from copydesk.state.themes import read_themes, write_themes
from copydesk.state.verdicts import VERDICTS, forget_verdicts, read_verdicts, write_verdicts

__all__ = [
    "FILES",
    "VERDICTS",
    "ExaminedStore",
    "Hold",
    "Owner",
    "RecordKey",
    "Run",
    "StoredShelf",
    "decode_columns",
    "examination_fingerprint",
    "find_kept",
    "forget_outlines",
    "forget_verdicts",
    "hold",
    "kept_columns",
    "list_runs",
    "log_run",
    "publication_fingerprint",
    "read_counts",
    "read_files",
    "read_outlines",
    "read_owner",
    "read_paragraphs",
    "read_scores",
    "read_stories",
    "read_themes",
    "read_verdicts",
    "record_key",
    "untouched",
    "write_counts",
    "write_files",
    "write_outlines",
    "write_paragraphs",
    "write_scores",
    "write_stories",
    "write_themes",
    "write_verdicts",
]
