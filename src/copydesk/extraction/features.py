"""What the block model sees of each segment: its text, its container, its neighbours, its markup.

`page_columns` turns a walked page into arrays; `compute_features` (compiled) makes one row per segment of
them. The names of the columns are in FEATURES, in order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.extraction.card_rows import CARD_FEATURES
from copydesk.extraction.counts import TextCounts, count_codes, hash_texts, hash_words
from copydesk.extraction.facts import PageFacts
from copydesk.extraction.feature_rows import LEVELS, fill_rows
from copydesk.extraction.linear import NAME_WORDS, linear_scores
from copydesk.extraction.marks import mark_bits
from copydesk.extraction.outline import outline
from copydesk.extraction.repeats import contained_shares
from copydesk.extraction.segments import Segments
from copydesk.extraction.tags import TAGS

OFFSETS = (-3, -2, -1, 1, 2, 3)
"""The neighbours that are described."""

_OFFSETS = np.array(OFFSETS)

_LOCAL = (
    "chars", "words", "link_share", "links", "bold_share", "italic_share", "commas_per_char",
    "sentences", "ends_sentence", "starts_upper", "upper_share", "digit_share", "word_chars", "single_share",
    "letter_share", "tag", "kind", "parent_tag", "depth", "is_prose", "plain_chars", "starts_linked", "covered",
)  # fmt: skip
_LEVEL = (
    "direct_share",
    "prose_share",
    "link_share",
    "segments",
    "prose",
    "tag",
    "prose_per_segment",
    "images",
)
_PLACE = (
    "up_to_main", "down_to_main", "before_main", "after_main", "in_main", "place", "prose_before", "since_h1",
    "before_h1", "in_direct", "direct_segments", "next_prose", "previous_prose", "since_heading",
    "heading_tag", "heading_text", "heading_same", "segments_left", "repeats", "repeated_before", "same_shape",
    "same_shape_prose",
    "since_title", "before_title", "up_to_title", "title_overlap", "articles", "article_share", "article_place",
)  # fmt: skip
_PAGE = (
    "page_prose", "page_segments", "main_share", "is_news", "is_article", "has_body", "has_h1", "page_prose_segments",
    "page_links", "main_list_share", "og_article", "is_free",
)  # fmt: skip
_SAID = ("in_title", "of_title", "in_description", "of_description", "in_json_body")
_NEIGHBOUR = ("chars", "link_share", "tag", "same_holder", "words_score")
_LINEAR = ("words_score", "names_score", "far_names_score")

FEATURES: tuple[str, ...] = (
    *_LOCAL,
    *(f"level{level}_{name}" for level in range(LEVELS) for name in _LEVEL),
    *_PLACE,
    *_PAGE,
    *_SAID,
    *(f"next{offset:+d}_{name}" for offset in OFFSETS for name in _NEIGHBOUR),
    *_LINEAR,
    *(f"mark_{name}" for name in mark_bits()),
    *CARD_FEATURES,
)
"""The columns of the feature matrix."""

_PLAIN = frozenset(("p", "li", "span", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "td", "th", "pre"))
_PLAIN_TAGS = np.array([tag in _PLAIN for tag in TAGS])
_HEADING_TAGS = np.array([TAGS.index(f"h{level}") for level in range(1, 7)])
_ARTICLE = TAGS.index("article")


@dataclass(frozen=True, slots=True)
class PageColumns:
    """A walked page as arrays.

    Per element: parents, ends, tags, marks, images, and the hashes of the words of its name. Per segment: holders (its
    element), kinds, shares (characters in links, links, bold and italic characters, whether it starts with a link),
    counts and words (see counts.py), in_body. `page`: what the page says of itself.
    """

    parents: NDArray[np.int32]
    ends: NDArray[np.int32]
    tags: NDArray[np.int32]
    marks: NDArray[np.int64]
    name_words: NDArray[np.uint32]
    name_starts: NDArray[np.int64]
    holders: NDArray[np.int32]
    kinds: NDArray[np.int32]
    images: NDArray[np.int32]
    shares: NDArray[np.float32]
    counts: NDArray[np.float32]
    words: NDArray[np.uint32]
    word_starts: NDArray[np.int64]
    digests: NDArray[np.uint64]
    title_words: NDArray[np.uint32]
    described_words: NDArray[np.uint32]
    in_body: NDArray[np.float32]
    page: NDArray[np.float32]


def page_columns(segments: Segments, facts: PageFacts) -> PageColumns:
    """The arrays of a walked page."""
    texts = count_codes(segments.text_codes, segments.text_starts)
    name_words, name_starts = hash_words(segments.name_codes, segments.name_starts, NAME_WORDS)
    said_words, said_starts = hash_texts([" ".join(facts.titles), " ".join(facts.descriptions)])
    title_end = int(said_starts[1])
    shares = np.empty((len(segments.elements), 5), dtype=np.float32)
    shares[:, 0], shares[:, 1], shares[:, 2] = segments.link_chars, segments.links, segments.bold_chars
    shares[:, 3], shares[:, 4] = segments.italic_chars, segments.starts_linked
    return PageColumns(
        parents=segments.parents,
        ends=segments.ends,
        tags=segments.tags,
        marks=segments.marks,
        name_words=name_words,
        name_starts=name_starts,
        holders=segments.elements,
        kinds=segments.kind_codes(),
        images=segments.images,
        shares=shares,
        counts=texts.counts,
        words=texts.words,
        word_starts=texts.word_starts,
        digests=texts.digests,
        title_words=said_words[:title_end],
        described_words=said_words[title_end:],
        in_body=_in_body(texts, facts.article_body),
        page=np.array(
            [
                facts.is_news,
                facts.is_article,
                bool(facts.article_body),
                facts.og_type == "article",
                -1.0 if facts.is_free is None else float(facts.is_free),
            ],
            dtype=np.float32,
        ),
    )


def _in_body(page: TextCounts, body: str) -> NDArray[np.float32]:
    """Per segment the share of its runs of words that the page's JSON-LD `articleBody` has; -1 where it has none."""
    shares = np.full(len(page.digests), -1, dtype=np.float32)
    if body:
        contained_shares(page.words, page.word_starts, hash_texts([body])[0], shares)
    return shares


def compute_features(
    page: PageColumns, word_weights: NDArray[np.float32], name_weights: NDArray[np.float32]
) -> NDArray[np.float32]:
    """One row per segment; shape (segments, FEATURES). The weights are those of the linear models."""
    return features_with(page, score_words_and_names(page, word_weights, name_weights))


def score_words_and_names(
    page: PageColumns, word_weights: NDArray[np.float32], name_weights: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The scores of the linear models: float32, shape (segments, 3)."""
    scores = np.zeros((len(page.holders), 3), dtype=np.float32)
    linear_scores(
        page.parents, page.tags, page.name_words, page.name_starts, page.holders, page.words, page.word_starts,
        word_weights, name_weights, scores,
    )  # fmt: skip
    return scores


def features_with(page: PageColumns, linear: NDArray[np.float32]) -> NDArray[np.float32]:
    """One row per segment, given the scores of the linear models: float32, shape (segments, 3)."""
    rows = np.zeros((len(page.holders), len(FEATURES)), dtype=np.float32)
    elements, segments = len(page.parents), len(page.holders)
    depths, siblings = np.zeros(elements, dtype=np.int32), np.empty(elements, dtype=np.float32)
    texts, shapes = np.empty((2, segments), dtype=np.int64)
    outline(page.parents, page.tags, page.marks, page.holders, page.digests, depths, siblings, texts, shapes)
    fill_rows(
        page.parents, page.ends, page.tags, page.marks, page.images, page.holders, page.kinds, page.shares, page.counts,
        page.words, page.word_starts, page.title_words, page.described_words, page.in_body, page.page,
        linear, _PLAIN_TAGS, _HEADING_TAGS, _ARTICLE, len(mark_bits()), _OFFSETS, depths, siblings, texts, shapes,
        rows,
    )  # fmt: skip
    return rows
