"""The files that describe a snapshot to people and machines: a card, a data package with its schemas, Croissant.

They lie beside the tables, never inside a table's folder, where a reader might take them for data. The manifest lists
them as it does the tables' files, so that they are checked, kept and thrown away together with them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from copydesk.writing.card import CARD, encode_card
from copydesk.writing.contents import Contents
from copydesk.writing.croissant import CROISSANT, encode_croissant
from copydesk.writing.datapackage import (
    DATA_PACKAGE,
    SCHEMAS,
    encode_data_package,
    encode_table_schema,
    schema_path,
)
from copydesk.writing.durable import write_bytes
from copydesk.writing.files import Parent, share_file
from copydesk.writing.manifest import FileEntry, Manifest
from copydesk.writing.schema import TABLES


def write_descriptions(
    folder: Path, manifest: Manifest, contents: Contents, licence: str, parent: Parent | None = None
) -> tuple[FileEntry, ...]:
    """The entries of the files that were written beside the tables of this snapshot, for its manifest.

    `manifest` lists the tables' files, `contents` are their counts. The same tables, run and licence give the same
    bytes. What the snapshot before has in the same bytes (the Table Schemas, mostly) is shared with it.
    """
    encoded = {
        CARD: encode_card(manifest, contents, licence),
        DATA_PACKAGE: encode_data_package(manifest, licence),
        CROISSANT: encode_croissant(manifest, licence),
        **{schema_path(table): encode_table_schema(table) for table in TABLES},
    }
    (folder / SCHEMAS).mkdir()
    known = {(entry.path, entry.sha256): entry for entry in parent.manifest.files} if parent else {}
    entries = []
    for name, data in encoded.items():
        digest = hashlib.sha256(data).hexdigest()
        before = known.get((name, digest))
        if not (parent and before and share_file(parent, folder, before)):
            write_bytes(folder / name, data)
        entries.append(FileEntry(name, 0, len(data), digest))
    return tuple(entries)
