#!/usr/bin/env python3
"""Repair of damaged characters beside ftfy, on the same paragraphs in the same process, in turn.

    python bench/repair.py --data DIR [--paragraphs 12000] [--seed 1]

DIR holds `base_shared.jsonl.gz`. Paragraphs of real articles are taken as they are (sound), and one in ten that holds a
character beyond ASCII is damaged as it happens: UTF-8 read as windows-1252, once or twice. Printed are the sound
paragraphs that came out changed, the damaged ones that came out as they were before, and the CPU time of each method.

ftfy is measured twice: with its defaults, which also straighten quotes and widths on purpose, and with those off.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import ftfy

from copydesk.encoding.repair import repair_text

AS_PUBLISHED = ftfy.TextFixerConfig(
    uncurl_quotes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    normalization=None,
    unescape_html="auto",
)
"""ftfy told to repair damage and nothing else, as we use it."""

INVISIBLE = frozenset("\xad\u200b\ufeff")
"""Soft hyphens and the like, which copydesk takes away and ftfy leaves: a paragraph with one isn't sound to both."""

METHODS: dict[str, Callable[[str], str]] = {
    "copydesk": lambda text: repair_text(text).text,
    "ftfy, damage only": lambda text: ftfy.fix_text(text, AS_PUBLISHED),
    "ftfy, defaults": ftfy.fix_text,
}


def main() -> None:
    """Prints a line per method."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of base_shared.jsonl.gz")
    parser.add_argument("--paragraphs", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    sound = read_paragraphs(options.data, options.paragraphs, rng)
    damaged = [
        (damage(text, 1 + rng.randrange(2)), text) for text in sound if not text.isascii() and rng.random() < 0.1
    ]
    pairs = [*((text, text) for text in sound), *((bad, text) for bad, text in damaged if bad != text)]
    print(f"{len(sound):,} sound paragraphs, {len(pairs) - len(sound):,} damaged")
    seconds = measure(pairs)
    for name, method in METHODS.items():
        changed = sum(method(text) != text for text in sound)
        restored = sum(method(bad) == good for bad, good in pairs[len(sound) :]) / max(len(pairs) - len(sound), 1)
        print(
            f"{name:<18} sound changed {changed:>6,}   damaged restored {restored:.3f}"
            f"   {len(pairs) / seconds[name]:>9,.0f} paragraphs per CPU-second"
            f"   ratio {seconds['ftfy, damage only'] / seconds[name]:.1f}"
        )


def read_paragraphs(data: Path, count: int, rng: random.Random) -> list[str]:
    """So many paragraphs, drawn from all articles."""
    with gzip.open(data / "base_shared.jsonl.gz", "rt", encoding="utf-8") as lines:
        everything = [text for line in lines for text in json.loads(line)["paragraphs"]]
    everything = [text for text in everything if INVISIBLE.isdisjoint(text)]
    return rng.sample(everything, min(count, len(everything)))


def damage(text: str, times: int) -> str:
    """The text as somebody sees it who takes UTF-8 for windows-1252, so many times over; itself where that can't be."""
    for _ in range(times):
        try:
            text = text.encode("utf-8").decode("windows-1252")
        except UnicodeDecodeError:
            return text
    return text


def measure(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """CPU seconds of each method over all texts, a hundred texts of each in turn."""
    seconds = dict.fromkeys(METHODS, 0.0)
    for start in range(0, len(pairs), 100):
        for name, method in METHODS.items():
            began = time.process_time()
            for text, _ in pairs[start : start + 100]:
                method(text)
            seconds[name] += time.process_time() - began
    return seconds


if __name__ == "__main__":
    sys.exit(main())
