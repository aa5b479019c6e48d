"""Files and containers in the raw folder → records."""

from copydesk.reading.files import RawFile, find_files
from copydesk.reading.records import read_data, read_records
from copydesk.reading.stretches import Renumbering, Stretch, cut_file, no_records, read_stretch

__all__ = [
    "RawFile",
    "Renumbering",
    "Stretch",
    "cut_file",
    "find_files",
    "no_records",
    "read_data",
    "read_records",
    "read_stretch",
]
