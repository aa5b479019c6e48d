"""Furniture out of one article: rules by kind, captions, bios, repeats, and repairs of what is left."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass

from copydesk.article import Action, Article, Block, BlockKind, Decision, decide
from copydesk.boilerplate.bare_words import Lines, stands_for_itself
from copydesk.boilerplate.bios import FOOT_LINES, introduces_speaker, lists_people, may_be_bio, reads_as_bio
from copydesk.boilerplate.captions import STOPS, is_pair, read_credit
from copydesk.boilerplate.first_look import FirstLook, look_over
from copydesk.boilerplate.repairs import continues, may_be_drop_cap, repair_broken_words, repair_drop_cap
from copydesk.boilerplate.repeats import find_repeats, word_key
from copydesk.boilerplate.rules import Place, first_match, headline_like
from copydesk.settings import Settings

STAGE = "boilerplate"
MAX_LISTED = 8
"""Headlines under one heading of a list. Longer lists were not seen, and a list without an end is none."""
MIN_OPENING_WORDS = 5
"""A paragraph that can open a text or a section. Shorter ones are subheads, speakers, lines of a list."""

OPENING_PARAGRAPHS = 3
"""Paragraphs at the start of a text in which a large first letter is looked for: captions and decks stand before it."""

LANGUAGES_OF_WORDS = ("en", "und")
"""Languages whose words the repairs know, and texts too short to say. Elsewhere one letter may be a whole word
("W negocjacjach", "A Lisbona", "O governo")."""

LONG_LINE_CHARS = 200
"""A longer line has five words or more and is no subhead: it needs no counting."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says about a block."""

    label: str
    rule: str
    field: str | None = None
    after: str | None = None
    score: float | None = None


def apply_rules(article: Article, settings: Settings) -> Article:  # noqa: ARG001  # every stage takes the settings
    """The article with its furniture removed or moved to a field, and what copying broke repaired.

    Blocks that an earlier stage took out are not looked at. Each pass sees what the one before it left; an
    article without kept blocks comes back as it is.

    >>> from copydesk.article import Source
    >>> blocks = (Block("Ayear has passed since the port froze over."), Block("Read more: Ice on the roads"))
    >>> apply_rules(Article("a", Source("a.txt", 0, None), blocks), Settings()).text
    'A year has passed since the port froze over.'
    """
    lines = kept_lines(article)
    meta = article.metadata
    look = look_over([block.text for _, block in lines], meta.title, meta.deck)
    bios = {lines[n][0] for n in look.bios}
    passes: tuple[Callable[[Article, Lines], list[Decision]], ...] = (
        lambda _, lines: _by_rule(lines, look),
        _by_list,
        _by_credit,
        lambda article, lines: _by_bio(article, lines, bios),
        _broken_lines,
        _repairs,
        lambda article, lines: _by_repeat(article, lines, look, count),
    )
    count = len(lines)
    for judge in passes:
        decisions = judge(article, lines)
        if decisions:
            article = decide(article, *decisions)
            lines = kept_lines(article)
    return article


def kept_lines(article: Article) -> Lines:
    """The kept blocks of an article, each with its position among all blocks."""
    return [(i, block) for i, block in enumerate(article.blocks) if block.kept]


def _decision(position: int, block: Block, verdict: Verdict) -> Decision:
    action = Action.MOVED if verdict.field else Action.REMOVED
    after = (verdict.after or block.text) if verdict.field else None
    return Decision(
        STAGE, action, verdict.label, verdict.rule, position, block.text, after, verdict.score, verdict.field
    )


def _by_rule(lines: Lines, look: FirstLook) -> list[Decision]:
    matches = ((n, first_match(rules, lines[n][1].text)) for n, rules in look.rules)
    found = {n: rule for n, rule in matches if rule is not None}
    return [
        _decision(*lines[n], Verdict(rule.label, rule.id, rule.field))
        for n, rule in found.items()
        if not stands_for_itself(lines, n, rule, found)
    ]


def _by_list(article: Article, _: Lines) -> list[Decision]:
    """Headlines under a heading of a list ("Related stories"): lines without a stop, up to the next paragraph."""
    headings = {d.paragraph for d in article.decisions if _heads_list(d)}
    found: list[Decision] = []
    blocks = article.blocks
    for heading in sorted(h for h in headings if h is not None):
        following = [i for i in range(heading + 1, len(blocks)) if blocks[i].kept or i in headings][: MAX_LISTED + 1]
        for n, position in enumerate(following[:MAX_LISTED]):
            after = following[n + 1] if n + 1 < len(following) else None
            if position in headings or not _listed(article, position, after):
                break
            found.append(_decision(position, blocks[position], Verdict("promo", "related-list/1")))
    return found


def _listed(article: Article, position: int, after: int | None) -> bool:
    """Whether a line belongs to a list of headlines; a headline may end with a stop only before that of another story:
    the article's own title over again follows on its text.
    """
    text = article.blocks[position].text
    if article.blocks[position].kind is BlockKind.PREFORMATTED:
        return False
    if headline_like(text):
        return True
    spoken = text[:1] in '"“' or " said" in text or " says" in text
    if not 1 <= text.count(" ") <= 14 or spoken or after is None:
        return False
    following = article.blocks[after].text
    return headline_like(following) and word_key(following) != word_key(article.metadata.title or "")


def _heads_list(decision: Decision) -> bool:
    if decision.stage != STAGE:
        return False
    return decision.rule.startswith("list-heading/") or decision.before.rstrip(" :.…").casefold() in {
        "read more",
        "more on this story",
        "more on this",
        "see also",
        "related",
        "see related",
    }


def _by_credit(article: Article, lines: Lines) -> list[Decision]:
    found: dict[int, Decision] = {}
    for n, (position, block) in enumerate(lines):
        if block.text.endswith(STOPS):
            continue
        credit = read_credit(block.text)
        if credit is None or (not credit.caption and n == 0):
            continue
        found[position] = _decision(
            position, block, Verdict("caption", f"credit-{credit.form}/2", "captions", credit.text)
        )
        for other in (n - 1, n + 1):
            if 0 <= other < len(lines) and credit.caption and is_pair(lines[other][1].text, credit.caption):
                at, pair = lines[other]
                found.setdefault(at, _decision(at, pair, Verdict("caption", "caption-pair/1", "captions")))
    _pair_moved_captions(article, found)
    return list(found.values())


def _pair_moved_captions(article: Article, found: dict[int, Decision]) -> None:
    """Add the kept line before a caption that a rule moved, where it is the same caption."""
    for position, block in enumerate(article.blocks[1:], 1):
        if block.field != "captions":
            continue
        before = article.blocks[position - 1]
        if before.kept and position - 1 not in found:
            credit = read_credit(block.text)
            caption = credit.caption if credit else block.text
            if is_pair(before.text, caption):
                found[position - 1] = _decision(position - 1, before, Verdict("caption", "caption-pair/1", "captions"))


def _by_bio(article: Article, lines: Lines, may_be: Container[int]) -> list[Decision]:
    """`may_be` are the positions of the blocks that have a word of a bio."""
    found = []
    for n, (position, block) in enumerate(lines):
        if position not in may_be or not may_be_bio(block.text, len(lines) - 1 - n):
            continue
        others = (other.text for m, (_, other) in enumerate(lines) if m != n)
        bio = reads_as_bio(block.text, Place(n, len(lines)), article.metadata.authors, others)
        speaks = bio and n + 1 < len(lines) and introduces_speaker(lines[n + 1][1].text)
        if bio and not speaks and block.kind is BlockKind.PARAGRAPH:
            found.append(_decision(position, block, Verdict("bio", "bio/2", "author_bio")))
    signed = any(author and author in one.before for one in found for author in article.metadata.authors)
    if found and not signed and lists_people([block.text for _, block in lines[-FOOT_LINES:]]):
        return []
    return found


def _by_repeat(article: Article, lines: Lines, look: FirstLook, count: int) -> list[Decision]:
    """`count` are the lines that were looked over. They are looked over again where much has changed since."""
    meta = article.metadata
    repaired = any(d.stage == STAGE and d.action is Action.REPAIRED for d in article.decisions)
    if repaired or count - len(lines) > look.spare:
        look, count = look_over([block.text for _, block in lines], meta.title, meta.deck), len(lines)
    if not look.may_repeat:
        return []
    words = look.words if count == len(lines) else None
    repeats = find_repeats([block.text for _, block in lines], meta.title, meta.deck, words or None)
    return [_decision(*lines[r.position], Verdict("repeated", r.rule)) for r in repeats]


def _broken_lines(_: Article, lines: Lines) -> list[Decision]:
    """A sentence broken over two lines is put together in the first; the second is gone into it."""
    if not any(block.text.lstrip()[:1].islower() for _, block in lines):
        return []  # No line goes on from another one, in most texts.
    paragraph = BlockKind.PARAGRAPH  # Asked once: the enumeration takes longer to answer than all the rest.
    lines = [(p, b) for p, b in lines if b.kind is paragraph]
    found: list[Decision] = []
    n = 0
    while n + 1 < len(lines):
        (at, block), (following_at, following) = lines[n], lines[n + 1]
        n += 1
        # Nearly all begin with a capital, and no sentence runs on into these.
        if following_at == at + 1 and not following.text[:1].isupper() and continues(block.text, following.text):
            whole = f"{block.text.rstrip()} {following.text.lstrip()}"
            found.append(Decision(STAGE, Action.REPAIRED, "joined", "broken-sentence/1", at, block.text, whole))
            found.append(Decision(STAGE, Action.REMOVED, "joined", "broken-sentence/1", following_at, following.text))
            n += 1
    return found


def _repairs(article: Article, lines: Lines) -> list[Decision]:
    """Broken words everywhere; a first letter in the first paragraphs and after a subhead, where pages set it large."""
    found = []
    opening = OPENING_PARAGRAPHS
    known_words = article.metadata.language in LANGUAGES_OF_WORDS
    subhead = BlockKind.SUBHEAD
    for position, block in lines:
        text = block.text
        broken = "-" in text and "- " in text  # A mark alone is found ten times as fast.
        if opening <= 0 and not broken and len(text) > LONG_LINE_CHARS:
            continue
        whole = text.count(" ") + 1 >= MIN_OPENING_WORDS
        large = whole and opening > 0 and known_words and may_be_drop_cap(text)
        for label, repaired in _repaired(text, broken=broken, large=large) if broken or large else ():
            found.append(Decision(STAGE, Action.REPAIRED, label, f"{label}/1", position, text, repaired))
            text = repaired
        heads = block.kind is subhead or not (whole or text.rstrip().endswith((".", "”", '"', ":")))
        opening = max(opening, 1) if heads else opening - whole
    return found


def _repaired(text: str, *, broken: bool, large: bool) -> Iterable[tuple[str, str]]:
    """The repairs that a paragraph needs, each on the text that the one before it left: of words that may be broken,
    of a first letter that may be set large.
    """
    if broken and (repaired := repair_broken_words(text)) is not None:
        yield "broken-word", repaired
        text = repaired
    if large and (repaired := repair_drop_cap(text)) is not None:
        yield "drop-cap", repaired
