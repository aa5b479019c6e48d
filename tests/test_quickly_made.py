"""Tests of frozen values that are made quickly."""

from __future__ import annotations

import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from copydesk.article import Action, Article, Block, BlockKind, Decision, Evidence, Source
from copydesk.quickly_made import quickly_made


@dataclass(frozen=True, slots=True)
class Plain:
    """A value as dataclasses make it."""

    text: str
    size: int = 2
    kept: bool = True


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    """The same, made quickly."""

    text: str
    size: int = 2
    kept: bool = True


def test_value_is_the_one_that_dataclasses_make() -> None:
    """Fields by position, by name and by default; equality, hash, text form and changed copies are as without it."""
    for given, named in ((("a",), {}), (("a", 3), {}), (("a",), {"kept": False}), ((), {"text": "a", "size": 0})):
        plain, quick = Plain(*given, **named), Quick(*given, **named)
        assert repr(quick) == repr(plain).replace("Plain", "Quick")
        assert quick == Quick(*given, **named)
        assert hash(quick) == hash(plain)
        assert repr(replace(quick, size=9)) == repr(replace(plain, size=9)).replace("Plain", "Quick")
    assert inspect.signature(Quick) == inspect.signature(Plain)


@pytest.mark.parametrize("wrong", [(), ("a", 1, True, 4)])
def test_wrong_number_of_fields_is_refused(wrong: tuple[object, ...]) -> None:
    """A missing field, and one too many, are errors as ever."""
    with pytest.raises(TypeError, match="__init__"):
        Quick(*wrong)  # type: ignore[arg-type]


def test_value_stays_frozen() -> None:
    """Once made nothing can be set."""
    quick = Quick("a")
    with pytest.raises(FrozenInstanceError):
        quick.text = "b"  # type: ignore[misc]


def test_values_of_articles_travel() -> None:
    """Articles with blocks, evidence and decisions are pickled and come back equal."""
    evidence = Evidence("title", "Port frozen", "test", "Port frozen", 1.0)
    decision = Decision("boilerplate", Action.REMOVED, "promo", "read-more/2", 0, "Read more")
    article = Article(
        "a", Source("a.txt", 0, None), (Block("Ice.", BlockKind.QUOTE),), evidence=(evidence,), decisions=(decision,)
    )
    assert pickle.loads(pickle.dumps(article)) == article  # noqa: S301 - what was made a moment ago


def test_default_that_is_made_anew_is_refused() -> None:
    """Such a default can't be put into a slot as it is."""

    @dataclass(frozen=True, slots=True)
    class Listed:
        lines: list[str] = field(default_factory=list)

    with pytest.raises(TypeError, match="Listed"):
        quickly_made(Listed)
