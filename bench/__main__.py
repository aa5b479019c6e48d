"""Everything that is measured, in one run: quality against the floors, then quality and speed beside peers.

Run it with `python -m bench`, or `make bench`.
"""

from __future__ import annotations

import subprocess
import sys

from bench import floors
from bench.shared import SHARED

BESIDE_PEERS = (
    ("bench/duplicates.py", "--bench", str(SHARED / "dedup"), "--seeds", "1"),
    ("-m", "bench.templates"),
    ("bench/extraction.py", "--data", str(SHARED / "extraction")),
    ("-m", "bench.pages"),
    ("-m", "bench.decoding"),
    ("bench/repair.py", "--data", str(SHARED / "contamination")),
    ("bench/pipeline.py", "--data", str(SHARED)),
    ("bench/nightly.py", "--articles", "10000"),
)
"""Scripts that print a peer's figures beside ours, interleaved in one process."""


def main() -> int:
    """The exit status: that of the floors, or of the first script that fails."""
    status = floors.main([])
    for script in BESIDE_PEERS:
        print(f"\n{script[1] if script[0] == '-m' else script[0]}", flush=True)
        status = status or subprocess.run([sys.executable, *script], check=False).returncode
    return status


if __name__ == "__main__":
    sys.exit(main())
