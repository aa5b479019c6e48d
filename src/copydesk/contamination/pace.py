"""Whether the words of paragraphs are read and counted by machine code: the results don't depend on it.

Arrays take .3 ms for an article, machine code half of that. To load it takes a tenth of a second where the compiler is
there already, and half a second more where it isn't, so nobody loads the compiler for this; compiling takes two.
"""

from __future__ import annotations

from pathlib import Path

from copydesk.machine.compiling import Pace, digest_sources

_HERE = Path(__file__).parent
DIGEST = digest_sources([_HERE / "compiled.py", _HERE / "hashing.py"])
"""Of all that the loops are made of."""

PACE = Pace(_HERE, f"compiled.make_keys_{DIGEST}", load_work=2_000_000, compile_work=40_000_000)
"""Work is bytes of text that were read."""


def reading_pays(size: int) -> bool:
    """Whether machine code is to read and count words of so many bytes."""
    return PACE.add_where_loaded(size)
