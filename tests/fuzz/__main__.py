"""Feed every parser for some time with inputs that reach new code.

`make fuzz`, or

    python -m tests.fuzz [--seconds 60] [--keep DIR] [TARGET ...]

With atheris (the `[fuzz]` extra; CPython up to 3.13, Linux and macOS) the parts written in Python are instrumented and
inputs are grown by coverage, each target in a process of its own. Without it, seeds are damaged at random. What
breaks something is kept in DIR/TARGET and named; put it into `tests/fuzz/test_found.py` with what it broke.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import re
import subprocess
import sys
import time
from pathlib import Path

INSIDE = "--inside"
COMPILED = re.compile(r"numba | compiled\ import | /duplicates/ | /contamination/", re.VERBOSE)

if INSIDE in sys.argv:
    # Only our own code, and before it is imported: to instrument everything that is loaded takes minutes.
    import atheris

    # What numba compiles can't be instrumented: it knows no calls into the fuzzer.
    package = Path(str(importlib.util.find_spec("copydesk").submodule_search_locations[0]))  # type: ignore[union-attr,index]
    compiled = [
        path for path in package.rglob("*.py") if COMPILED.search(path.as_posix() + path.read_text(encoding="utf-8"))
    ]
    names = [".".join(path.relative_to(package.parent).with_suffix("").parts) for path in compiled]
    with atheris.instrument_imports(include=["copydesk"], exclude=names):
        from tests.fuzz.targets import TARGETS, Target
else:
    from tests.fuzz.targets import TARGETS, Target

INPUT_SECONDS = 10
"""An input that takes longer is as bad as one that breaks something."""


def main() -> int:
    """The exit status: 0 if every target survived."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--keep", type=Path, default=Path(".fuzz"), help="where inputs are kept")
    parser.add_argument(INSIDE, action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}")
    options = parser.parse_args()
    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"no target {unknown.pop()}; there are {', '.join(TARGETS)}")
    if options.inside:
        fuzz(TARGETS[options.targets[0]], options.keep / options.targets[0], options.seconds)
        return 0
    coverage = importlib.util.find_spec("atheris") is not None
    print("led by coverage (atheris)" if coverage else "atheris isn't here: seeds are damaged at random")
    broken = [name for name in options.targets or TARGETS if not survives(name, options, coverage=coverage)]
    print(f"{len(broken)} targets broken{': ' + ', '.join(broken) if broken else ''}")
    return 1 if broken else 0


def survives(name: str, options: argparse.Namespace, *, coverage: bool) -> bool:
    """Whether a target survived its time; what broke it is kept."""
    folder = options.keep / name
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{name} ...", flush=True)
    if not coverage:
        return damage(TARGETS[name], folder, options.seconds)
    command = [sys.executable, "-m", "tests.fuzz", INSIDE, "--seconds", str(options.seconds)]
    done = subprocess.run(
        [*command, "--keep", str(options.keep), name], capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        print(done.stdout[-2_000:], done.stderr[-4_000:])
    return done.returncode == 0


def fuzz(target: Target, folder: Path, seconds: int) -> None:
    """Grow inputs by the code they reach; ends the process with the fuzzer's own status."""
    for number, seed in enumerate(target.seeds):
        (folder / f"seed-{number}").write_bytes(seed)
    limits = [f"-max_total_time={seconds}", f"-timeout={INPUT_SECONDS}", "-rss_limit_mb=4096", "-max_len=20000"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/broken-", str(folder)], target.feed)
    atheris.Fuzz()


def damage(target: Target, folder: Path, seconds: int) -> bool:
    """Whether the target survived seeds damaged at random, the same ones in every run."""
    draw = random.Random(0)  # noqa: S311 - no secret
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        content = bytearray(draw.choice(target.seeds))
        for _ in range(draw.randint(1, 6)):
            at = draw.randint(0, len(content))
            content[at : at + draw.randint(0, 12)] = draw.randbytes(draw.randint(0, 8))
        try:
            target.feed(bytes(content))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            path = folder / f"broken-{draw.getrandbits(32):08x}"
            path.write_bytes(content)
            print(f"{type(error).__name__}: {error}; the input is in {path}")
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
