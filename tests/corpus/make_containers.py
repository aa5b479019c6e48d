"""The packed and binary files of the sample corpus, made from the readable sources beside this script.

    python tests/corpus/make_containers.py

A gzip stream carries no time and a zip member the first date that zip knows, so the same sources
give the same bytes. Parquet bytes depend on the pyarrow release; the rows in them don't.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
SOURCES = HERE / "sources"
RAW = HERE.parent.parent / "corpus" / "raw"

GZIPPED = {
    "by-the-river.txt": "tarrow-courier/by-the-river.txt.gz",
    "pencil.html": "meridian-standard/pencil.html.gz",
    "briefs.jsonl": "lodestar/briefs.jsonl.gz",
    "interviews.jsonl": "collected/interviews.jsonl.gz",
}
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
CRAWL_SCHEMA = pa.schema([(name, pa.string()) for name in ("url", "title", "author", "site", "published", "text")])
PICTURE_SIDE_PIXELS = 8
KEPT_SHARE = 0.6
"""How much of the cut-short gzip stream is left."""


def gzipped(data: bytes) -> bytes:
    """The data as a gzip stream without name and time."""
    return gzip.compress(data, mtime=0)


def zipped(folder: Path) -> bytes:
    """All files under the folder as one zip, in the order of their names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            member = zipfile.ZipInfo(path.relative_to(folder).as_posix(), ZIP_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, path.read_bytes())
    return packed.getvalue()


def parquet(lines: str) -> bytes:
    """JSON lines as a Parquet file with string columns."""
    rows = [json.loads(line) for line in lines.splitlines()]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, CRAWL_SCHEMA), sink, compression="zstd")
    return sink.getvalue()


def picture(side: int = PICTURE_SIDE_PIXELS) -> bytes:
    """A small grey square as PNG."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    lines = (b"\0" + bytes(32 * (row ^ column) % 256 for column in range(side)) for row in range(side))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"".join(lines)))
        + chunk(b"IEND", b"")
    )


def containers() -> dict[str, bytes]:
    """Every packed or binary file of the corpus by its path under `corpus/raw`."""
    files = {target: gzipped((SOURCES / name).read_bytes()) for name, target in GZIPPED.items()}
    whole = gzipped((SOURCES / "cut-short.txt").read_bytes())
    files["odd/cut-short.txt.gz"] = whole[: int(len(whole) * KEPT_SHARE)]
    files["odd/picture.png"] = picture()
    files["odd/letter.txt"] = picture(PICTURE_SIDE_PIXELS * 2)
    files["collected/saved.zip"] = zipped(SOURCES / "saved")
    files["collected/crawl.parquet"] = parquet((SOURCES / "crawl.jsonl").read_text(encoding="utf-8"))
    return files


def main() -> None:
    """Write the files into `corpus/raw`."""
    for path, data in containers().items():
        target = RAW / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


if __name__ == "__main__":
    main()
