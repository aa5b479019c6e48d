"""Names of files, which are bytes of any kind → text that can be printed, stored and compared."""

from __future__ import annotations

import unicodedata


def printable(name: bytes | str) -> str:
    r"""The name as text, with `\xNN` and `\uNNNN` where it isn't UTF-8 or can't be seen.

    Controls, direction marks and backslashes are escaped too, so different names stay different and no name
    can break a line or turn what stands beside it around.

    >>> printable(b"caf\xe9.txt"), printable("café.txt")
    ('caf\\xe9.txt', 'café.txt')
    """
    text = name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return "".join(char if _is_plain(char) else _escaped(char) for char in text)


def _is_plain(char: str) -> bool:
    return char != "\\" and unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _escaped(char: str) -> str:
    point = ord(char)
    if 0xDC80 <= point <= 0xDCFF:
        return f"\\x{point - 0xDC00:02x}"
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
