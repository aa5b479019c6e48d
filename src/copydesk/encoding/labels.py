"""Labels of encodings, as pages and servers write them → the encoding they mean in practice."""

from __future__ import annotations

import codecs
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding: its name in the Encoding Standard, and the Python codec that reads it."""

    name: str
    codec: str


UTF_8 = Encoding("utf-8", "utf_8")
WINDOWS_1252 = Encoding("windows-1252", "cp1252")


def find_encoding(label: str) -> Encoding | None:
    """The encoding that a label means, None for a label nobody knows.

    Labels are folded as the Encoding Standard says ("get an encoding"): ASCII case and white space around don't
    count, and latin-1 means windows-1252, since that is what pages so labelled are written in.

    >>> find_encoding(" ISO-8859-1 ").name
    'windows-1252'
    >>> find_encoding("utf-99") is None
    True
    """
    return _labels().get(label.strip("\t\n\f\r ").lower())


def encoding_of_codec(codec: str) -> Encoding:
    """The encoding a Python codec reads, under the standard's name if it has one, else under the codec's own.

    >>> encoding_of_codec("iso8859-1").name, encoding_of_codec("mac-greek").name
    ('windows-1252', 'mac-greek')
    """
    known = find_encoding(codec) or _codecs().get(codecs.lookup(codec).name)
    return known or Encoding(codecs.lookup(codec).name.replace("_", "-"), codec)


def codec_of(name: str) -> str:
    """The Python codec for an encoding's name as `Decoded` has it; of two that were mixed, that of the first.

    >>> codec_of("windows-1252"), codec_of("utf-8+windows-1251")
    ('cp1252', 'utf_8')
    """
    first = name.partition("+")[0]
    known = find_encoding(first)
    return known.codec if known else codecs.lookup(first).name


@cache
def _labels() -> dict[str, Encoding]:
    text = resources.files("copydesk").joinpath("data/encoding_labels.toml").read_text(encoding="utf-8")
    return {label: Encoding(name, row["codec"]) for name, row in tomllib.loads(text).items() for label in row["labels"]}


@cache
def _codecs() -> dict[str, Encoding]:
    """Encodings by the normalised name of their codec; where two share one (gbk, gb18030), the later."""
    return {codecs.lookup(encoding.codec).name: encoding for encoding in _labels().values()}
