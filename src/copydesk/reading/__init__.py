"""Files and containers in the raw folder → records."""

from copydesk.reading.files import RawFile, find_files
from copydesk.reading.records import read_data, read_records

__all__ = ["RawFile", "find_files", "read_data", "read_records"]
