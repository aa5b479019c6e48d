"""Inputs with damage in them, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = (
    *(b"<", b">", b"&", b'"', b"'", b"{", b"[", b"]", b"}", b"\\", b"\0", b"\n", b"\r\n", b"\xff", b"\xe2\x80"),
    *(b"9" * 30, b"-1", b"../", b"%00", b"<p>", b"<!--", b"<![CDATA[", b"&#x10ffff;", b"\xe2\x80\xae", b"\xed\xa0\x80"),
)
"""What breaks parsers, more often than any bytes do."""


@st.composite
def damaged(draw: st.DrawFn, seeds: st.SearchStrategy[bytes]) -> bytes:
    """A seed with up to four places changed, cut out, doubled or filled; sometimes any bytes at all."""
    content = bytearray(draw(st.one_of(seeds, seeds, seeds, st.binary(max_size=300))))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        until = min(len(content), at + draw(st.integers(0, 12)))
        part = draw(st.one_of(st.sampled_from(WORDS), st.binary(max_size=8), st.just(bytes(content[at:until]) * 3)))
        content[at:until] = part
    return bytes(content)
