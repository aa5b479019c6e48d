"""Linked pairs → which article is a copy of which: each copy once, verified against its survivor, no chains.

An article goes only if it is linked to the survivor itself and at least two thirds of its words are in the survivor
(`settings.duplicates.removal_coverage`), or if it is an older version of the same page. Links below that are reported
by `find_pairs`, but nothing is removed for them: an excerpt in as much text of its own stays.

Texts below 25 words say too little to be told apart by their words: they are copies of each other only with the same
words, title, outlet and day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from copydesk.duplicates.buffers import LetGo, keep_all
from copydesk.duplicates.candidates import Numbers
from copydesk.duplicates.columns import as_numbers, as_strings, read_columns
from copydesk.duplicates.compare import Comparison, compare
from copydesk.duplicates.counting import open_counts
from copydesk.duplicates.decided import LINKS, Told, know_nothing, name_stories, recall
from copydesk.duplicates.engine import Engine, open_engine, open_stored
from copydesk.duplicates.groups import distinct
from copydesk.duplicates.hashing import Hashes
from copydesk.duplicates.numbering import TITLE_WORDS, number_titles, number_values
from copydesk.duplicates.order import Row
from copydesk.duplicates.removal import remove_copies
from copydesk.duplicates.scores import open_scores
from copydesk.duplicates.stories import find_stories, fold_title, read_corpus
from copydesk.duplicates.texts import HeldTexts, LoadTexts
from copydesk.errors import UsageError
from copydesk.settings import Settings
from copydesk.spread import Spread, as_table

PART_ARTICLES = 4096
"""Articles of stories whose metadata are in memory at once: as objects they take two kilobytes each."""


@dataclass(frozen=True, slots=True)
class Linking:
    """The links (schema `LINKS`), and for the next time the measures they rest on (schema `scores.SCORES`), what was
    decided about stories (schema `decided.DECIDED`) and counted over them (schema `counting.COUNTED`).
    """

    links: pa.Table
    scores: pa.Table
    stories: pa.Table
    counts: pa.Table


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
    return _find_links(articles, engine, settings)[0]


def link_sketches(
    articles: pa.Table | Spread,
    sketches: pa.Table | Spread,
    texts: LoadTexts | HeldTexts,
    settings: Settings | None = None,
    *,
    scores: pa.Table | None = None,
    stories: pa.Table | None = None,
    counts: pa.Table | None = None,
    compile_code: bool | None = None,
    threads: int = 1,
) -> Linking:
    """The links, as `find_links`, and the measures of all pairs that were compared.

    Give the measures of the last time as `scores`: pairs of texts that were compared then, and of which the same runs
    are common in the corpus, aren't measured again. Give what was decided about `stories` with the same settings, and
    articles that have a digest of all they say (`content`, 16 bytes): those that haven't changed aren't decided again.
    Give the `counts` of the last time: only stories that have changed are counted. The links don't depend on any of
    this, nor on how many `threads` measure.

    Raises UsageError where sketches or scores were made by another version, or there aren't as many as articles.
    """
    if len(sketches) != len(articles):
        raise UsageError(f"{len(articles)} articles and {len(sketches)} sketches; make the sketches again")
    book = open_scores(scores)
    held = texts if isinstance(texts, HeldTexts) else HeldTexts(texts, len(sketches))
    counted = open_counts(counts)
    engine = open_stored(read_columns(sketches), held, book, counted, compile_code=compile_code, threads=threads)
    links, decided = _find_links(articles, engine, settings, stories)
    return Linking(links, book.table(), decided, counted.table())


def _texts_of(articles: pa.Table) -> LoadTexts:
    if "text" not in articles.column_names:
        raise UsageError("the articles have no column 'text'; say how texts are loaded with texts=")
    return lambda rows: as_strings(articles["text"].take(pa.array(rows, pa.int64()))).to_pylist()


def _find_links(
    articles: pa.Table | Spread, engine: Engine, settings: Settings | None, known: pa.Table | None = None
) -> tuple[pa.Table, pa.Table]:
    """The links, and what was decided about stories."""
    limits = (settings or Settings()).duplicates
    pages = _numbers(articles, "url_key", number_values)
    comparison = compare(engine, limits, keys=[pages, _title_keys(articles)])
    rows = articles.select([name for name in articles.column_names if name not in ("text", "title_key", "content")])
    stories = find_stories(comparison)
    told = _recall(articles, stories, comparison, pages, known)
    links, decided = [told.links()], [told.kept]
    for places in _in_parts(stories, told.due):
        part = [stories[place] for place in places]
        corpus = read_corpus(_rows(rows, pages, part), engine.digest, comparison, part)
        found = [list(remove_copies(story, corpus, comparison, limits)) for story in part]
        links.append(pa.Table.from_pylist([link for own in found for link in own], schema=LINKS))
        decided.append(told.note(zip(places, found, strict=True)))
    return pa.concat_tables(links).sort_by("article_id").combine_chunks(), pa.concat_tables(decided)


def _recall(
    articles: pa.Table | Spread,
    stories: Sequence[list[int]],
    comparison: Comparison,
    pages: Hashes,
    known: pa.Table | None,
) -> Told:
    """What is known of the stories; nothing, and nothing is kept, where articles don't say what they are made of."""
    if "content" not in articles.column_names:
        return know_nothing(len(stories))
    names = name_stories(stories, comparison, as_numbers(articles["content"]), pages)
    return recall(known, stories, names, comparison)


def _numbers(articles: pa.Table | Spread, name: str, number: Callable[[pa.ChunkedArray], Hashes]) -> Hashes:
    return number(articles[name]) if name in articles.column_names else np.zeros(0, np.uint64)


def _title_keys(articles: pa.Table | Spread) -> Hashes:
    """A key for each title: as it was kept, or a number."""
    if "title_key" in articles.column_names:
        kept: Hashes = articles["title_key"].to_numpy()
        return kept
    return _numbers(articles, "title", number_titles)


def _in_parts(stories: Sequence[list[int]], due: Numbers) -> Iterator[list[int]]:
    """The stories that are due, by place, as many at a time as have about `PART_ARTICLES` articles."""
    places: list[int] = due.tolist()
    ends = np.cumsum([len(stories[place]) for place in places])
    low = 0
    while low < len(places):
        high = int(np.searchsorted(ends, (ends[low - 1] if low else 0) + PART_ARTICLES)) + 1
        yield places[low:high]
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


def title_key(title: str | None) -> str | None:
    """What equal titles have in common; None for one that is too short to say anything."""
    folded = fold_title(title)
    return "title " + folded if folded.count(" ") >= TITLE_WORDS - 1 else None
