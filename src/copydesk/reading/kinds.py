"""What a file is: by its first bytes, and where they leave it open, by its name."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

HEAD_BYTES = 65_536
"""How much of a file is looked at. A JSON line that is longer is told by its name."""


class Kind(StrEnum):
    """What can lie in a raw folder."""

    TEXT = "text"
    HTML = "html"
    RTF = "rtf"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    XML = "xml"
    EMAIL = "email"
    MAILBOX = "mailbox"
    MHTML = "mhtml"
    WARC = "warc"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTD = "zstd"
    ZIP = "zip"
    TAR = "tar"
    BINARY = "binary"
    OTHER_TEXT = "other_text"


COMPRESSED = frozenset({Kind.GZIP, Kind.BZIP2, Kind.XZ, Kind.ZSTD})

# Matches <!DOCTYPE html>, <p>, <!-- a -->; not <3 or "<b" in the middle. The tags are those of the MIME Sniffing
# Standard, section 7.1, and the ones that article fragments begin with.
MARKUP_START = re.compile(
    rb"""\s{0,512} (?: <\?xml [^>]{0,200} > \s{0,64} )? (?: <!--
    | < (?: !doctype\ html | html | head | script | iframe | h[1-6] | div | font | table | a | style | title | b |
    body | br | p
        | article | section | main | header | span | ul | ol | li | figure | img | em | strong | i | blockquote | meta
        | link )
      [\s/>] )""",
    re.VERBOSE | re.IGNORECASE,
)
# Roots of feeds, and of what agencies and archives write.
# Matches <rss version="2.0"> and <atom:feed>; not <html> or <rssless>.
XML_ROOT = re.compile(rb"<(?:\w{1,20}:)?(?:rss|feed|RDF|nitf|news[iI]tem|newsMessage|NewsML|TEI|TEI\.2|teiCorpus)[\s>]")
# Matches what may stand before a root element: <?xml version="1.0"?>, <!-- by hand -->; not <!DOCTYPE html>.
BEFORE_ROOT = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
# Matches "Subject: x" at the start of a line; not "He said: x" (two words before the colon).
MAIL_HEADER = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{1,40}):[ \t]", re.MULTILINE)
# The line above each mail of a mailbox.
# Matches "From a@x.example Tue Mar 12 08:30:00 2024", "From - Tue Mar 12 08:30:00 2024"; not "From 8:30 on it rained".
MAILBOX_LINE = re.compile(
    rb"""From [ ] \S .{0,200}? \s (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? \s .{4,12} \s \d{1,2} : \d\d (?: : \d\d )? \s
    .{0,12} (?:19|20) \d\d (?: \s .{0,10} )?""",
    re.VERBOSE,
)
MAIL_PROOF = frozenset({b"message-id", b"mime-version", b"received", b"return-path", b"delivered-to"})
# Matches "Content-Type: multipart/related; boundary=x"; not multipart/alternative, as mails have it.
MULTIPART_RELATED = re.compile(rb"^content-type:\s{1,8}multipart/related", re.MULTILINE | re.IGNORECASE)
# Matches {"title", {}, [{ and [""]; not "{curly}", [1] or "[Reuters]".
JSON_START = re.compile(rb"""\s{0,512} (?: \{ \s{0,512} ["}] | \[ \s{0,512} [\[{\]"] )""", re.VERBOSE)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is, and in words what it looks like (for refusals)."""

    kind: Kind
    name: str


def tell_kind(head: bytes, name: str) -> Recognised:
    r"""What a file with these first bytes (up to HEAD_BYTES) and this name is. Empty bytes go by the name alone.

    >>> tell_kind(b"%PDF-1.7", "story.txt")
    Recognised(kind=<Kind.BINARY: 'binary'>, name='a PDF document')
    >>> tell_kind(b'{"text": "a"}\n{"text": "b"}\n', "dump.json").kind
    <Kind.JSONL: 'jsonl'>
    """
    if known := _by_magic(head):
        return known
    named = _by_name(name)
    content = head.removeprefix(b"\xef\xbb\xbf")
    if content.startswith(b"From ") and _is_mailbox(content):
        return Recognised(Kind.MAILBOX, "a mailbox")
    if JSON_START.match(content) and (named in (Kind.JSON, Kind.JSONL) or _begins_json(content)):
        return Recognised(_which_json(content, named), "JSON")
    if named in (Kind.JSON, Kind.JSONL, Kind.CSV, Kind.EMAIL, Kind.MHTML) and not MARKUP_START.match(content):
        return Recognised(_which_mail(content) if named is Kind.EMAIL else named, named.value)
    if _is_mail(content):
        return Recognised(_which_mail(content), "a mail")
    if XML_ROOT.match(content, _past_prolog(content)):
        return Recognised(Kind.HTML if named is Kind.HTML else Kind.XML, "XML")
    if MARKUP_START.match(content):
        return Recognised(Kind.HTML, "a page")
    if content.lstrip().startswith(b"<?xml"):
        return Recognised(Kind.HTML if named is Kind.HTML else Kind.XML, "XML")
    return Recognised(named or Kind.TEXT, f"a .{_ending(name)} file")


def starts_like_markup(text: str) -> bool:
    """Whether a text begins as markup does, or is full of it further on.

    >>> starts_like_markup("<p>Prices rose.</p>"), starts_like_markup("Prices < 3 rose")
    (True, False)
    """
    head = text[:1_024].encode("utf-8", "replace")
    return MARKUP_START.match(head) is not None or len(CLOSING_TAG.findall(text, 0, 20_000)) >= 2


# Matches </p> and <br />; not </quote> or "a <b c".
CLOSING_TAG = re.compile(r"</(?:p|div|h[1-6]|li|ul|blockquote|span|a|em|strong)>|<br\s?/?>", re.IGNORECASE)


def is_ignored(name: str) -> bool:
    """Whether a file or folder of this name is one that nobody means as an article: it is no record.

    >>> is_ignored(".DS_Store"), is_ignored("README.md"), is_ignored("story.txt~"), is_ignored("story.txt")
    (True, True, True, False)
    """
    ignored = _tables()["ignored"]
    return (
        name.lower() in ignored["names"]
        or name.startswith(tuple(ignored["prefixes"]))
        or name.endswith(tuple(ignored["suffixes"]))
    )


def _by_magic(head: bytes) -> Recognised | None:
    for magic, offset, kind, name in _magic():
        if head.startswith(magic, offset):
            return Recognised(kind, name)
    return None


def _by_name(name: str) -> Kind | None:
    return _endings().get(_ending(name))


def _ending(name: str) -> str:
    """What stands behind the last dot, without the endings of packers: `a.json.gz` is JSON once it is unpacked."""
    parts = name.lower().rsplit("/", 1)[-1].split(".")
    while len(parts) > 2 and parts[-1] in {"gz", "bz2", "xz", "zst", "zstd", "gzip"}:
        parts.pop()
    return parts[-1] if len(parts) > 1 else ""


def _begins_json(content: bytes) -> bool:
    """Whether text under another name really is JSON: `[Reuters]` begins like a list, too."""
    text = content.decode("utf-8", "replace").lstrip()
    try:
        json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        return len(content) >= HEAD_BYTES and error.pos > len(text) - 64
    except (RecursionError, ValueError):
        return True
    return True


def _which_json(content: bytes, named: Kind | None) -> Kind:
    """JSON Lines if the first line is a value by itself and another one follows, else one JSON text."""
    first, _, rest = content.lstrip().partition(b"\n")
    if first[:1] == b"[" and named is not Kind.JSONL:
        return Kind.JSON
    if _is_value(first):
        return Kind.JSONL if rest.strip() or named is Kind.JSONL else Kind.JSON
    # Either the first line is broken, then the next is an object as well; or one object runs over many lines.
    second = rest.lstrip().partition(b"\n")[0]
    cut = named is Kind.JSONL and len(first) > 2 and not second
    if cut or (second.startswith(b"{") and (named is Kind.JSONL or _is_value(second))):
        # Unless it is one object after all, with another one on its second line.
        return Kind.JSON if len(content) < HEAD_BYTES and _is_value(content) else Kind.JSONL
    return Kind.JSON


def _is_value(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _past_prolog(content: bytes) -> int:
    """Where the first element stands: behind declarations, processing instructions and comments."""
    at = 0
    while match := BEFORE_ROOT.match(content, at):
        at = match.end()
    return at


def _is_mail(content: bytes) -> bool:
    head = content[:8_192].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    names = {name.lower() for name in MAIL_HEADER.findall(head)}
    return MAIL_HEADER.match(head) is not None and len(names) >= 3 and not names.isdisjoint(MAIL_PROOF)


def _is_mailbox(content: bytes) -> bool:
    first, second, *_ = [*content[:8_192].splitlines(), b"", b""]
    return MAILBOX_LINE.fullmatch(first) is not None and MAIL_HEADER.match(second) is not None


def _which_mail(content: bytes) -> Kind:
    head = content[:65_536].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return Kind.MHTML if MULTIPART_RELATED.search(head) and b"Snapshot-Content-Location" in head else Kind.EMAIL


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    text = resources.files("copydesk").joinpath("data/file_kinds.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _magic() -> tuple[tuple[bytes, int, Kind, str], ...]:
    rows = tomllib.loads(resources.files("copydesk").joinpath("data/file_kinds.toml").read_text(encoding="utf-8"))[
        "magic"
    ]
    return tuple((bytes.fromhex(row["hex"]), row.get("offset", 0), Kind(row["kind"]), row["name"]) for row in rows)


@cache
def _endings() -> dict[str, Kind]:
    tables = _tables()
    known = {ending: Kind(kind) for kind, endings in tables["endings"].items() for ending in endings}
    return known | dict.fromkeys(tables["other_text"]["endings"], Kind.OTHER_TEXT)
