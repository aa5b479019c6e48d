"""What learning furniture needs to know of an article: a few numbers for each of its lines, taken once.

A line is a kept block of at most 60 words. Its key is a hash of the outlet and of the line's words: lines of one key
are the same line of the same outlet. It has 64 bits, so that among ten million lines two strangers share one in three
of a million corpora.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from copydesk.article import Article, BlockKind
from copydesk.boilerplate.folding import fold_lines
from copydesk.contamination.background import load_background
from copydesk.contamination.pace import PACE
from copydesk.contamination.tokens import Tokens, article_tokens, sort_within
from copydesk.sieve import Sieve, sieve
from copydesk.spread import Spread, lying

MAX_WORDS = 60
"""Longer lines that recur are paragraphs of background."""
READ = 2048
"""Articles whose lines are looked at together."""

BLANK = ord(" ")

LINE = pa.struct(
    [
        pa.field("key", pa.uint64(), nullable=False),
        pa.field("position", pa.int32(), nullable=False),
        pa.field("before", pa.int32(), nullable=False),
        pa.field("after", pa.int32(), nullable=False),
        pa.field("words", pa.int32(), nullable=False),
        pa.field("may_recur", pa.bool_(), nullable=False),
        pa.field("related", pa.float32(), nullable=False),
    ]
)
"""A line: its key, its position among all blocks, how many kept blocks stand before and after it, its words, whether it
can be furniture by its form, and the share of the weight of its words that stands elsewhere in the article (0 to 1)."""

LINES = pa.large_list(pa.field("item", LINE, nullable=False))


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of many articles, one after the other; all arrays of shape (lines,). `owner` is the article's row."""

    owner: NDArray[np.int64]
    keys: NDArray[np.uint64]
    position: NDArray[np.int32]
    before: NDArray[np.int32]
    after: NDArray[np.int32]
    words: NDArray[np.int32]
    may_recur: NDArray[np.bool_]
    related: NDArray[np.float32]


def _before_key(outlet: str) -> bytes:
    return f"{outlet}\0".encode("utf-8", "surrogatepass")


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=8).digest()


def standing_lines(articles: Sequence[Article], tokens: Tokens | None = None) -> pa.Array:
    """The lines of each article (type `LINES`); none for an article of unknown outlet, which teaches nothing.

    `tokens` are the `article_tokens`, if they are known.
    """
    kept = [[i for i, block in enumerate(article.blocks) if block.kept] for article in articles]
    tokens = tokens or article_tokens(articles)
    sizes = np.array([len(places) for places in kept], np.int64)
    owner = np.repeat(np.arange(sizes.size), sizes)
    words = np.delete(tokens.spaces + 1, np.cumsum(sizes + 1) - 1)  # without titles
    known = np.array([_outlet(article) is not None for article in articles], np.bool_)
    chosen = np.flatnonzero((words <= MAX_WORDS) & known[owner])
    counts = np.bincount(owner[chosen], minlength=sizes.size)
    bounds = pa.array(np.append(0, np.cumsum(counts)), pa.int64())
    if not chosen.size:
        return pa.LargeListArray.from_arrays(bounds, pa.array([], LINE)).cast(LINES)
    # Of the others nothing is asked, and to weigh their words takes as long as all the rest.
    related = _related(tokens, sizes + 1, counts > 0)[chosen]
    flat = _lines(articles, kept, chosen, words[chosen], related)
    return pa.LargeListArray.from_arrays(bounds, flat).cast(LINES)


def _outlet(article: Article) -> str | None:
    return article.metadata.outlet_domain or article.metadata.outlet


def _lines(
    articles: Sequence[Article],
    kept: Sequence[Sequence[int]],
    chosen: NDArray[np.int64],
    words: NDArray[np.int64],
    related: NDArray[np.float64],
) -> pa.Array:
    """The lines of articles, given the positions of the kept blocks, and which of these are lines; for each line
    `words` and `related` have the number of words and a share.
    """
    blocks = [article.blocks[i] for article, places in zip(articles, kept, strict=True) for i in places]
    sizes = np.array([len(places) for places in kept], np.int64)
    owner = np.repeat(np.arange(sizes.size), sizes)
    before = np.arange(owner.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    position = np.fromiter(chain.from_iterable(kept), np.int64, owner.size)
    lines, subhead = [blocks[n] for n in chosen.tolist()], BlockKind.SUBHEAD
    starts = [_before_key(_outlet(article) or "") for article in articles]
    folded = zip([starts[n] for n in owner[chosen].tolist()], _word_keys([line.text for line in lines]), strict=True)
    keys = np.frombuffer(b"".join([_digest(start + key) for start, key in folded]), np.dtype("<u8"))
    may_recur = [line.kind is not subhead and _may_recur(line.text) for line in lines]
    after = (sizes[owner] - 1 - before)[chosen]
    columns = (keys, position[chosen], before[chosen], after, words, may_recur, related)
    arrays = [pa.array(values).cast(field.type) for values, field in zip(columns, LINE, strict=True)]
    return pa.StructArray.from_arrays(arrays, fields=list(LINE))


def _word_keys(lines: Sequence[str]) -> list[bytes]:
    """The `word_key` of each line, as bytes: of blanks in a row the first one is kept, and none at either end."""
    raw = np.frombuffer(fold_lines(lines), np.uint8)
    stays = raw != BLANK
    stays[1:] |= raw[:-1] > BLANK
    return [line.rstrip(b" ") for line in raw[stays].tobytes().split(b"\n")] if lines else []


def _may_recur(text: str) -> bool:
    """Whether a line can be furniture at all, by its form."""
    stripped = text.strip()
    return not stripped.endswith(("?", ":", "?”", '?"')) and stripped[:1] not in '"“‘«„'


def _related(tokens: Tokens, sizes: NDArray[np.int64], asked: NDArray[np.bool_]) -> NDArray[np.float64]:
    """For each kept block of the articles that are asked for, the share of the weight of its words that stands
    elsewhere in the article, its title included; 1 for a block without words, and for those of other articles. `sizes`
    has the kept blocks of each article, the title among them.
    """
    shares = np.ones(tokens.starts.size - 1)
    paragraphs = np.repeat(asked, sizes)
    part = tokens if asked.all() else tokens.of(paragraphs, paragraphs)
    shares[paragraphs] = (shares_compiled if PACE.is_fast else shares_plainly)(part, sizes[asked])
    without_titles: NDArray[np.float64] = np.delete(shares, np.cumsum(sizes) - 1)
    return without_titles


def shares_compiled(tokens: Tokens, sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """As `shares_plainly`, article by article in machine code."""
    from copydesk.contamination.compiled import find_rows, weigh_paragraphs

    background = load_background()
    weights = _background_weights()
    paragraph = np.repeat(np.arange(tokens.starts.size - 1), np.diff(tokens.starts))
    pairs, ends = sort_within(tokens.words.astype(np.uint64), paragraph, tokens.starts[np.cumsum(sizes)])
    rows = np.empty(pairs.size, np.int64)
    find_rows((pairs >> np.uint64(32)).astype(np.uint32), background.words, background.buckets, rows)
    total, shared = np.zeros(tokens.starts.size - 1), np.zeros(tokens.starts.size - 1)
    weigh_paragraphs(pairs, ends, weights[rows], total, shared)
    return _shares_of(total, shared)


def shares_plainly(tokens: Tokens, sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each kept block and title, the share (0 to 1) of the weight of its words that stands elsewhere in its
    article; 1 for one without words. `sizes` has the blocks of each article, its title among them.
    """
    paragraphs = tokens.starts.size - 1
    paragraph, words, elsewhere = _distinct(tokens, np.repeat(np.arange(sizes.size), sizes))
    weight = _rarity(words)
    total = np.bincount(paragraph, weight, paragraphs)
    shared = np.bincount(paragraph, weight * elsewhere, paragraphs)
    return _shares_of(total, shared)


def _shares_of(total: NDArray[Any], shared: NDArray[Any]) -> NDArray[np.float64]:
    share: NDArray[np.float64] = np.where(total > 0, shared / np.where(total > 0, total, 1), 1.0)
    return share


def _distinct(
    tokens: Tokens, article: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.bool_]]:
    """The distinct words of each paragraph, by word, then by paragraph: the paragraph, the word, and whether it stands
    in another paragraph of the same article. `article` is the article of each paragraph.
    """
    # One sort of word and paragraph in one number. np.unique for the pairs, and again for how often an article has
    # a word, took ten times as long.
    place = np.repeat(np.arange(article.size, dtype=np.uint64), np.diff(tokens.starts))
    pairs = np.sort(tokens.words.astype(np.uint64) << np.uint64(32) | place)
    pairs = pairs[_changes(pairs)]
    paragraph, words = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64), (pairs >> np.uint64(32)).astype(np.uint32)
    begins = _changes(words) | _changes(article[paragraph])
    elsewhere: NDArray[np.bool_] = ~begins | ~np.append(begins[1:], True)[: begins.size]
    return paragraph, words, elsewhere


def _changes(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Which values differ from the one before; the first one does."""
    changes = np.ones(values.size, np.bool_)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes


def _rarity(words: NDArray[np.uint32]) -> NDArray[np.float64]:
    """How rare each word is in news at large, as a logarithm; equal words stand next to each other."""
    changes = _changes(words)
    background = load_background()
    known = background.rows(words[changes])
    seen = np.where(known >= 0, background.articles[known], 0)
    weights: NDArray[np.float64] = _weights(seen, background.size)[np.cumsum(changes) - 1]
    return weights


@cache
def _background_weights() -> NDArray[np.float64]:
    """How rare each word of the background is, and behind them how rare one is that it doesn't have."""
    background = load_background()
    return _weights(np.append(background.articles, 0), background.size)


def _weights(seen: NDArray[np.int32], size: int) -> NDArray[np.float64]:
    """How rare words are that stood in so many of the articles of the background, as a logarithm."""
    weights: NDArray[np.float64] = np.log((size + 1) / (seen + 0.5))
    return weights


def read_lines(column: pa.Array | pa.ChunkedArray) -> Lines:
    """The arrays in a column of `standing_lines`."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    starts = whole.offsets.to_numpy()
    values = whole.flatten()
    owner = np.repeat(np.arange(len(whole)), np.diff(starts))
    arrays = [values.field(field.name).to_numpy(zero_copy_only=False) for field in LINE]
    return Lines(owner, *arrays)


def recurring_lines(columns: pa.Table | Spread, rows: NDArray[np.int64], min_words: int, min_places: int) -> Lines:
    """The lines of these articles of which lines of one key, so many words and the form of furniture stand in so many
    places, by article; read from the column `lines` where it lies. All other lines, which are nearly all, can't recur.
    """
    lines = columns.select(["lines"])
    keys = [np.zeros(0, np.uint64)]
    for _, part in lying(lines, rows, READ):
        found = part.column(0).flatten()
        words, form = (found.field(name).to_numpy(zero_copy_only=False) for name in ("words", "may_recur"))
        keys.append(found.field("key").to_numpy()[(words >= min_words) & form])
    often = sieve(_often(np.concatenate(keys), min_places))
    parts = [_lines_among(part.column(0), some, often) for some, part in lying(lines, rows, READ)]
    arrays = [np.concatenate([getattr(part, name) for part in parts]) for name in Lines.__slots__] if parts else ()
    every = Lines(*arrays) if parts else read_lines(pa.array([], LINES))
    # By article: what is added up of a line mustn't depend on the order in which its articles lie.
    order = np.lexsort((every.position, every.owner))
    return Lines(*(getattr(every, name)[order] for name in Lines.__slots__))


def _often(keys: NDArray[np.uint64], times: int) -> NDArray[np.uint64]:
    """The keys that occur so many times, in order."""
    keys.sort()
    first = np.flatnonzero(_changes(keys))
    return keys[first[np.diff(np.append(first, keys.size)) >= times]]


def _lines_among(column: pa.Array, rows: NDArray[np.int64], keys: Sieve) -> Lines:
    """The lines in a column that have one of these keys; `rows` are the numbers of its articles."""
    values, starts = column.flatten(), column.offsets.to_numpy()
    found = keys.catch(values.field("key").to_numpy())
    owner = np.searchsorted(starts - starts[0], found, side="right") - 1
    chosen = values.take(pa.array(found))
    return Lines(rows[owner], *(chosen.field(field.name).to_numpy(zero_copy_only=False) for field in LINE))
