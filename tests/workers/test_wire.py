"""What travels between processes comes out as it went in, and nothing that isn't ours comes out at all."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.article import Form, RawRecord, RecordField, Refusal, Source
from copydesk.reading import RawFile, Stretch
from copydesk.workers import Summary
from copydesk.workers.wire import decode_value, encode_value, pack, unpack

TEXT = st.text(st.characters(codec=None), max_size=20)
FIELDS = st.lists(st.builds(RecordField, TEXT, TEXT, TEXT, TEXT), max_size=3).map(tuple)
REFUSALS = st.none() | st.builds(Refusal, TEXT, TEXT)
RECORDS = st.builds(
    RawRecord,
    TEXT,
    st.builds(Source, TEXT, st.integers(0), st.none() | TEXT, st.none() | TEXT),
    st.sampled_from(Form),
    st.binary() | TEXT,
    FIELDS,
    REFUSALS,
)
MEMBERS = st.lists(st.tuples(TEXT, FIELDS), max_size=2).map(tuple)
FILES = st.builds(RawFile, TEXT, st.binary(), st.integers(0), REFUSALS, FIELDS, MEMBERS)
NUMBERS = st.integers(0, 1 << 60)
STRETCHES = st.builds(Stretch, FILES, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
SUMMARIES = st.builds(Summary, NUMBERS, st.binary())
VALUES = (
    RECORDS
    | FILES
    | STRETCHES
    | SUMMARIES
    | st.builds(Refusal, TEXT, TEXT)
    | st.binary()
    | TEXT
    | st.integers()
    | st.none()
)


@given(st.lists(VALUES, max_size=4))
def test_values_come_back_as_they_went(values: list[object]):
    """Records, files, refusals, bytes and plain values, with half characters and all."""
    assert [decode_value(encode_value(value)) for value in values] == values
    assert list(unpack(pack(values))) == values


@given(st.binary(max_size=60))
def test_bytes_of_somebody_else_are_an_error_and_nothing_worse(data: bytes):
    """Any bytes are a value or a ValueError or TypeError, nothing else."""
    for read in (decode_value, lambda data: list(unpack(data))):
        try:
            read(data)
        except (ValueError, TypeError):
            continue


def test_pickle_is_not_read():
    """Not even a harmless one."""
    with pytest.raises(ValueError, match="no value begins with"):
        decode_value(pickle.dumps("harmless"))


def test_values_of_another_kind_do_not_travel():
    """A mistake of ours is noticed where it is made."""
    with pytest.raises(TypeError):
        encode_value(object())
