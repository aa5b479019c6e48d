"""JSON that only this program reads."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import pytest

from copydesk.article import Refusal
from copydesk.machine.plain_json import read_json, tell_all, write_json


class Place(NamedTuple):
    """Where something stands."""

    row: int
    names: tuple[str, ...]


@pytest.mark.parametrize(
    "value", [[], ["Größe 🚢", 1, None, 0.1, [True]], "half \ud83d", ["\udc80", {"a": "\ud83d\ude00"}]]
)
def test_what_was_written_is_read_as_it_was(value):
    """Half characters and empty values among them."""
    assert read_json(write_json(value)) == value


def test_tuples_are_read_as_lists():
    """Whether or not their places have names."""
    assert read_json(write_json([(1, 2), Place(3, ("a",))])) == [[1, 2], [3, ["a"]]]


@pytest.mark.parametrize("value", [Refusal("empty", ""), dt.date(2026, 3, 5), [b"bytes"], {1, 2}])
def test_what_would_be_read_as_something_else_is_refused(value):
    """A dataclass would come back as an object, a day as a string."""
    with pytest.raises(TypeError):
        write_json(value)


@pytest.mark.parametrize("data", [b"", b"[1", b"\xff\xff", b"nothing"])
def test_what_is_no_json_is_an_error(data):
    """So is nothing at all."""
    with pytest.raises(ValueError):  # noqa: PT011 - each library words it in its way
        read_json(memoryview(data))


def test_named_tuples_are_told_as_lists():
    """Also in a dataclass, and without a way by `repr`, which takes three times as long."""
    assert tell_all((Refusal("odd", ""), Place(1, ("a",)))) == b'[{"code":"odd","detail":""},[1,["a"]]]'


def test_all_is_told_of_what_holds_half_characters():
    """Two values that differ in one of them alone are told apart."""
    assert tell_all(Refusal("odd", "\ud83d")) != tell_all(Refusal("odd", "\ud83e"))
