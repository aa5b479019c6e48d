"""Decoding beside the two best detectors: own sentences in thirty languages and the encodings they were written in.

    python -m bench.decoding

Each text is cut to three lengths and read three ways: alone, in an indented page that declares nothing, and in a page
that declares its encoding. Right is what comes out as it went in. The detectors get the same bytes.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import chardet
import charset_normalizer

from copydesk.encoding import Decoded, decode

LANGUAGES = Path(__file__).parents[1] / "tests" / "encoding" / "cases" / "languages.json"
LENGTHS = (40, 100, 1_000)
MORE = {
    "ru": ("cp866", "cp855", "mac_cyrillic"), "bg": ("cp866",), "sr": ("cp855", "mac_cyrillic"),
    "uk": ("mac_cyrillic",), "th": ("tis_620",), "ko": ("johab", "iso2022_kr"), "zh": ("hz",), "pl": ("cp852",),
    "en": ("iso8859-1", "cp850"), "de": ("iso8859-1", "iso8859-15", "cp850"), "fi": ("mac_roman",),
}  # fmt: skip
"""Encodings besides those of the test cases."""
PAGE = (
    "<html>\n<head>{head}<title>x</title></head>\n<body>\n"
    + "    " * 30
    + "<div class='a'>\n<p>{text}</p></div></body></html>"
)
WAYS: dict[str, Callable[[str, str], str]] = {
    "alone": lambda text, _: text,
    "page": lambda text, _: PAGE.format(head="", text=text),
    "declared": lambda text, codec: PAGE.format(head=f'<meta charset="{codec.replace("_", "-")}">', text=text),
}
READERS: dict[str, Callable[[bytes], str | None]] = {
    "copydesk": lambda content: decoded.text if isinstance(decoded := decode(content), Decoded) else None,
    "chardet": lambda content: content.decode(chardet.detect(content)["encoding"] or "ascii"),
    "charset_normalizer": lambda content: str(charset_normalizer.from_bytes(content).best()),
}


def cases() -> Iterator[tuple[str, bytes, str]]:
    """How a text is given, its bytes, and what they say; none that is ASCII."""
    for row in json.loads(LANGUAGES.read_text("utf-8")):
        for codec in dict.fromkeys((*row["encodings"], *MORE.get(row["language"], ()), "utf_8", "utf_16", "utf_16_le")):
            for length in LENGTHS:
                for way, wrap in WAYS.items():
                    if way == "declared" and codec.startswith(("utf_16", "iso2022", "hz")):
                        continue
                    content = wrap(row["text"][:length], codec).encode(codec, "ignore")
                    if not content.isascii() or b"\x1b" in content or b"~{" in content:
                        yield way, content, content.decode(codec)


def main() -> int:
    """Prints the share that each reader gets right, by way, and its pace; the exit status is 0."""
    every = list(cases())
    count = Counter(way for way, _, _ in every)
    print(f"{'decoded right':<20}" + "".join(f"{way:>12} ({count[way]})" for way in WAYS))
    for name, reader in READERS.items():
        right: Counter[str] = Counter()
        start = time.process_time()
        for way, content, text in every:
            right[way] += _read(reader, content) == text
        pace = len(every) / (time.process_time() - start)
        print(
            f"{name:<20}"
            + "".join(f"{right[way] / count[way]:>18.3f}" for way in WAYS)
            + f"   {pace:,.0f} a CPU-second"
        )
    return 0


def _read(reader: Callable[[bytes], str | None], content: bytes) -> str | None:
    try:
        return reader(content)
    except (UnicodeError, LookupError):
        return None


if __name__ == "__main__":
    sys.exit(main())
