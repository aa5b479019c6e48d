"""What each HTML element means for the walk: how it is entered, which kind of block its text is, its code.

Both walks read these tables (`walk.py`, node by node in Python, and `scan.py`, compiled), and so does the reader of
fragments.
"""

from __future__ import annotations

from copydesk.article import BlockKind

TEXT, SKIP, INLINE, LINK, BOLD, ITALIC, BREAK, BLOCK, SCRIPT, NOSCRIPT, FOOTER, IMAGE = range(12)
"""How an element is entered. SKIP: not at all; SCRIPT: only for JSON-LD; NOSCRIPT and FOOTER: under a condition."""

ROLES = {
    "-text": TEXT, "a": LINK, "b": BOLD, "strong": BOLD, "i": ITALIC, "em": ITALIC, "br": BREAK, "script": SCRIPT,
    "noscript": NOSCRIPT, "footer": FOOTER, "img": IMAGE, "amp-img": IMAGE,
}  # fmt: skip
"""The role of each tag; a tag that isn't here is a block."""

_SKIPPED = (
    "-comment", "-cdata", "style", "svg", "template", "head", "iframe", "select", "option", "optgroup", "button",
    "input", "textarea", "object", "embed", "canvas", "video", "audio", "map", "datalist", "dialog", "nav", "progress",
    "meter", "frame", "frameset", "noframes", "amp-ad", "amp-sidebar", "amp-consent", "amp-analytics", "amp-iframe",
    "link", "meta", "title", "base", "applet",
)  # fmt: skip
_INLINE = (
    "abbr", "acronym", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "font", "ins", "kbd", "label",
    "mark", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "small", "span", "strike", "sub", "sup", "time", "tt",
    "u", "var", "wbr", "nobr", "blink", "picture", "source", "param", "track", "output", "slot", "g-emoji", "math",
    "mi", "mo", "mn", "mrow", "msup", "msub", "mtext", "semantics", "annotation",
)  # fmt: skip
# A processing instruction has no name.
ROLES |= dict.fromkeys(_SKIPPED, SKIP) | dict.fromkeys(_INLINE, INLINE) | {"": SKIP}

KINDS = {
    "li": BlockKind.LIST_ITEM,
    "dd": BlockKind.LIST_ITEM,
    "dt": BlockKind.LIST_ITEM,
    "blockquote": BlockKind.QUOTE,
    "figcaption": BlockKind.CAPTION,
    "td": BlockKind.TABLE_CELL,
    "th": BlockKind.TABLE_CELL,
    "pre": BlockKind.PREFORMATTED,
    "listing": BlockKind.PREFORMATTED,
    "xmp": BlockKind.PREFORMATTED,
} | dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.SUBHEAD)
"""The kind of the text in an element; in any other it is that of the element around it."""

KIND_ORDER = (
    BlockKind.PARAGRAPH,
    BlockKind.SUBHEAD,
    BlockKind.LIST_ITEM,
    BlockKind.QUOTE,
    BlockKind.TABLE_CELL,
    BlockKind.CAPTION,
    BlockKind.PREFORMATTED,
)
"""The place of a kind in this tuple is its code."""
KIND_CODES = {kind: code for code, kind in enumerate(KIND_ORDER)}

FRESH_KIND = frozenset(("article", "section", "main", "table", "aside", "figure", "form"))
"""Elements inside which a list item or a cell around them no longer says what the text is."""

TAGS = (
    "other", "body", "div", "p", "li", "ul", "ol", "dl", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "td",
    "th", "tr", "tbody", "table", "blockquote", "figcaption", "figure", "pre", "article", "section", "main", "aside",
    "header",
    "footer", "form", "details", "summary", "center", "address", "fieldset", "noscript", "a", "span",
)  # fmt: skip
"""Tags that the features tell apart; the place in this tuple is the tag's code, 0 any other."""
TAG_CODES = {tag: code for code, tag in enumerate(TAGS)}

VOID = frozenset(
    ("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
     "meta", "param", "source", "track", "wbr")
)  # fmt: skip
"""Elements without content: the parser writes no end tag for them (HTML standard, 13.3, serializing fragments)."""

RAW_TEXT = frozenset(("style", "script", "xmp", "iframe", "noembed", "noframes", "plaintext"))
"""Elements whose text the parser writes without escapes (the same section)."""

UNSCANNED = frozenset(("math", "plaintext"))
"""Elements whose serialised form doesn't parse as what it was (a `base` in MathML gets an end tag, `plaintext` never
ends): a page with one is read node by node, or its blocks would depend on how many pages came before it. Found by
holding the two walks against each other on random markup."""

BR_PARAGRAPH_CHARS = 80
"""A line before a single line break is a paragraph of its own from this length on, if it also ends
like a sentence. Lower, and poems and addresses fall apart; higher, and old pages become one paragraph."""

SENTENCE_END = tuple('.!?…。！？؟۔।:"”’»」)')
"""What a line that is a paragraph of its own ends with."""
