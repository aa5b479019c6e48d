"""What the fuzzer found, each input with what it broke."""

from __future__ import annotations

import io
import zipfile

from copydesk.reading import read_data
from copydesk.settings import Settings


def test_member_whose_name_has_another_space():
    """A no-break space in a name (byte FF of an old ZIP archive) stays: people and systems write such names."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a-b.txt", "One.")
    data = target.getvalue().replace(b"a-b.txt", b"a\xffb.txt")
    [record] = read_data(data, "a.zip", Settings())
    assert record.source.path == "a.zip/a\u00a0b.txt"
