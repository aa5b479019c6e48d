"""What judging needs of an article, taken from its text once and kept: words, counts and bounds as Arrow columns.

A table of these columns has one row per article. Nothing in a row depends on other articles, so rows are made when an
article is examined and read again every night. Words that stand in more than two articles of five of the background
carry no subject; they are counted and left out, which halves the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from copydesk.article import Article, Block, BlockKind, Outcome
from copydesk.boilerplate.rules import headline_like
from copydesk.contamination.background import Background, load_background
from copydesk.contamination.block_keys import KEYS, keys_compiled, keys_plainly
from copydesk.contamination.openings import has_dateline
from copydesk.contamination.pace import PACE
from copydesk.contamination.stubs import PLENTY_WORDS, is_plenty
from copydesk.contamination.tokens import Tokens, article_tokens, sort_parts

COLUMNS = pa.schema(
    [
        pa.field("words", pa.list_(pa.uint32()), nullable=False),
        pa.field("tokens", pa.list_(pa.uint16()), nullable=False),
        pa.field("counts", pa.list_(pa.uint8()), nullable=False),
        pa.field("distinct", pa.list_(pa.int32()), nullable=False),
        pa.field("positions", pa.list_(pa.int32()), nullable=False),
        pa.field("lengths", pa.list_(pa.int32()), nullable=False),
        pa.field("known", pa.list_(pa.int32()), nullable=False),
        pa.field("leads", pa.list_(pa.float32()), nullable=False),
        pa.field("marks", pa.list_(pa.uint16()), nullable=False),
        pa.field("keys", pa.list_(pa.uint32()), nullable=False),
    ]
)
"""By article: `words`, its distinct words, sorted: the row in the background, or UNKNOWN and the upper 31 bits of the
hash. By kept block in reading order, the title (maybe empty) last: how many `distinct` words it has; `positions` among
the article's blocks, -1 for the title; `lengths` in words; how many of these are `known`; `leads`, how much its words
stand in leads elsewhere (sum of log-odds); `marks`, with how it is TYPED; KEYS `keys`, by which copies of it are found,
0 for none. By distinct word of a block, a token: `tokens`, the position in `words`; `counts`, how often it stands there
(up to 127), 128 more if it stood as a name."""

UNKNOWN = 1 << 31
"""The bit of a word's number that says that the background doesn't know it."""
NAME, MAX_COUNT = 128, 127
"""Of `counts`: what is added where the token stood as a name, and the most that is counted."""
MAX_ARTICLE_WORDS = 1 << 16
"""Distinct words of an article; one with more (a book, a word list) has empty columns and isn't judged."""
MAX_BLOCKS = 500
"""Kept blocks of an article; one with more (a live blog, a hostile page) has empty columns and isn't judged: its
paragraphs are strangers to each other, and holding each against each would take minutes."""
MIN_WORDS = 12
"""Shorter paragraphs are never judged: they have too few words to tell, and speakers and subheads are among them."""
MIN_KEY_WORDS = 6
"""Distinct words that a paragraph must have to be looked for elsewhere."""
MIN_TITLE_WORDS = 4
"""The same for a title and for a line that reads like one: with fewer, "What we know so far" would be a title."""

MAX_HEADLINE_CHARS = 240
"""A longer line isn't asked whether it reads like a headline."""
JUDGED, HEADLINE, DATELINE, QUOTED, PLENTY = 1, 2, 4, 8, 16
"""Marks of a block: it is prose of at least MIN_WORDS words; it reads like a headline; it opens with a place and an
agency, as the first paragraph of a story does; it opens with a quotation mark, as others do; it is text enough for an
article to be one, whatever else is taken out of it (`stubs.is_plenty`)."""
ENOUGH = 3
"""Blocks of an article that get the last of these marks: hardly ever are all of them taken out, and to look costs."""
TYPED = 8
"""The bits of a mark from this one on say how a block is typed (`typed_with`)."""
CURLED, STRAIGHT, APOSTROPHE, PRIME, SPACED, TIGHT, SHORT, DOUBLED = (1 << bit for bit in range(8))
"""Quotation marks, apostrophes, and dashes: long ones with spaces or without, short ones, two hyphens."""
QUOTES = "\"'“‘«„‹「"
PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE)
READ = (*PROSE, BlockKind.SUBHEAD)  # In no set: Python takes longer to hash one than to look through four.


def paragraph_columns(
    articles: Sequence[Article], background: Background | None = None, tokens: Tokens | None = None
) -> pa.Table:
    """The columns of these articles, one row each in the same order; empty lists where there is nothing to judge.

    `background` is the one that ships with the package, if none is given; `tokens` are the `article_tokens`, if they
    are known.

    >>> from copydesk.article import Block, Source
    >>> blocks = Block("The port of Lindhaven froze."), Block("Ships wait for Lindhaven.")
    >>> row = paragraph_columns([Article("a", Source("a.txt", 0, None), blocks)]).to_pylist()[0]
    >>> row["lengths"], row["positions"], len(row["words"])
    ([5, 4, 0], [0, 1, -1], 5)
    """
    standing = [[i for i, block in enumerate(article.blocks) if block.kept] for article in articles]
    kept = [rows if _is_judged(a, rows) else [] for a, rows in zip(articles, standing, strict=True)]
    chosen = np.repeat([bool(rows) for rows in kept], [len(rows) + 1 for rows in standing])
    read = [
        r for a, rows in zip(articles, standing, strict=True) for r in (*(a.blocks[i].kind in READ for i in rows), 1)
    ]
    own = (tokens or article_tokens(articles)).of(chosen.astype(np.bool_), np.array(read, np.bool_))
    sizes = np.array([len(rows) + 1 if rows else 0 for rows in kept], np.int64)
    words = (own.spaces + 1).tolist()
    marks: list[int] = []
    for article, rows in zip(articles, kept, strict=True):
        if rows:
            marks += _marks([article.blocks[i] for i in rows], words[len(marks) : len(marks) + len(rows) + 1])
    positions = [i for rows in kept if rows for i in (*rows, -1)]
    blockwise = np.array(positions, np.int32), np.array(marks, np.uint16)
    return _table(own, sizes, *blockwise, background or load_background())


def _is_judged(article: Article, standing: Sequence[int]) -> bool:
    return article.outcome is Outcome.CLEAN and len(standing) <= MAX_BLOCKS


def _marks(blocks: Sequence[Block], words: Sequence[int]) -> list[int]:
    """The marks of blocks of so many words each, and of the title behind them, which has none."""
    marks = [0] * len(words)
    plenty = 0
    for n, block in enumerate(blocks):
        text, prose = block.text, block.kind in PROSE
        if prose and words[n] >= MIN_WORDS:
            marks[n] = JUDGED | QUOTED * (text[0] in QUOTES) | DATELINE * has_dateline(text)
            if plenty < ENOUGH and words[n] >= PLENTY_WORDS and is_plenty(text):
                marks[n] |= PLENTY
                plenty += 1
        if len(text) <= MAX_HEADLINE_CHARS and headline_like(text):
            marks[n] |= HEADLINE
        if prose:
            marks[n] |= typed_with(text) << TYPED
    return marks


def typed_with(text: str) -> int:
    """The bits of the quotation marks, apostrophes and dashes that a text has, 0 for none.

    >>> typed_with("“It’s cold,” she said.") == CURLED | APOSTROPHE, typed_with("Ice, ice.")
    (True, 0)
    """
    # A mark alone is found ten times as fast as with what stands beside it, and most texts don't have it.
    typed = STRAIGHT * ('"' in text) | PRIME * ("'" in text) | DOUBLED * ("-" in text and "--" in text)
    if text.isascii():
        return typed
    dash = (SPACED if " — " in text else TIGHT) if "—" in text else 0
    return typed | CURLED * ("“" in text) | APOSTROPHE * ("’" in text) | dash | SHORT * ("–" in text and " – " in text)


def _table(
    tokens: Tokens,
    sizes: NDArray[np.int64],
    positions: NDArray[np.int32],
    marks: NDArray[np.uint16],
    background: Background,
) -> pa.Table:
    """The columns; `sizes` has the number of blocks of each article, its title among them."""
    counted = _count_compiled(tokens, sizes, background) if PACE.is_fast else _count(tokens, sizes, background)
    by_block = np.zeros(sizes.size + 1, np.int64)
    np.cumsum(sizes, out=by_block[1:])
    by_token = counted.bounds[by_block]
    least = np.where(marks & HEADLINE, MIN_TITLE_WORDS, MIN_KEY_WORDS)
    least[by_block[1:][sizes > 0] - 1] = MIN_TITLE_WORDS
    words = counted.words[np.repeat(counted.firsts[:-1], np.diff(by_token)) + counted.tokens]
    keys_of = keys_compiled if PACE.is_fast else keys_plainly
    columns: dict[str, tuple[NDArray[np.int64], NDArray[Any]]] = {
        "words": (counted.firsts, counted.words),
        "tokens": (by_token, counted.tokens),
        "counts": (by_token, counted.counts),
        "distinct": (by_block, np.diff(counted.bounds)),
        "positions": (by_block, positions),
        "lengths": (by_block, np.diff(tokens.starts)),
        "known": (by_block, counted.known),
        "leads": (by_block, counted.leads),
        "marks": (by_block, marks),
        "keys": (by_block * KEYS, keys_of(words, counted.bounds, least, background)),
    }
    lists = [_lists(*columns[field.name], field.type) for field in COLUMNS]
    return _without_giants(pa.Table.from_arrays(lists, schema=COLUMNS))


@dataclass(frozen=True, slots=True)
class _Counted:
    """The distinct telling words of articles (those of article i begin at `firsts[i]`), the tokens of all blocks and
    their counts (those of block i begin at `bounds[i]`), and by block the number of known words and the sum of leads.
    """

    firsts: NDArray[np.int64]
    words: NDArray[np.uint32]
    tokens: NDArray[np.uint16]
    counts: NDArray[np.uint8]
    bounds: NDArray[np.int64]
    known: NDArray[np.int64]
    leads: NDArray[np.float64]


def _count(tokens: Tokens, sizes: NDArray[np.int64], background: Background) -> _Counted:
    lengths = np.diff(tokens.starts)
    block = np.repeat(np.arange(lengths.size), lengths)
    rows = background.rows(tokens.words)
    known = np.bincount(block, rows >= 0, lengths.size)
    leads = np.bincount(block, np.where(rows >= 0, background.leads[rows], 0), lengths.size)
    telling = np.flatnonzero((rows < 0) | (background.idf[rows] > 0))
    owner = np.repeat(np.arange(sizes.size), sizes)
    block, rows = block[telling], rows[telling]
    ids = np.where(rows >= 0, rows, UNKNOWN | (tokens.words[telling] >> np.uint32(1)).astype(np.int64))
    distinct, ids = np.unique((owner[block] << 32) | ids, return_inverse=True)
    firsts = np.searchsorted(distinct, np.arange(sizes.size + 1) << 32)
    pairs, token = np.unique((block << 32) | ids, return_inverse=True)
    counts = np.minimum(np.bincount(token, minlength=pairs.size), MAX_COUNT).astype(np.uint8)
    counts[np.unique(token[tokens.names[telling]])] |= NAME
    block, ids = pairs >> 32, pairs & 0xFFFFFFFF
    words = (distinct & 0xFFFFFFFF).astype(np.uint32)
    bounds = np.searchsorted(block, np.arange(lengths.size + 1))
    places = (ids - firsts[owner[block]]).astype(np.uint16)
    return _Counted(firsts, words, places, counts, bounds, known.astype(np.int64), leads.astype(np.float64))


def _count_compiled(tokens: Tokens, sizes: NDArray[np.int64], background: Background) -> _Counted:
    """As `_count`, with sorts of one article at a time, which stay in the cache."""
    from copydesk.contamination.compiled import count_distinct, find_telling, place_words

    blocks, total = tokens.starts.size - 1, tokens.words.size
    pairs, block_of = np.empty(total, np.uint64), np.empty(total, np.int64)
    telling, known, leads = np.empty(blocks, np.int64), np.zeros(blocks, np.int64), np.zeros(blocks)
    tables = background.words, background.buckets, background.idf, background.leads
    count = find_telling(tokens.words, tokens.starts, tables, UNKNOWN, pairs, telling, block_of, known, leads)
    pairs, ends = pairs[:count], np.append(0, telling)[np.cumsum(sizes)]
    sort_parts(pairs, ends)
    firsts, bounds = np.zeros(sizes.size + 1, np.int64), np.zeros(blocks + 1, np.int64)
    words = np.empty(count_distinct(pairs, ends, block_of, firsts, bounds[1:]), np.uint32)
    np.cumsum(bounds, out=bounds)
    places, counts = np.empty(bounds[-1], np.uint16), np.empty(bounds[-1], np.uint8)
    place_words(pairs, ends, block_of, tokens.names, bounds.copy(), words, places, counts, MAX_COUNT)
    return _Counted(firsts, words, places, counts, bounds, known, leads)


def _lists(offsets: NDArray[np.int64], values: NDArray[np.generic], kind: pa.ListType) -> pa.Array:
    flat = pa.array(values.astype(kind.value_type.to_pandas_dtype(), copy=False), kind.value_type)
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat, type=kind)


def _without_giants(table: pa.Table) -> pa.Table:
    """The table with empty rows for articles of more distinct words than a token can number."""
    giant = pc.greater(pc.list_value_length(table.column("words")), MAX_ARTICLE_WORDS)
    if not pc.any(giant).as_py():
        return table
    empty = {field.name: pa.scalar([], field.type) for field in COLUMNS}
    columns = [pc.if_else(giant, empty[name], table.column(name)) for name in COLUMNS.names]
    return pa.Table.from_arrays(columns, schema=COLUMNS)
