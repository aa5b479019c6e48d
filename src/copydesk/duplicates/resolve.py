"""Linked pairs → which article is a copy of which: each copy once, verified against its survivor, no chains.

An article goes only if it is linked to the survivor itself and at least two thirds of its words are in the survivor
(`settings.duplicates.removal_coverage`), or if it is an older version of the same page. Links below that are reported
by
`find_pairs`, but nothing is removed for them: an excerpt in as much text of its own stays.

Texts below 25 words say too little to be told apart by their words: they are copies of each other only with the same
words, title, outlet and day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from copydesk.duplicates.buffers import LetGo, keep_all
from copydesk.duplicates.columns import as_strings, read_columns
from copydesk.duplicates.compare import compare
from copydesk.duplicates.engine import Engine, LoadTexts, open_engine, open_stored
from copydesk.duplicates.groups import distinct
from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.numbering import TITLE_WORDS, number_titles, number_values
from copydesk.duplicates.order import Row
from copydesk.duplicates.removal import remove_copies
from copydesk.duplicates.scores import open_scores
from copydesk.duplicates.stories import find_stories, fold_title, read_corpus
from copydesk.errors import UsageError
from copydesk.settings import Settings
from copydesk.spread import Spread, as_table

LINKS = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("canonical_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("jaccard", pa.float64(), nullable=False),
        pa.field("containment", pa.float64(), nullable=False),
    ]
)
"""`article_id` is the copy, `canonical_id` its survivor; `kind`: exact, near, excerpt, revision, syndicated;
`jaccard` and
`containment` (0 to 1) of their runs of three words."""

PART_ARTICLES = 4096
"""Articles of stories whose metadata are in memory at once: as objects they take two kilobytes each."""


@dataclass(frozen=True, slots=True)
class Linking:
    """The links (schema `LINKS`), and the measures they rest on (schema `scores.SCORES`), for the next time."""

    links: pa.Table
    scores: pa.Table


def find_links(
    articles: pa.Table,
    settings: Settings | None = None,
    *,
    sketches: pa.Table | None = None,
    texts: LoadTexts | None = None,
    compile_code: bool | None = None,
    let_go: LetGo = keep_all,
) -> pa.Table:
    """The removed copies with their survivors (schema `LINKS`), sorted by `article_id`; none for no articles.

    `articles` needs `article_id` and `text`; `title`, `outlet`, `url`, `url_key`, `published_on`, `published_at`,
    `modified_at`, `authors`, `section`, `language` are used where they are there and not null. With `sketches`
    (`columns.sketch_columns`, one row per article) no texts are needed but those that `texts` is asked for, by row;
    the links are the same. Where the texts lie in a mapped file, `let_go` may drop what of it is in memory.

    >>> story = "The council of Marlow voted on Monday to close the old swimming pool by the river next spring, "
    >>> table = pa.table({"article_id": ["a", "b"], "text": [story * 2, story * 2 + "its mayor said on Tuesday."]})
    >>> find_links(table).select(["article_id", "canonical_id", "kind"]).to_pylist()
    [{'article_id': 'a', 'canonical_id': 'b', 'kind': 'near'}]
    """
    if sketches is not None:
        return link_sketches(
            articles, sketches, texts or _texts_of(articles), settings, compile_code=compile_code
        ).links
    engine = open_engine(as_strings(articles["text"]), compile_code=compile_code, let_go=let_go)
    return _find_links(articles, engine, settings)


def link_sketches(
    articles: pa.Table | Spread,
    sketches: pa.Table | Spread,
    texts: LoadTexts,
    settings: Settings | None = None,
    *,
    scores: pa.Table | None = None,
    compile_code: bool | None = None,
) -> Linking:
    """The links, as `find_links`, and the measures of all pairs that were compared.

    Give the measures of the last time as `scores`: pairs of texts that were compared then, and of which the same runs
    are common in the corpus, aren't measured again. The result doesn't depend on it.

    Raises UsageError where sketches or scores were made by another version, or there aren't as many as articles.
    """
    if len(sketches) != len(articles):
        raise UsageError(f"{len(articles)} articles and {len(sketches)} sketches; make the sketches again")
    book = open_scores(scores)
    engine = open_stored(read_columns(sketches), texts, book, compile_code=compile_code)
    return Linking(_find_links(articles, engine, settings), book.table())


def _texts_of(articles: pa.Table) -> LoadTexts:
    if "text" not in articles.column_names:
        raise UsageError("the articles have no column 'text'; say how texts are loaded with texts=")
    return lambda rows: as_strings(articles["text"].take(pa.array(rows, pa.int64()))).to_pylist()


def _find_links(articles: pa.Table | Spread, engine: Engine, settings: Settings | None) -> pa.Table:
    limits = (settings or Settings()).duplicates
    pages = _numbers(articles, "url_key", number_values)
    comparison = compare(engine, limits, keys=[pages, _numbers(articles, "title", number_titles)])
    known = articles.select([name for name in articles.column_names if name != "text"])
    found = [LINKS.empty_table()]
    for stories in _in_parts(find_stories(comparison)):
        corpus = read_corpus(_rows(known, pages, stories), engine.digest, comparison, stories)
        links = [link for story in stories for link in remove_copies(story, corpus, comparison, limits)]
        found.append(pa.Table.from_pylist(links, schema=LINKS))
    return pa.concat_tables(found).sort_by("article_id").combine_chunks()


def _numbers(articles: pa.Table | Spread, name: str, number: Callable[[pa.ChunkedArray], Hashes]) -> Hashes:
    return number(articles[name]) if name in articles.column_names else np.zeros(0, np.uint64)


def _in_parts(stories: Sequence[list[int]]) -> Iterator[list[list[int]]]:
    """The stories, as many at a time as have about `PART_ARTICLES` articles."""
    ends = np.cumsum([len(story) for story in stories])
    low = 0
    while low < len(stories):
        high = int(np.searchsorted(ends, (ends[low - 1] if low else 0) + PART_ARTICLES)) + 1
        yield list(stories[low:high])
        low = high


def _rows(articles: pa.Table | Spread, pages: Hashes, stories: Sequence[Sequence[int]]) -> dict[int, Row]:
    """The rows of the articles of these stories, and of all pages under their URL keys; no others are needed."""
    chosen = np.zeros(len(articles), dtype=bool)
    chosen[[i for story in stories for i in story]] = True
    if len(pages):
        told = distinct(pages[chosen])
        places = np.minimum(np.searchsorted(told, pages), len(told) - 1)
        chosen |= (pages != 0) & (told[places] == pages)
    numbers = np.flatnonzero(chosen)
    return dict(zip(numbers.tolist(), as_table(articles.take(pa.array(numbers))).to_pylist(), strict=True))


def hash_column(values: Iterable[str | None]) -> Hashes:
    """A key per value for `compare`: 0 where there is none; no keys for no values."""
    found = [hashlib.blake2b(value.encode(), digest_size=8).digest() if value else bytes(8) for value in values]
    return np.frombuffer(b"".join(found), dtype=np.uint64)


def title_key(title: str | None) -> str | None:
    """What equal titles have in common; None for one that is too short to say anything."""
    folded = fold_title(title)
    return "title " + folded if folded.count(" ") >= TITLE_WORDS - 1 else None
