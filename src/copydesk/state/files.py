"""Which records lay in which raw file, so that a file that hasn't been touched needn't be read again.

    state/files/read~<digest>.arrow

A file is taken for untouched if it is the same inode with the same size and times, the time of its last change of
status among them, which no program can set. As in git, that says nothing of a file that was changed shortly before it
was read: it could be changed again within the same tick of the clock. Such a file is read again the next night. So is
one of which a record could not be read or examined: it may be better tomorrow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.reading import RawFile
from copydesk.state.kept import find_current, keep_table

NAMES = pa.dictionary(pa.int32(), pa.string())
"""Of values that many records of a file share."""

FILES = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("fields", pa.string(), nullable=False),
        pa.field("record", pa.int32(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("file", NAMES, nullable=False),
        pa.field("stamp", NAMES, nullable=False),
    ]
)
"""A record as the listing of a run names it, the file that it was read from, and what marked that file then."""

STEM = "read"
SETTLED_NS = 2_000_000_000
"""A file must have been left alone so long before it was read: twice the coarsest clock of a file system in use."""


def mark_file(file: RawFile) -> str:
    """What marks the file as it is now, with all that is stated about it elsewhere; empty if nothing does."""
    if not file.stamp or file.refusal:
        return ""
    stated = repr((file.fields, file.member_fields)).encode("utf-8", "surrogatepass")
    return f"{'-'.join(map(str, file.stamp))}-{hashlib.blake2b(stated, digest_size=8).hexdigest()}"


def read_files(state: Path, fingerprint: str) -> pa.Table:
    """The records of the files that were read last (schema `FILES`); none if reading would read them otherwise now."""
    table = find_current(state / "files", STEM, fingerprint)
    return table if table is not None and table.schema.equals(FILES) else FILES.empty_table()


def write_files(state: Path, fingerprint: str, listing: pa.Table, files: Sequence[RawFile], read_ns: int) -> None:
    """Nothing: the records of the listing are kept with their files, but for files changed shortly before `read_ns`
    (nanoseconds since 1970), when reading began.
    """
    marks = {file.path: mark_file(file) for file in files if file.stamp and file.stamp[-1] < read_ns - SETTLED_NS}
    paths = listing["path"].combine_chunks().dictionary_encode()
    owners = [_owner(path, marks) for path in paths.dictionary.to_pylist()]
    owner, stamp = (
        _share(pa.array(values, pa.string()), paths.indices)
        for values in (owners, [marks.get(name, "") for name in owners])
    )
    table = listing.append_column(FILES.field("file"), owner).append_column(FILES.field("stamp"), stamp)
    schema = FILES.with_metadata({"fingerprint": fingerprint})
    # As one: a listing comes in as many parts as workers were given, and each of them costs whoever takes rows of it.
    marked = pc.not_equal(stamp.dictionary, "").take(stamp.indices)
    kept = table.filter(marked).cast(schema).combine_chunks()
    keep_table(state / "files", STEM, schema, [kept])


def _share(values: pa.Array, places: pa.Array) -> pa.DictionaryArray:
    """The values at these places, each value once."""
    encoded = values.dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices.take(places), encoded.dictionary)


def _owner(path: str, names: Iterable[str]) -> str:
    """The file that a record was read from, by the record's path, which goes on inside an archive; empty for none."""
    while path and path not in names:
        path = path.rpartition("/")[0]
    return path


def untouched(known: pa.Table, files: Sequence[RawFile]) -> pa.Table:
    """The known records of those files that haven't been touched since they were read."""
    marks = {file.path: mark_file(file) for file in files}
    names, stamps = (known[name].combine_chunks() for name in ("file", "stamp"))
    now = pa.array([marks.get(name, "") for name in names.dictionary.to_pylist()], pa.string()).take(names.indices)
    same = pc.and_(pc.not_equal(now, ""), pc.equal(now, stamps.dictionary_decode()))
    # As ever: to copy all of them takes longer than to look.
    return known if pc.all(same).as_py() else known.filter(same)
