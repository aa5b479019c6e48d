"""Arrays that take long to make and are the same every time, kept on disk beside compiled code.

Like that they are nothing but a saving: where no folder can be written, or the file is damaged, they are made again.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]


def kept_arrays(folder: Path, name: str, make: Callable[[], Arrays]) -> Arrays:
    """What `make` gives, as it was kept in this source folder's `__pycache__` if it was.

    `name` has to say what the arrays were made of (a version, a digest): a file of this name is believed. None of the
    arrays may hold objects. They can't be written to.

    >>> kept_arrays(Path("/dev/null"), "squares-1", lambda: {"squares": np.arange(4) ** 2})["squares"].tolist()
    [0, 1, 4, 9]
    """
    path = folder / "__pycache__" / f"{name}.arrays"
    if (kept := _load(path)) is not None:
        return kept
    made = make()
    _save(path, made)
    for values in made.values():
        values.flags.writeable = False  # as those that are mapped: compiled code makes a difference
    return _load(path) or made  # mapped takes no memory that the system couldn't have back


def _load(path: Path) -> Arrays | None:
    try:
        # Mapped: of 75 MB of a language model a run reads some.
        with pa.memory_map(str(path)) as file, pa.ipc.open_file(file) as kept:
            row = kept.get_batch(0)
            return {field.name: _as_array(field, column) for field, column in zip(row.schema, row, strict=True)}
    except (OSError, ValueError, KeyError):
        return None  # not there, or cut short


def _as_array(field: pa.Field, column: pa.Array) -> NDArray[Any]:
    form = json.loads(field.metadata[b"form"])
    # Where the one value lies; as a scalar it would be a copy.
    values = np.frombuffer(column.buffers()[2], np.dtype(form["dtype"])).reshape(form["shape"])
    values.flags.writeable = False
    return values


def _save(path: Path, arrays: Arrays) -> None:
    with suppress(OSError):  # No folder or no room to keep it in: whoever needs it makes it.
        path.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.stem) as file:
            _write(file, arrays)
            os.fchmod(file.fileno(), 0o644)
            # A second name under which it stays when the first one goes.
            path.unlink(missing_ok=True)
            os.link(file.name, path)


def _write(file: IO[bytes], arrays: Arrays) -> None:
    columns = [pa.array([np.ascontiguousarray(values).tobytes()], pa.large_binary()) for values in arrays.values()]
    forms = [json.dumps({"dtype": values.dtype.str, "shape": values.shape}) for values in arrays.values()]
    fields = [
        pa.field(name, pa.large_binary(), metadata={"form": form}) for name, form in zip(arrays, forms, strict=True)
    ]
    with pa.ipc.new_file(file, pa.schema(fields)) as writer:
        writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields)))
    file.flush()
