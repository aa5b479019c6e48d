"""Articles ↔ bytes."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.article import (
    Action,
    Article,
    Block,
    BlockKind,
    Copy,
    Decision,
    Evidence,
    Metadata,
    Outcome,
    Source,
)
from copydesk.state.serial import decode_article, decode_text, encode_article

TEXT = st.text(st.characters(), max_size=12)  # Lone surrogates among them.
MAYBE = st.none() | TEXT
SHARE = st.none() | st.floats(0, 1)
ZONES = st.integers(-1439, 1439).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
METADATA = st.builds(
    Metadata,
    title=MAYBE, deck=MAYBE, byline=MAYBE, authors=st.lists(TEXT, max_size=2).map(tuple), outlet=MAYBE,
    outlet_domain=MAYBE, published_on=st.none() | st.dates(), published_at=st.none() | st.datetimes(timezones=ZONES),
    published_precision=MAYBE, modified_at=st.none() | st.datetimes(timezones=ZONES), url=MAYBE, canonical_url=MAYBE,
    url_key=MAYBE, section=MAYBE, tags=st.lists(TEXT, max_size=2).map(tuple), language=TEXT,
)  # fmt: skip
ARTICLES = st.builds(
    Article,
    article_id=TEXT,
    source=st.builds(Source, path=TEXT, record=st.integers(0, 2**31), sha256=MAYBE, encoding=MAYBE),
    blocks=st.lists(
        st.builds(Block, text=TEXT, kind=st.sampled_from(BlockKind), label=st.just("body") | TEXT, field=MAYBE),
        max_size=3,
    ).map(tuple),
    metadata=METADATA,
    evidence=st.lists(st.builds(Evidence, TEXT, TEXT, TEXT, TEXT, st.floats(0, 1)), max_size=2).map(tuple),
    decisions=st.lists(
        st.builds(
            Decision, stage=TEXT, action=st.sampled_from(Action), label=TEXT, rule=TEXT,
            paragraph=st.none() | st.integers(0, 99), before=TEXT, after=MAYBE, score=SHARE, field=MAYBE,
        ),
        max_size=2,
    ).map(tuple),
    outcome=st.sampled_from(Outcome),
    reason=TEXT,
    also_published=st.lists(st.builds(Copy, MAYBE, MAYBE, st.none() | st.dates(), TEXT), max_size=2).map(tuple),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(ARTICLES)
def test_nothing_is_lost_on_the_way(article: Article) -> None:
    """Every article comes back equal, with values of the same types."""
    back = decode_article(encode_article(article))
    assert back == article
    assert [type(block.kind) for block in back.blocks] == [BlockKind] * len(article.blocks)
    assert type(back.outcome) is Outcome
    assert encode_article(back) == encode_article(article)
    assert decode_text(encode_article(article)) == article.text


def test_every_field_travels() -> None:
    """A field that is added to a travelling value must be added here, and the format raised."""
    sizes = {kind: len(kind.__slots__) for kind in (Article, Source, Block, Metadata, Evidence, Decision, Copy)}
    assert list(sizes.values()) == [9, 4, 4, 16, 5, 9, 4]


def test_foreign_bytes_are_refused() -> None:
    """What was not made here raises one of the named errors."""
    for data in (b"", b"{}", b"[1, 2]", b"\xff\xfe"):
        with pytest.raises((ValueError, TypeError)):
            decode_article(data)
