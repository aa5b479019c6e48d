"""Whether machine code looks over an article's lines before the rules do: the results don't depend on it.

To load it takes a twentieth of a second where the compiler is there already, so nobody loads the compiler for this.
"""

from __future__ import annotations

from pathlib import Path

from copydesk.machine.compiling import Pace, digest_sources

_HERE = Path(__file__).parent
DIGEST = digest_sources(_HERE / f"{name}.py" for name in ("compiled", "repeats", "rules"))
"""Of all that the loops are made of."""

PACE = Pace(_HERE, f"compiled.look_at_words_{DIGEST}", load_work=300_000, compile_work=40_000_000)
"""Work is bytes of text that were looked over: a thousand saves some .15 ms where a text has three thousand."""


def looking_pays(size: int) -> bool:
    """Whether machine code is to look over a text of so many bytes."""
    return PACE.add_where_loaded(size)
