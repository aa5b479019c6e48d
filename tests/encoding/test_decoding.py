"""Which encoding is believed, and when none is."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.article import Form, Refusal
from copydesk.encoding import Decoded, decode
from copydesk.encoding.labels import find_encoding

GERMAN = "Die Bürgermeisterin erklärte am Montag, die Brücke über die Wümme müsse größer werden.\n"
RUSSIAN = "Мэр города заявил в понедельник, что мост через реку будет открыт осенью.\n"
PAGE = '<html><head><meta charset="{}"><title>x</title></head><body><p>{}</p></body></html>'

TEXTS = {
    "windows-1252": GERMAN,
    "windows-1250": "Příliš žluťoučký kůň úpěl ďábelské ódy, řekl ministr školství v pondělí.\n",
    "windows-1251": RUSSIAN,
    "koi8-r": RUSSIAN,
    "windows-1253": "Ο πρωθυπουργός δήλωσε τη Δευτέρα ότι η γέφυρα θα ανοίξει το φθινόπωρο.\n",
    "windows-1254": "Belediye başkanı pazartesi günü köprünün sonbaharda açılacağını söyledi.\n",
    "windows-1255": "ראש העיר אמר ביום שני כי הגשר ייפתח בסתיו.\n",
    "windows-1256": "قال رئيس البلدية يوم الاثنين إن الجسر سيفتح في الخريف.\n",
    "shift_jis": "市長は月曜日、橋は秋に開通すると述べた。東京の天気は晴れです。\n",
    "euc-jp": "市長は月曜日、橋は秋に開通すると述べた。東京の天気は晴れです。\n",
    "gb18030": "市长星期一表示，大桥将于秋季开通。北京今天天气很好。\n",
    "big5": "市長星期一表示，大橋將於秋季開通。台北今天天氣很好。\n",
    "euc-kr": "시장은 월요일 다리가 가을에 개통될 것이라고 말했다.\n",
    "utf-16le": RUSSIAN,
    "utf-16be": GERMAN,
}


@pytest.mark.parametrize("name", TEXTS)
def test_undeclared_text_is_told_from_its_letters(name: str) -> None:
    """A few sentences without any declaration are read as they were written."""
    known = find_encoding(name)
    assert known is not None
    decoded = decode((TEXTS[name] * 3).encode(known.codec), Form.TEXT)
    assert isinstance(decoded, Decoded)
    assert decoded.text == TEXTS[name] * 3


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_comes_first(mark: str) -> None:
    """A mark is believed before any declaration, and isn't part of the text."""
    decoded = decode(RUSSIAN.encode(mark), Form.TEXT, "koi8-r")
    assert isinstance(decoded, Decoded)
    assert (decoded.text, decoded.how) == (RUSSIAN, "bom")


def test_declared_encoding_is_believed_where_it_fits() -> None:
    """The transport's word, then the page's own; latin-1 is windows-1252."""
    assert decode("5 € – ja".encode("cp1252"), Form.TEXT, "ISO-8859-1") == Decoded(
        "5 € – ja", "windows-1252", "declared"
    )
    page = PAGE.format("windows-1251", RUSSIAN).encode("cp1251")
    assert decode(page, Form.HTML) == Decoded(page.decode("cp1251"), "windows-1251", "meta")


def test_xml_declaration_of_a_page_counts() -> None:
    """XHTML declares its encoding in its first line."""
    page = f'<?xml version="1.0" encoding="koi8-r"?><html><body>{RUSSIAN}</body></html>'.encode("koi8-r")
    decoded = decode(page, Form.HTML)
    assert isinstance(decoded, Decoded)
    assert (decoded.encoding, decoded.how) == ("koi8-r", "meta")


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1251", "shift_jis", "utf-16", "no-such-encoding", ""])
def test_well_formed_utf_8_is_utf_8_whatever_is_declared(declared: str) -> None:
    """No other encoding's text is well-formed UTF-8 by accident, beyond a character or two."""
    decoded = decode(GERMAN.encode(), Form.TEXT, declared)
    assert isinstance(decoded, Decoded)
    assert (decoded.text, decoded.encoding) == (GERMAN, "utf-8")


def test_declaration_that_fails_is_not_believed() -> None:
    """A page that says UTF-8 and isn't is read as what it is."""
    decoded = decode(PAGE.format("utf-8", RUSSIAN * 2).encode("cp1251"), Form.HTML)
    assert isinstance(decoded, Decoded)
    assert (decoded.encoding, decoded.how) == ("windows-1251", "detected")


def test_declaration_in_a_comment_does_not_count() -> None:
    """What a browser doesn't see, isn't declared."""
    page = b'<html><!-- <meta charset="koi8-r"> -->' + RUSSIAN.encode("cp1251") * 3 + b"</html>"
    decoded = decode(page, Form.HTML)
    assert isinstance(decoded, Decoded)
    assert decoded.encoding == "windows-1251"


def test_tags_do_not_drown_the_letters() -> None:
    """Detection looks at the text of a page, not at its markup."""
    page = ("<div class='row'><script>var x = 1;</script></div>" * 400 + f"<p>{RUSSIAN}</p>").encode("koi8-r")
    decoded = decode(page, Form.HTML)
    assert isinstance(decoded, Decoded)
    assert decoded.encoding == "koi8-r"


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        (f"{GERMAN}“Yes” – ".encode() + "it’s".encode("cp1252"), f"{GERMAN}“Yes” – it’s", "utf-8+windows-1252"),
        ((RUSSIAN * 3).encode() + (RUSSIAN * 2).encode("cp1251"), RUSSIAN * 5, "utf-8+windows-1251"),
        (b"\xef\xbb\xbf" + GERMAN.encode() + b"\x93a\x94", GERMAN + "“a”", "utf-8+windows-1252"),
    ],
    ids=["stray bytes", "lines of another encoding", "behind a mark"],
)
def test_two_encodings_in_one_file(content: bytes, text: str, encoding: str) -> None:
    """UTF-8 with something else in it is read as both, and says so."""
    assert decode(content, Form.TEXT) == Decoded(text, encoding, "mixed")


def test_utf_8_that_is_cut_in_the_middle_of_a_character() -> None:
    """At the end the rest of the character goes; in the middle it is U+FFFD, not mojibake."""
    assert decode(GERMAN.encode() + "ü".encode()[:1], Form.TEXT) == Decoded(GERMAN, "utf-8", "utf-8")
    decoded = decode(GERMAN.encode() + b"the mayor\xe2\x80 plan\n", Form.TEXT)
    assert isinstance(decoded, Decoded)
    assert decoded.text == GERMAN + "the mayor\ufffd plan\n"


def test_english_with_typographic_signs_is_windows_1252() -> None:
    """A few quotation marks are too little for statistics, but they stand where quotation marks stand."""
    text = "“We won’t,” said the mayor – again. The café is closed."
    for part in (text, "“Hi” he said", "It’s fine.", "Café"):
        decoded = decode(part.encode("cp1252"), Form.TEXT)
        assert isinstance(decoded, Decoded)
        assert decoded.text == part


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", ["市長は月曜日、橋は秋に開通すると述べた。", "서울의날씨는맑습니다", RUSSIAN, "A", "Ωραία"]
)
def test_wide_text_without_a_mark(codec: str, text: str) -> None:
    """UTF-16 is told by what it says, with and without a space from ASCII in it."""
    decoded = decode(text.encode(codec), Form.TEXT)
    assert isinstance(decoded, Decoded)
    assert (decoded.text, decoded.how) == (text, "wide")


def test_stray_nul_does_not_make_text_chinese() -> None:
    """Any two ASCII letters are a Chinese character in UTF-16: one NUL among them proves nothing."""
    content = b"The ferry sails again, says the harbour master. " * 20 + b"\0 "
    assert decode(content, Form.TEXT) == Decoded(content.decode(), "utf-8", "utf-8")


@pytest.mark.parametrize("codec", ["utf-16", "utf-32", "utf-16-le"])
def test_wide_text_that_is_cut_loses_its_last_character(codec: str) -> None:
    """A file cut in the middle of a character is read up to there."""
    decoded = decode(RUSSIAN.encode(codec)[:-1], Form.TEXT)
    assert isinstance(decoded, Decoded)
    assert decoded.text.rstrip("\ufffd") == RUSSIAN[:-1]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe\xd8", "binary"),
        (bytes(range(256)) * 8, "binary"),
        (b"\x00" * 100, "binary"),
        (b"\x81\x8d\x8f\x90\x9d\xff" * 20, "unknown_encoding"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, code: str) -> None:
    """Bytes that read as nothing are refused, never taken for latin-1."""
    refusal = decode(content, Form.TEXT)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


def test_empty_and_ascii() -> None:
    """Empty content is empty text; ASCII is UTF-8; line ends of text become line feeds, those of pages stay."""
    assert decode(b"", Form.TEXT) == Decoded("", "utf-8", "utf-8")
    assert decode(b"a\r\nb\rc", Form.TEXT, "koi8-r") == Decoded("a\nb\nc", "utf-8", "utf-8")
    assert decode(b"a\r\nb", Form.HTML) == Decoded("a\r\nb", "utf-8", "utf-8")


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=200))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    """Whatever text is written in UTF-8 is read as it."""
    content = text.encode()
    if not content.startswith((codecs.BOM_UTF8, b"\x84\x31\x95\x33")):
        decoded = decode(content, Form.HTML)
        assert isinstance(decoded, Decoded)
        assert decoded.text == text


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """No input raises, and what is read can be stored."""
    for form in Form:
        decoded = decode(content, form)
        if isinstance(decoded, Decoded):
            decoded.text.encode()
