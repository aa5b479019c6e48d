"""One walk over a parsed page: its text in block-sized segments, with what is counted on the way.

The walk is iterative (a page may nest 100,000 deep) and touches every node once. What can hold no
article text (scripts, navigation, form controls) is not entered. A segment ends where a
block-level element begins or ends, at two line breaks in a row, and at a single one after what
already reads like a paragraph: older pages have no other paragraphs.

`scan.py` does the same, compiled. This one is for a handful of pages, on which compiling wouldn't pay, and it says in
plain words what the other one has to find.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from copydesk.article import BlockKind
from copydesk.extraction.marks import element_name, mark_bits, read_marks
from copydesk.extraction.segments import Segments
from copydesk.extraction.tags import (
    BLOCK,
    BOLD,
    BR_PARAGRAPH_CHARS,
    BREAK,
    FOOTER,
    FRESH_KIND,
    IMAGE,
    ITALIC,
    KINDS,
    LINK,
    NOSCRIPT,
    ROLES,
    SCRIPT,
    SENTENCE_END,
    SKIP,
    TAG_CODES,
    TEXT,
)
from copydesk.extraction.walked import Columns


def walk(root: LexborNode, *, noscript: bool = False) -> Segments:
    """The segments under a node, in the order of the page; none if it has no text.

    With `noscript`, what a page shows to readers without scripts is read as well: some
    pages have their text only there, most have only image fallbacks.
    """
    return _Walker(noscript).run(root)


class _Walker:
    """The state of one walk: the open elements and the text since the last boundary."""

    __slots__ = (
        "bold", "bold_chars", "broken", "current", "filled", "hidden_bit", "italic", "italic_chars", "link",
        "link_chars", "links", "noscript", "out", "parts", "preformatted", "starts_linked",
    )  # fmt: skip

    bold_chars: int
    italic_chars: int
    link_chars: int
    filled: bool

    def __init__(self, noscript: bool) -> None:
        self.out = Columns()
        self.noscript = noscript
        self.hidden_bit = mark_bits()["hidden"]
        self.current = -1
        self.link = self.bold = self.italic = 0
        self.preformatted = False
        self._clear()

    def run(self, root: LexborNode) -> Segments:
        """Depth first with a stack of our own: the entered nodes and what each was entered as."""
        self._open(root, root.tag or "body")
        stack: list[tuple[LexborNode, int]] = [(root, BLOCK)]
        node, roles = root.child, ROLES
        while True:
            while node is None:
                left, role = stack.pop()
                self._leave(role)
                if not stack:
                    return self.out.freeze()
                node = left.next
            tag = node.tag or ""
            role = roles.get(tag, BLOCK)
            if role == TEXT:
                text = node.text_content or ""
                if self.filled or not text.isspace() or self.preformatted:
                    self._text(text)
            elif role != SKIP:
                role = self._enter(node, tag, role)
                if role != SKIP:
                    child = node.child
                    if child is not None:
                        stack.append((node, role))
                        node = child
                        continue
                    self._leave(role)
            node = node.next

    def _enter(self, node: LexborNode, tag: str, role: int) -> int:
        """What the element was entered as; `SKIP` where there is nothing below it to read."""
        if role == BLOCK:
            self._open(node, tag)
        elif role == LINK:
            self.link += 1
            self.links += 1
        elif role == BOLD:
            self.bold += 1
        elif role == ITALIC:
            self.italic += 1
        elif role == BREAK:
            self._line_break()
            return SKIP
        elif role == IMAGE:
            self.out.images[self.current] += 1
            return SKIP
        elif role > BLOCK:
            return self._enter_special(node, tag, role)
        return role

    def _enter_special(self, node: LexborNode, tag: str, role: int) -> int:
        if role == SCRIPT:
            if (node.attributes.get("type") or "").strip().lower() == "application/ld+json":
                self.out.json_ld.append(node.text(deep=True))
            return SKIP
        if role == FOOTER and not self._in_article():
            return SKIP
        if role == NOSCRIPT and not self.noscript:
            return SKIP
        self._open(node, tag)
        return BLOCK

    def _in_article(self) -> bool:
        """Whether an open element is the article or main element: its footer may hold a correction or a bio."""
        element, holders = self.current, (TAG_CODES["article"], TAG_CODES["main"])
        while element >= 0:
            if self.out.tags[element] in holders:
                return True
            element = self.out.parents[element]
        return False

    def _leave(self, role: int) -> None:
        if role == BLOCK:
            self._flush()
            out = self.out
            out.ends[self.current] = len(out.parents)
            self.current = parent = out.parents[self.current]
            self.preformatted = parent >= 0 and out.kinds[parent] is BlockKind.PREFORMATTED
        elif role == LINK:
            self.link -= 1
        elif role == BOLD:
            self.bold -= 1
        elif role == ITALIC:
            self.italic -= 1

    def _open(self, node: LexborNode, tag: str) -> None:
        self._flush()
        out, attributes = self.out, node.attributes
        name = element_name(attributes) if attributes else ""
        marks = read_marks(name) if name else 0
        if attributes and ("hidden" in attributes or "none" in (attributes.get("style") or "")):
            marks |= self.hidden_bit
        kind = KINDS.get(tag)
        if kind is None:
            kind = BlockKind.PARAGRAPH
            if self.current >= 0 and tag not in FRESH_KIND:
                kind = self._inherited_kind(tag)
        elif kind is BlockKind.LIST_ITEM and self._inherited_kind(tag) is BlockKind.QUOTE:
            kind = BlockKind.QUOTE
        out.parents.append(self.current)
        self.current = len(out.ends)
        out.ends.append(0)
        out.tags.append(TAG_CODES.get(tag, 0))
        out.marks.append(marks)
        out.names.append(name)
        out.kinds.append(kind)
        out.images.append(0)
        self.preformatted = kind is BlockKind.PREFORMATTED

    def _inherited_kind(self, tag: str) -> BlockKind:
        kind = self.out.kinds[self.current]
        if kind is BlockKind.TABLE_CELL and tag == "p":
            return BlockKind.PARAGRAPH
        return kind

    def _text(self, text: str) -> None:
        self.parts.append(text)
        if text.isspace():
            return
        if not self.filled:
            self.filled, self.starts_linked = True, self.link > 0
        self.broken = False
        if self.link or self.bold or self.italic:
            chars = len(text.strip())
            self.link_chars += chars if self.link else 0
            self.bold_chars += chars if self.bold else 0
            self.italic_chars += chars if self.italic else 0

    def _line_break(self) -> None:
        if self.preformatted:
            self.parts.append("\n")
        elif self.broken or self._reads_like_paragraph():
            self._flush()
        else:
            self.parts.append("\n")
            self.broken = True

    def _reads_like_paragraph(self) -> bool:
        if sum(map(len, self.parts)) < BR_PARAGRAPH_CHARS:
            return False
        text = "".join(self.parts).strip()
        return text.endswith(SENTENCE_END) and len(text) >= BR_PARAGRAPH_CHARS

    def _clear(self) -> None:
        self.parts: list[str] = []
        self.broken = self.filled = self.starts_linked = False
        self.link_chars = self.links = self.bold_chars = self.italic_chars = 0

    def _flush(self) -> None:
        """End the segment at hand, if there is any text in it."""
        if not self.filled:
            if self.parts:
                self.parts = []
            self.broken, self.links = False, 0
            return
        raw, out = "".join(self.parts), self.out
        if self.preformatted:
            text = "\n".join(line.rstrip() for line in raw.strip("\r\n").splitlines()).strip("\n")
            text = text if text.strip() else ""
        else:
            text = " ".join(raw.split())
        if "\xad" in text:
            text = text.replace("\xad", "")
        if text:
            out.texts.append(text)
            out.elements.append(self.current)
            out.link_chars.append(self.link_chars)
            out.links.append(self.links)
            out.bold_chars.append(self.bold_chars)
            out.italic_chars.append(self.italic_chars)
            out.starts_linked.append(self.starts_linked)
        self._clear()
