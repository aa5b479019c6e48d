"""Which blocks of an article the entries mean: by words, never by position."""

from __future__ import annotations

from collections.abc import Iterator

from copydesk.article import Action, Article, Block
from copydesk.overrides.keys import text_key
from copydesk.overrides.names import LINE_CHARS, Wordings, wordings_of
from copydesk.overrides.values import Entry, Overrides


def deciding_entries(article: Article, overrides: Overrides) -> dict[int, int]:
    """By position of a block, the entry that decides about it; empty where no entry means any.

    A paragraph's entry beats a line's, a line's of an outlet one of all outlets; then the later one holds.
    """
    held: dict[int, tuple[int, int]] = {}
    for position, number in matching_entries(article, overrides):
        entry = overrides.entries[number]
        weight = 2 if entry.articles else 1 if entry.outlet else 0
        held[position] = max(held.get(position, (-1, -1)), (weight, number))
    return {position: number for position, (_, number) in sorted(held.items())}


def matching_entries(article: Article, overrides: Overrides) -> Iterator[tuple[int, int]]:
    """All pairs of a block's position and an entry that means the block, entries of the article itself first."""
    own = overrides.of_article.get(article.article_id, ())
    if not own and not overrides.lines:
        return
    wordings = wordings_of(article)
    for number in own:
        for position in _find(article, overrides.entries[number], wordings):
            yield position, number
    if overrides.lines:
        yield from _lines(article, overrides, wordings)


def _find(article: Article, entry: Entry, wordings: Wordings) -> list[int]:
    key = entry.key
    found = [
        position
        for position, block in enumerate(article.blocks)
        if any(_same(text_key(text), key, entry.begins) for text in (block.text, *wordings.get(position, ())))
    ]
    return found if entry.nth is None else found[entry.nth - 1 : entry.nth]


def _same(key: str, wanted: str, begins: bool) -> bool:
    return key.startswith(wanted) if begins else key == wanted


def _lines(article: Article, overrides: Overrides, wordings: Wordings) -> Iterator[tuple[int, int]]:
    for position, block in enumerate(article.blocks):
        texts = {text for text in (block.text, *wordings.get(position, ())) if len(text) <= LINE_CHARS}
        numbers = {number for text in texts for number in overrides.lines.get(text_key(text), ())}
        yield from ((position, n) for n in sorted(numbers) if _of_outlet(article, overrides.entries[n]))


def _of_outlet(article: Article, entry: Entry) -> bool:
    known = (article.metadata.outlet, article.metadata.outlet_domain)
    return entry.outlet is None or entry.outlet.casefold() in {name.casefold() for name in known if name}


def is_joined(block: Block) -> bool:
    """Whether a removed block's words stand in the paragraph before: putting it back would double them."""
    return block.label == "joined"


def removals(article: Article, position: int) -> list[int]:
    """The places, among an article's decisions, of those that took a block out of its text."""
    gone = (Action.REMOVED, Action.MOVED)
    return [i for i, d in enumerate(article.decisions) if d.paragraph == position and d.action in gone]
