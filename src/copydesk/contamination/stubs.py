"""Records that hold no article: nothing left, a consent page, a stub, a section front."""

from __future__ import annotations

import re
from dataclasses import replace

from copydesk.article import Action, Article, Block, BlockKind, Outcome, Refusal
from copydesk.settings import Settings

MIN_STUB_WORDS = 8
"""Fewer words than this and no whole sentence is no article. A brief of one sentence is one, however short."""
MAX_CONSENT_WORDS = 40
"""So many words beside a notice on cookies are something else, whole sentences or not."""
MIN_FRONT_LINES = 10
"""A section front lists at least so many headlines."""
MAX_FRONT_SENTENCES = 0.1
"""Share of lines that end like a sentence, up to which a page of short lines is a list of headlines. Verse and lists
inside an article stand beside sentences."""
MAX_FRONT_WORDS = 14
"""Words that the lines of a section front have on average; none has twice as many."""
PLENTY_WORDS = MAX_CONSENT_WORDS
"""A paragraph of so many words is no short line, and more than a stub or a notice on cookies has beside it: while it
stays, its article is one."""
PLENTY_CHARS = 6 * PLENTY_WORDS
"""A shorter paragraph mostly has fewer words than that, so these aren't counted for a quick answer."""
WIDE_CHARS = 3.0
"""Characters per word in scripts without spaces (Chinese, Japanese, Thai), so that their briefs count as such."""

# "港", "か", "ก"; not "a", "д", "한"
WIDE = re.compile("[\u0e00-\u0e7f\u3040-\u9fff\uf900-\ufaff]")
# "Prices rose.", "说。"; not "Prices rise", "World"
SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’»)\]]*\s*$")
CONSENT_RULES = frozenset({"consent", "consent-partners", "script-notice"})
NO_PROSE = (BlockKind.TABLE_CELL, BlockKind.PREFORMATTED)


def check_article(article: Article, settings: Settings) -> Article:  # noqa: ARG001  # every stage takes the settings
    """The article, with outcome `no_article` and a reason where nothing that is an article is left of it.

    A record that has another outcome already keeps it. A brief of one whole sentence under a title is an article.

    >>> from copydesk.article import Source
    >>> source = Source("a.txt", 0, None)
    >>> check_article(Article("a", source, (Block("Loading"),)), Settings()).reason
    'stub: 1 word and no sentence'
    >>> check_article(Article("a", source, (Block("The port froze overnight."),)), Settings()).reason
    ''
    """
    if article.outcome is not Outcome.CLEAN or any(map(_makes_article, article.blocks)):
        return article
    refusal = _why_none(article)
    if refusal is None:
        return article
    return replace(article, outcome=Outcome.NO_ARTICLE, reason=str(refusal))


def _makes_article(block: Block) -> bool:
    """Whether a block alone has more words than a stub, a notice on cookies or a line of a section front."""
    if len(block.text) < PLENTY_CHARS or not block.kept or block.kind in NO_PROSE:
        return False
    return is_plenty(block.text)


def _why_none(article: Article) -> Refusal | None:
    kept = [block for block in article.blocks if block.kept and block.text.strip()]
    consent = sum(d.action is Action.REMOVED and d.rule.split("/")[0] in CONSENT_RULES for d in article.decisions)
    if not kept:
        if consent:
            return Refusal("consent_page", "only a notice on cookies, scripts or access is there")
        return Refusal("nothing_left", _what_went(article))
    words = _count_up_to(MAX_CONSENT_WORDS, kept)
    if words < MIN_STUB_WORDS and not _has_sentence(kept):
        return Refusal("stub", f"{words} word{'s' * (words != 1)} and no sentence")
    if consent and words < MAX_CONSENT_WORDS and not _has_sentence(kept):
        return Refusal("consent_page", f"a notice on cookies, scripts or access and {words} words without a sentence")
    prose = [b for b in kept if b.kind not in NO_PROSE]
    if len(prose) >= MIN_FRONT_LINES and _all_short(prose):
        sentences = sum(bool(SENTENCE_END.search(block.text)) for block in kept)
        if sentences <= MAX_FRONT_SENTENCES * len(prose):
            return Refusal("section_front", f"{len(prose)} short lines, {sentences} of them sentences")
    return None


def _count_up_to(enough: int, blocks: list[Block]) -> int:
    """The words of the blocks; of a long text only so many that there are enough."""
    words = 0
    for block in blocks:
        words += count_words(block.text)
        if words >= enough:
            break
    return words


def _what_went(article: Article) -> str:
    gone = sorted({block.label for block in article.blocks})
    return f"all {len(article.blocks)} blocks are {', '.join(gone)}" if gone else "the record has no text"


def _has_sentence(kept: list[Block]) -> bool:
    return any(SENTENCE_END.search(block.text) and count_words(block.text) >= 4 for block in kept)


def _all_short(blocks: list[Block]) -> bool:
    return all(count_words(block.text) <= 2 * MAX_FRONT_WORDS for block in blocks) and (
        sum(count_words(block.text) for block in blocks) <= MAX_FRONT_WORDS * len(blocks)
    )


def is_plenty(text: str) -> bool:
    """Whether a paragraph alone makes what it stands in an article, for `check_article`; told quickly, so that of those
    in scripts without spaces it is never said.

    >>> is_plenty("The port froze overnight. " * 10 + "Ships wait."), is_plenty("The port froze overnight.")
    (True, False)
    """
    # In most scripts a character has at most two bytes; all of the wide ones have three.
    if not text.isascii() and len(text.encode("utf-8", "surrogatepass")) >= 2 * len(text):
        return False
    return len(text.split(maxsplit=PLENTY_WORDS - 1)) == PLENTY_WORDS  # No further word is looked for.


def count_words(text: str) -> int:
    """The words of a text; scripts without spaces count by characters.

    >>> count_words("The port froze."), count_words("港口结冰了，船只无法离开")
    (3, 4)
    """
    wide = 0 if text.isascii() else len(WIDE.findall(text))
    if wide * 2 > len(text):
        return round(wide / WIDE_CHARS)
    return len(text.split())
