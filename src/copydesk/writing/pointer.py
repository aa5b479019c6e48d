"""The pointer of a corpus on an object store: the object that takes the place of the symbolic link."""

from __future__ import annotations

import json

from copydesk.errors import ContractError

POINTER = "current.json"
SNAPSHOTS = "snapshots"
FORMAT = 1


def encode_pointer(run_id: str) -> bytes:
    r"""The pointer to the snapshot of this run.

    >>> encode_pointer("20260115T020000Z")
    b'{"format": 1, "run_id": "20260115T020000Z", "snapshot": "snapshots/20260115T020000Z"}\n'
    """
    return json.dumps({"format": FORMAT, "run_id": run_id, "snapshot": f"{SNAPSHOTS}/{run_id}"}).encode() + b"\n"


def parse_pointer(data: bytes, place: str) -> str:
    """The run that a pointer names.

    Raises ContractError if it is broken, or of a format that this version doesn't know.
    """
    try:
        values = json.loads(data)
        run_id, known = values["run_id"], values["format"] == FORMAT
    except (ValueError, KeyError, TypeError) as error:
        raise ContractError(f"{place}/{POINTER} is broken ({type(error).__name__}); publish again") from error
    if not known or not isinstance(run_id, str) or "/" in run_id:
        raise ContractError(f"{place}/{POINTER} has a format that is not known here; update copydesk")
    return run_id
