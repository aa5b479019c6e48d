"""Bylines of eleven languages, and what is no name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.metadata.names import parse_byline
from copydesk.metadata.persons import is_person, tidy_name
from copydesk.metadata.prefixes import strip_prefix


@pytest.mark.parametrize(
    ("line", "persons"),
    [
        ("By Peter Bergen, CNN", ["Peter Bergen"]),
        ("By\u00a0Ali Maisam Nazary", ["Ali Maisam Nazary"]),
        ("BY LYNNE O'DONNELL AND JOHN MCDONALD", ["Lynne O'Donnell", "John McDonald"]),
        ("Written by Jane Roe, Ali Khan and Bob Ray", ["Jane Roe", "Ali Khan", "Bob Ray"]),
        ("By Jane Roe in Kabul", ["Jane Roe"]),
        ("By Jane Roe, Senior Reporter", ["Jane Roe"]),
        ("By CNN's Jane Roe", ["Jane Roe"]),
        ("By Jane Roe jane@courier.example", ["Jane Roe"]),
        ("By Jane Roe @janeroe", ["Jane Roe"]),
        ("By Will Englund, Washington Post", ["Will Englund"]),
        ("By James A. Lyons", ["James A. Lyons"]),
        ("Von Anna Roth und Paul Stein, Kabul", ["Anna Roth", "Paul Stein"]),
        ("Par Jean Dupont et Marie Durand (AFP)", ["Jean Dupont", "Marie Durand"]),
        ("Por María R. Sahagún y Juan Ruiz", ["María R. Sahagún", "Juan Ruiz"]),
        ("Di Marco Rossi e Anna Bianchi", ["Marco Rossi", "Anna Bianchi"]),
        ("Por João da Silva", ["João da Silva"]),
        ("Door Jan de Vries", ["Jan de Vries"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("نوشته احمد کریمی", ["احمد کریمی"]),
        ("بقلم محمد حسن", ["محمد حسن"]),
        ("文・山田 花子", ["山田 花子"]),
    ],
)
def test_bylines(line: str, persons: list[str]) -> None:
    """Only the names of persons are taken, in order."""
    byline = parse_byline(line)
    assert list(byline.persons) == persons
    assert byline.complete


@pytest.mark.parametrize(
    "line",
    [
        "By the time the police arrived",
        "By Friday evening",
        "By George, They've Done It",
        "Bypass opens",
        "By 2030, half of it",
        "Von der Leyen reist ab",
    ],
)
def test_sentences_are_no_bylines(line: str) -> None:
    """A sentence that begins like a byline names nobody."""
    assert strip_prefix(line) is None or not parse_byline(line).complete or not parse_byline(line).persons


@pytest.mark.parametrize(
    "line",
    [
        "By Associated Press",
        "By Courier Staff",
        "By the Editorial Board",
        "Von der Redaktion",
        "Updated 3 hours ago",
        "Senior Reporter",
        "jane@courier.example",
        "@janeroe",
    ],
)
def test_no_persons(line: str) -> None:
    """Agencies, desks, roles, addresses, handles and times are no persons."""
    assert parse_byline(line).persons == ()


@pytest.mark.parametrize(
    "line",
    [
        "Instagram, Jane Roe, Lakeside Courier",
        "Getty Images / Jane Roe",
        "Contributing: The Associated Press",
        "Additional reporting by Jane Roe",
        "Reviewed by Jane Roe",
        "Reviewed by | Jane Roe",
        "Mistwood Clinic",
        "Heart Foundation of Mistwood",
        "Read More",
        "Full Bio",
        "Written By",
    ],
)
def test_credits_firms_and_buttons_are_no_persons(line: str) -> None:
    """Who took the picture, reviewed or helped, institutions and the labels of buttons are no authors."""
    assert parse_byline(line).persons == ()


@pytest.mark.parametrize(
    ("line", "persons"),
    [
        ("By Jane Roe | . Reviewed by | Max Moor, MD", ["Jane Roe"]),
        ("Jane Roe | Instagram", ["Jane Roe"]),
        ("Jana (Janka) Roth", ["Jana Roth"]),
        ("Jane Roe (CNN)", ["Jane Roe"]),
        ("Jane Roe, Courier Editor-at-large", ["Jane Roe"]),
        ("Mary Read", ["Mary Read"]),
        ("Thomas More", ["Thomas More"]),
    ],
)
def test_authors_beside_credits_stay(line: str, persons: list[str]) -> None:
    """What stands beside a name takes nothing from it, and a surname that is a button's word is a surname."""
    assert list(parse_byline(line).persons) == persons


def test_who_did_something_else_is_kept_apart() -> None:
    """Reviewers and photographers are known by name, so that a field for authors that has them is not believed."""
    assert parse_byline("By Jane Roe | Reviewed by Max Moor").others == ("Max Moor",)
    assert parse_byline("Photos by Max Moor and Ada Lind").others == ("Max Moor", "Ada Lind")
    assert parse_byline("By Jane Roe").others == ()


def test_the_outlet_of_a_byline_is_kept_apart() -> None:
    """What follows the name may be the outlet, known or of the form of one."""
    assert parse_byline("By Jane Roe, Reuters").outlet == "Reuters"
    assert parse_byline("By Jane Roe, Lakeside Courier").outlet == "Lakeside Courier"
    assert parse_byline("By Jane Roe, The Asia Cable").outlet == "The Asia Cable"
    assert parse_byline("By Jane Roe and Ali Khan, Ground Report").outlet == "Ground Report"
    assert parse_byline("By Jane Roe, Capital & Freight").outlet == "Capital & Freight"
    assert parse_byline("By Jane Roe, Nation & State").outlet == "Nation & State"
    assert parse_byline("By Jane Roe, Tom & Anna").outlet is None
    assert not parse_byline("La Voz del Lago").persons
    assert parse_byline("By Jane Roe, Tom & Mary").outlet is None
    assert parse_byline("By Jane Roe, Ali Khan").outlet is None
    assert parse_byline("By Jane Roe and Heath Ledger").persons == ("Jane Roe", "Heath Ledger")


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("LYNNE O'DONNELL", "Lynne O'Donnell"),
        ("ANN MACDONALD", "Ann MacDonald"),
        ("EMMA MACRON", "Emma Macron"),
        ("MARY SMITH-JONES", "Mary Smith-Jones"),
        ("JAN VAN DER BERG", "Jan van der Berg"),
        ("J.R. EWING", "J.R. Ewing"),
        ("Jane Roe", "Jane Roe"),
        ("Prof. Jane Roe", "Jane Roe"),
    ],
)
def test_capitals_become_names(printed: str, name: str) -> None:
    """Names in capitals get the capitals that they have in running text."""
    assert tidy_name(printed) == name


def test_names_of_places_and_papers_are_no_persons() -> None:
    """Two capitalised words are not always a person."""
    assert not is_person("New York")
    assert not is_person("Daily Beast")
    assert not is_person("White House")
    assert is_person("Ludwig van der Berg")
    assert is_person("Anne-Marie Roe")


@given(st.text(max_size=120))
def test_no_line_breaks_the_grammar(text: str) -> None:
    """Any line gives a byline."""
    parse_byline(text)


@pytest.mark.parametrize(
    "text", ["By " + "Jane Roe and " * 1000, "By " + "a" * 10_000, "By " + "O'" * 5000, ", " * 5000]
)
def test_a_byline_of_ten_thousand_characters_names_nobody(text: str) -> None:
    """A paragraph is no byline."""
    assert parse_byline(text).persons == ()


@pytest.mark.parametrize(
    ("line", "persons"),
    [
        ("김민수 기자", ("김민수",)),
        ("김민수 기자 minsu@courier.example", ("김민수",)),
        ("Της Ελένης Παππά", ("Ελένης Παππά",)),
        ("Írta: Nagy Péter", ("Nagy Péter",)),
        ("Oleh Budi Santoso", ("Budi Santoso",)),
        ("来源：海岸日报", ()),
        ("责任编辑：李华", ()),
    ],
)
def test_bylines_of_other_languages(line: str, persons: tuple[str, ...]) -> None:
    """Reporters stand before their role or behind a prefix; sources and editors are no authors."""
    assert parse_byline(line).persons == persons
