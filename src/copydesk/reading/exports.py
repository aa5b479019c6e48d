"""Documents that ProQuest, Nexis Uni and Factiva export as text, one or many to a file → one record each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources

from copydesk.article import Form, RecordField, Refusal
from copydesk.encoding import decode
from copydesk.reading.found import Found, digest

Stated = list[tuple[str, str]]
"""Fields and their values, in the order of the document."""

# Matches a line: "Document 2 of 30".  Not: "Document 2 of 30 was torn."
_PROQUEST = re.compile(r"^[ \t]*Document (\d{1,5}) of \d{1,5}[ \t]*$", re.MULTILINE)
# Matches a line: "End of Document".  Not: "The end of document 4".
_NEXIS = re.compile(r"^[ \t]*End of Document[ \t]*$", re.MULTILINE)
# Matches a line: "Document PRTLDG0020240502ek5200012", also behind "AN".  Not: "Document 2 of 30".
_FACTIVA = re.compile(
    r"^(?:AN[ \t]+|AN[ \t]*\n)?Document [A-Z0-9]{3,10}(?:19|20)\d{6}[a-z0-9]{6,12}[ \t]*$", re.MULTILINE
)

# Matches a line: "____________".
_RULE = re.compile(r"_{5,}\Z")
# Matches: "ProQuest document link", "https://www.proquest.com/x".  Not: "A link to the past".
_ABOUT_SERVICE = re.compile(r"ProQuest document link\Z|https?://\S+\Z|Database copyright\b.*ProQuest", re.IGNORECASE)
# Matches: "May 2, 2024 Thursday", "2 May 2024".  Not: "May we live long".
_DAY = re.compile(
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2},"
    r"|\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)) \d{4}\b"
)
# Matches: "78 words", "1,204 words".  Not: "78 words of regret".
_WORDS = re.compile(r"\d[\d,.]{0,7} words\Z")
# Matches: "PD", "PD   2 May 2024".  Not: "IN THE beginning".
_CODE = re.compile(r"([A-Z]{2,3})(?:[ \t]{2,}(.*)|\t(.*)|[ \t]*)\Z")


def read_export(path: str, content: bytes) -> tuple[Found, ...]:
    """The documents of an export, each with what it states of itself as fields; () for any other text.

    What isn't laid out as a document of the service, such as the search above the first or behind the last, is a text
    by itself; where nothing is, the file is no export.
    """
    service = next((name for name, (sign, _, _) in _SERVICES.items() if sign.search(content)), None)
    if service is None:
        return ()
    decoded = decode(content, Form.TEXT)
    if isinstance(decoded, Refusal):
        return ()
    _, split, read = _SERVICES[service]
    parts = list(split(decoded.text.replace("\r\n", "\n").lstrip("\ufeff").replace("\f", "\n")))
    documents = [read(part) for part in parts]
    if not any(documents):
        return ()
    single = len(parts) == 1
    return tuple(
        _found(path, document or ([], part), digest(content if single else part.encode()), decoded.encoding)
        for part, document in zip(parts, documents, strict=True)
    )


def _found(path: str, document: tuple[Stated, str], sha256: str, encoding: str) -> Found:
    stated, text = document
    fields = tuple(RecordField(field, value, field) for field, value in stated if value)
    return Found(path, text, Form.TEXT, fields, sha256, encoding)


def _numbered(text: str) -> Iterator[str]:
    """ProQuest's documents: below the line that counts each, from one to the next; what stands above them first."""
    marks = list(_PROQUEST.finditer(text))
    numbers = [int(mark[1]) for mark in marks]
    if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        yield text
        return
    above = text[: marks[0].start()]
    if above.strip(" _\n"):
        yield above
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    yield from (text[mark.end() : end] for mark, end in zip(marks, ends, strict=True))


def _closed(mark: re.Pattern[str]) -> Callable[[str], Iterator[str]]:
    """Documents that each end with a line of this kind; what is behind the last is one more unless it is blank."""

    def split(text: str) -> Iterator[str]:
        start = 0
        for end in mark.finditer(text):
            yield text[start : end.end()]
            start = end.end()
        if start and text[start:].strip():
            yield text[start:]

    return split


def _read_proquest(text: str) -> tuple[Stated, str] | None:
    """Fields and text of a document: labels stand above and behind the text, which "Full text:" begins."""
    fields, body_label, mark = layout("proquest")
    blocks = [block.strip() for block in re.split(r"\n[ \t]*\n", text) if block.strip()]
    body = next((at for at, block in enumerate(blocks) if _label(block, {body_label: ""})), None)
    if body is None:
        return None
    last = len(blocks)
    while last > body + 1 and (_label(blocks[last - 1], fields) or _about_service(blocks[last - 1])):
        last -= 1
    if not any(_label(block, {mark: ""}) for block in blocks[last:]):
        return None
    labelled = [block for block in [*blocks[last:], *blocks[:body]] if _label(block, fields)]
    above = [_line(block) for block in blocks[:body] if block not in labelled and not _about_service(block)]
    stated = [(fields[_label(block, fields)], _value(block)) for block in labelled]
    # The headline stands first, without a label; all else that has none is text.
    named = dict(stated).get("title") or (above[0] if above else "")
    texts = [*(block for block in above if block != named), _value_lines(blocks[body]), *blocks[body + 1 : last]]
    return _once([("title", named), *stated]), "\n\n".join(filter(None, texts))


def _once(stated: Stated) -> Stated:
    """The first value of each field; names as "Last, First" turned, and no deck where there is no abstract."""
    first: dict[str, str] = {}
    for field, value in stated:
        if field and not (field == "deck" and value.casefold().startswith("none available")):
            first.setdefault(field, "; ".join(map(_turned, value.split(";"))) if field == "authors" else value)
    return list(first.items())


def _turned(name: str) -> str:
    """A name in the order of speech.

    >>> _turned("Roth, Lena"), _turned("Lena Roth")
    ('Lena Roth', 'Lena Roth')
    """
    last, comma, first = (part.strip() for part in name.strip().partition(", "))
    return f"{first} {last}" if comma and "," not in first else name.strip()


def _read_nexis(text: str) -> tuple[Stated, str] | None:
    """Fields and text of a document: headline, outlet and day first, then labels, "Body", "Classification"."""
    fields, body_label, mark = layout("nexis")
    lines = [line.strip() for line in text.strip().split("\n")]
    body = next((at for at, line in enumerate(lines) if line == body_label), None)
    end = next((at for at in range(len(lines) - 1, -1, -1) if lines[at] == "Classification"), None)
    head = [line for line in lines[:body] if line]
    day = next((at for at, line in enumerate(head) if _DAY.match(line)), 0)
    if body is None or end is None or day < 2 or not any(_label(line, {mark: ""}) for line in head):
        return None
    stated = [("title", " ".join(head[: day - 1])), ("outlet", head[day - 1]), ("published", head[day])]
    # The line below the day is the edition. The owner's is left to the rules about furniture.
    labelled = [line for line in head[day + 1 :] if _label(line, fields)]
    above = [line for at, line in enumerate(head[day + 1 :]) if line not in labelled and (at or is_owner(line))]
    below = _labelled(lines[end + 1 :], fields)
    if below is None:
        return None
    stated += [(fields[_label(line, fields)], _value(line)) for line in [*labelled, *below]]
    text = "\n".join(lines[body + 1 : end]).strip()
    return [(field, value) for field, value in stated if field], "\n\n".join([*above, text])


def _labelled(lines: list[str], fields: dict[str, str]) -> list[str] | None:
    """The labels with their values, which may go on in further lines; None where something else stands among them."""
    found: list[str] = []
    open_value = False
    for line in lines:
        if not line or _NEXIS.match(line):
            open_value = False
        elif _label(line, fields):
            found.append(line)
            open_value = True
        elif open_value:
            found[-1] += " " + line
        else:
            return None
    return found


def _read_factiva(text: str) -> tuple[Stated, str] | None:
    """Fields and text of a document, in the layout with codes or in that without."""
    return _read_coded(text) or _read_plain(text)


def _read_coded(text: str) -> tuple[Stated, str] | None:
    fields, body_label, mark = layout("factiva")
    values: dict[str, list[str]] = {}
    code = ""
    for line in text.strip("\n").split("\n"):
        begun = _CODE.match(line)
        if begun and begun[1] in fields and begun[1] not in values:
            code = begun[1]
            values[code] = [begun[2] or begun[3] or ""]
        elif code:
            values[code].append(line)
        elif line.strip():
            return None
    if not values.keys() >= {"HD", body_label, mark, "PD"}:
        return None
    texts = ["\n".join(values[code]).strip() for code in values if fields[code] == "text"]
    kept = [code for code in values if fields[code] not in ("", "text")]
    stated = [(fields[code], _line(" ".join(values[code]))) for code in kept]
    return stated, "\n\n".join(texts)


def _read_plain(text: str) -> tuple[Stated, str] | None:
    """Headline, perhaps a name, the number of words, the day, the outlet and what the archive notes; then the text."""
    head, _, body = text.strip().partition("\n\n")
    lines = [line.strip() for line in head.split("\n")]
    words = next((at for at, line in enumerate(lines) if _WORDS.match(line)), 0)
    below = lines[words + 1 :]
    # A time of day may stand between day and outlet.
    outlet = 2 if len(below) > 1 and re.fullmatch(r"\d\d:\d\d(?: GMT)?", below[1]) else 1
    if words == 0 or len(below) <= outlet or not _DAY.match(below[0]):
        return None
    named = words > 1 and (lines[words - 1].startswith("By ") or _is_name(lines[words - 1]))
    stated = [("title", " ".join(lines[: words - named])), ("published", below[0]), ("outlet", below[outlet])]
    owners = [line for line in below if is_owner(line)]
    text = _FACTIVA.sub("", body).strip()
    return [*stated, *([("authors", lines[words - 1])] if named else [])], "\n\n".join([*owners, text])


def _is_name(line: str) -> bool:
    """Whether a line below a headline may be a writer's name: two to four words, each with a capital."""
    words = line.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() and not word.isupper() for word in words)


def _label(block: str, labels: dict[str, str]) -> str:
    """The label that a block begins with, "" if it begins with none of these."""
    label, colon, _ = block.partition(":")
    return label if colon and label in labels else ""


def _value(block: str) -> str:
    return _line(_value_lines(block))


def _value_lines(block: str) -> str:
    return block.partition(":")[2].strip()


def is_owner(line: str) -> bool:
    """Whether a line says whose a text is.

    >>> is_owner("© 2024 The Post"), is_owner("The Post")
    (True, False)
    """
    return line.startswith(("©", "(c)", "Copyright"))


def _about_service(block: str) -> bool:
    return bool(_RULE.match(block) or _ABOUT_SERVICE.match(block))


def _line(text: str) -> str:
    return " ".join(text.split())


@cache
def layout(service: str) -> tuple[dict[str, str], str, str]:
    """The fields by label, the label that begins the text, and the one that no document is without."""
    text = resources.files("copydesk").joinpath("data/exports.toml").read_text(encoding="utf-8")
    row = tomllib.loads(text)[service]
    return row["fields"], row["body"], row["mark"]


_Reader = Callable[[str], tuple[Stated, str] | None]
_SERVICES: dict[str, tuple[re.Pattern[bytes], Callable[[str], Iterator[str]], _Reader]] = {
    "proquest": (re.compile(rb"ProQuest document ID"), _numbered, _read_proquest),
    "nexis": (re.compile(rb"End of Document"), _closed(_NEXIS), _read_nexis),
    "factiva": (re.compile(rb"Document [A-Z0-9]{3,10}(?:19|20)[0-9]{6}"), _closed(_FACTIVA), _read_factiva),
}
"""By service: what the bytes of every export have, how documents are parted, and how one is read."""
