"""What earlier runs know, and who holds the corpus."""

from copydesk.state.columns import decode_columns, kept_columns
from copydesk.state.examined import ExaminedStore
from copydesk.state.files import FILES, read_files, untouched, write_files
from copydesk.state.fingerprint import examination_fingerprint, publication_fingerprint
from copydesk.state.index import find_kept
from copydesk.state.judged import read_judged, read_scores, write_judged
from copydesk.state.lock import Hold, Owner, hold, read_owner
from copydesk.state.outlines import forget_outlines, read_outlines, write_outlines
from copydesk.state.runs import Run, list_runs, log_run
from copydesk.state.segments import RecordKey, record_key
from copydesk.state.shelf import StoredShelf
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
    "read_files",
    "read_judged",
    "read_outlines",
    "read_owner",
    "read_scores",
    "read_verdicts",
    "record_key",
    "untouched",
    "write_files",
    "write_judged",
    "write_outlines",
    "write_verdicts",
]
