"""The files that describe a snapshot to people and machines: a card, a data package, Croissant.

They lie beside the tables, never inside a table's folder, where a reader might take them for data. The manifest lists
them as it does the tables' files, so that they are checked, kept and thrown away together with them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from copydesk.writing.card import CARD, encode_card
from copydesk.writing.contents import count_contents
from copydesk.writing.croissant import CROISSANT, encode_croissant
from copydesk.writing.datapackage import DATA_PACKAGE, encode_data_package
from copydesk.writing.durable import write_bytes
from copydesk.writing.manifest import FileEntry, Manifest

DESCRIPTIONS = (CARD, DATA_PACKAGE, CROISSANT)


def write_descriptions(folder: Path, manifest: Manifest, licence: str) -> tuple[FileEntry, ...]:
    """The entries of the files that were written beside the tables of this snapshot, for its manifest.

    `manifest` lists the tables' files. The same tables, run and licence give the same bytes.
    """
    encoded = {
        CARD: encode_card(manifest, count_contents(folder, manifest), licence),
        DATA_PACKAGE: encode_data_package(manifest, licence),
        CROISSANT: encode_croissant(manifest, licence),
    }
    return tuple(_write(folder, name, data) for name, data in encoded.items())


def _write(folder: Path, name: str, data: bytes) -> FileEntry:
    write_bytes(folder / name, data)
    return FileEntry(name, 0, len(data), hashlib.sha256(data).hexdigest())
