"""Whether what is done to texts is done by machine code: once this process has done enough without.

Plain Python takes 1.6 ms to sketch a text of 3 kB and 1.8 ms to measure a pair of such; machine code takes .07 and .05.
"""

from __future__ import annotations

from pathlib import Path

from copydesk.machine.compiling import Pace, digest_sources

_HERE = Path(__file__).parent
_SOURCES = [_HERE / f"{name}.py" for name in ("fold", "hashing", "align", "runs")]

DIGEST = digest_sources([*_SOURCES, *sorted((_HERE / "kernels").glob("*.py"))])
"""Of all that the kernels are made of."""

LOAD_BYTES = 1_200_000
"""Text that is worked on plainly before kept code is loaded: some 400 articles, .7 seconds."""

COMPILE_BYTES = 5_000_000
"""Text that is worked on plainly before code is compiled: some 1,600 articles, three seconds. Compiling takes twice as
long, but each worker does as much before one of them compiles."""

STORED_BYTES = 200
"""To count the kept runs of a text takes as long as to sketch so many bytes."""

PAIR_BYTES = 3_000
"""So does measuring two texts."""

JUDGED_ARTICLES = 300
"""To judge so many whole articles the compiler is loaded in any case (`contamination.kernels`), and what is left to be
loaded for measuring takes as long as counting the runs of so many plainly."""

COMPILER_BYTES = 1_000_000
"""Of LOAD_BYTES, what the compiler alone takes: without it the code that sketches is loaded as fast as sixty texts are
sketched plainly."""

_PACES = {
    name: Pace(_HERE / "kernels", f"{name}_{DIGEST}", load_work=LOAD_BYTES, compile_work=COMPILE_BYTES)
    for name in ("sketching.sketch", "measuring.measure_pairs")
}


def sketching_pays(size: int) -> bool:
    """Whether machine code is to sketch texts of so many bytes."""
    return _PACES["sketching.sketch"].add(size)


def expect_judging(articles: int) -> None:
    """Nothing: where so many articles will be judged that the compiler is loaded in any case, it costs sketching none
    from now on.
    """
    if articles >= JUDGED_ARTICLES and sketching_is_kept():
        pace = _PACES["sketching.sketch"]
        pace.work = max(pace.work, COMPILER_BYTES)


def measuring_pays(size: int, articles: int = 0) -> bool:
    """Whether machine code is to count runs and measure pairs that are as much work as so many bytes, where so many
    articles are judged.
    """
    pace = _PACES["measuring.measure_pairs"]
    if (sketching_is_fast() or articles >= JUDGED_ARTICLES) and pace.is_kept():
        size += LOAD_BYTES  # The compiler is loaded, and to measure three hundred pairs plainly takes half a second.
    return pace.add(size)


def sketching_is_fast() -> bool:
    """Whether machine code sketches texts in this process."""
    return _PACES["sketching.sketch"].is_fast


def sketching_is_kept() -> bool:
    """Whether the machine code that sketches texts is on disk."""
    return _PACES["sketching.sketch"].is_kept()
