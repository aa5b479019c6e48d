"""Tests of outlets that nobody knows in the head of a pasted text."""

from __future__ import annotations

import pytest

from copydesk.article import Block
from copydesk.metadata.head import read_head
from copydesk.metadata.head_lines import read_line

LEAD = (
    "The lake froze in the night of Monday, and the village went out to skate before breakfast, as it does each year."
)
MORE = (
    "Two boys fell in and were pulled out by a dog, whose name is now in the book of the parish, between two bishops."
)
LAST = "The ice will hold until the end of the month, the weather office expects."


def parts(*head: str) -> list[tuple[str, str]]:
    """Field and text of the head's parts, over three paragraphs."""
    return [(p.field, p.text) for line in read_head([Block(t) for t in (*head, LEAD, MORE, LAST)]) for p in line.parts]


@pytest.mark.parametrize("name", ["The Quarterdeck", "Capital & Freight", "Orreryonline", "La Voz del Valbrume"])
def test_lone_name_under_the_title_is_the_outlet(name: str) -> None:
    """What has an article or an ampersand, or is no word at all, names the outlet, if the text says nothing of it."""
    assert parts("Ice is back", name) == [("title", "Ice is back"), ("outlet", name)]


@pytest.mark.parametrize(
    "line", ["Kabul", "Climate Change", "The Lake", "Background", "the quarterdeck", "Ice and Snow", "Fall of Valbrume"]
)
def test_kickers_places_and_subheads_are_no_outlets(line: str) -> None:
    """A place, a theme, or what the text speaks of stays where it is."""
    assert parts("Ice is back", line) == [("title", "Ice is back")]


def test_a_lead_whose_first_sentence_stands_above_it_is_a_lead() -> None:
    """The name under the title is measured by the paragraph, not by the sentence that was printed twice."""
    blocks = [Block(t) for t in ("Ice is back", "Orreryonline", "It froze.", f"It froze. {LEAD}", MORE, LAST)]
    assert [line.label for line in read_head(blocks)] == ["title", "source"]


def test_what_stands_beside_a_day_is_no_author_unless_made_of_names() -> None:
    """A paper of two common words has the form of a name."""
    assert "byline" not in [field for field, _ in parts("Ice is back", "March 5, 2024 | Signal North")]
    assert ("byline", "Jane Roe") in parts("Ice is back", "March 5, 2024 | Jane Roe")


def test_name_that_the_domain_spells_is_the_outlet() -> None:
    """The URL's domain tells, and the lines below it are still the head's."""
    head = ("Ice is back", "https://www.lakesheet.com/2024/03/05/ice-is-back", "Lake Sheet", "5.3.2024")
    assert [field for field, _ in parts(*head)] == ["title", "url", "outlet", "published"]


def test_name_beside_a_byline_is_the_outlet() -> None:
    """Joined to a byline, or with an article to a date, an unknown name is the outlet; a place is none."""
    assert [p.field for p in read_line("Orrery | By Jane Roe")] == ["outlet", "byline"]
    assert [p.field for p in read_line("March 5, 2024 | The Quarterdeck")] == ["published", "outlet"]
    assert [p.field for p in read_line("Madrid | March 5, 2024")] == ["published"]
    assert read_line("Ice | Snow") == ()
    assert read_line("The ice broke early this year | By Jane Roe") == ()
    assert read_line("By Jane Roe | the ice broke early this year") == ()


@pytest.mark.parametrize(
    "line",
    [
        "Contributing: The Associated Press",
        "Instagram, Jane Roe, Mistwood Courier",
        "Sources: CNN, BBC News",
        "Source: Getty Images",
        "Source: Facebook",
        "Source: Census Bureau, 2020",
        "Courtesy of Jane Roe",
        "Courtesy of NASA",
        "Sports News",
        "Press Release",
    ],
)
def test_credits_and_sections_are_no_outlets(line: str) -> None:
    """Where pictures, numbers and help are from, and what papers call their parts, names no outlet."""
    assert read_line(line) == ()
    assert all(field != "outlet" for field, _ in parts("Ice is back", "By Jane Roe", line))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Source: Foreign Affairs", "Foreign Affairs"),
        ("Source: The Mistwood Cable", "The Mistwood Cable"),
        ("Courtesy of Foreign Affairs", "Foreign Affairs"),
        ("Science News", "Science News"),
        ("Mistwood Press", "Mistwood Press"),
    ],
)
def test_lines_that_name_an_outlet(line: str, name: str) -> None:
    """Papers of the registry and names of the form of a paper's stay outlets."""
    assert [(part.field, part.text) for part in read_line(line)] == [("outlet", name)]


def test_lone_name_below_another_head_line_is_the_outlet() -> None:
    """An unheard name is the outlet's below a date or a byline as well; what the text speaks of is none."""
    assert parts("Ice is back", "March 5, 2024", "Capital & Freight")[-1] == ("outlet", "Capital & Freight")
    assert parts("Ice is back", "By Jane Roe", "The Quarterdeck")[-1] == ("outlet", "The Quarterdeck")
    assert [field for field, _ in parts("Ice is back", "March 5, 2024", "The Lake")] == ["title", "published"]


@pytest.mark.parametrize(
    "foot",
    [
        "The views expressed in this article are the author's own and do not represent those of Signal North.",
        "Jane Roe is a staff writer for Signal North. She was a bureau chief for ten years.",
    ],
)
def test_line_that_the_foot_names_is_the_outlet(foot: str) -> None:
    """A disclaimer or a bio says that a line of the head is an outlet's; without it the line stays in the text."""
    blocks = [Block(text) for text in ("Ice is back", "Signal North", LEAD, MORE, LAST, foot)]
    found = [(p.field, p.text) for line in read_head(blocks) for p in line.parts]
    assert found == [("title", "Ice is back"), ("outlet", "Signal North")]
    assert [line.label for line in read_head(blocks[:-1])] == ["title"]
    part = [Block("Signal") if block.text == "Signal North" else block for block in blocks]
    assert [line.label for line in read_head(part)] == ["title"]


def test_a_head_whose_lines_are_labelled() -> None:
    """The words before the colons are no part of title and address, in whatever language."""
    address = "https://www.lakesheet.com/ice"
    head = ("Title: Ice is back", "Author: Jane Roe", "Date: March 5, 2024", f"URL: {address}")
    assert parts(*head) == [
        ("title", "Ice is back"),
        ("byline", "Author: Jane Roe"),
        ("published", "Date: March 5, 2024"),
        ("url", address),
    ]
    assert parts("Titel: Das Eis ist da", "5. März 2024")[0] == ("title", "Das Eis ist da")


@pytest.mark.parametrize("title", ["Title: a memoir of ice", "Link: how two villages were joined", "Title IX"])
def test_a_headline_that_only_looks_labelled(title: str) -> None:
    """Without other lines of a head below, or without an address behind it, the word is the headline's."""
    assert parts(title) == [("title", title)]


def test_names_in_a_row_are_subheads() -> None:
    """The places of a police log stand over paragraphs each: the first of them is no outlet."""
    blocks = [Block(t) for t in ("Police log, Nov. 3-9", "TARROW", LEAD, "PELLWORTH", MORE, LAST)]
    assert [line.label for line in read_head(blocks)] == ["title"]


def test_label_of_a_release_is_no_title() -> None:
    """The headline stands below it, and below whom to call."""
    assert parts("FOR IMMEDIATE RELEASE", "Contact: Dana Roe, 555-0142", "Utility to replace 14 miles of pipe") == [
        ("section", "FOR IMMEDIATE RELEASE"),
        ("title", "Utility to replace 14 miles of pipe"),
    ]
    assert parts("URGENT", "Dock workers vote to strike") == [
        ("section", "URGENT"),
        ("title", "Dock workers vote to strike"),
    ]
    assert parts("Contact with Mars probe is lost") == [("title", "Contact with Mars probe is lost")]
    assert parts("Urgent repairs shut the bridge") == [("title", "Urgent repairs shut the bridge")]


def test_chinese_head_lines() -> None:
    """Source, author, editor and day are labelled, each on a line of its own or behind blanks."""
    line = "2025-11-12 09:41 来源：海岸日报 作者：王小明 责任编辑：李华"
    assert [(p.field, p.text) for p in read_line(line)] == [
        ("published", "2025-11-12 09:41"),
        ("outlet", "海岸日报"),
        ("byline", "作者：王小明"),
        ("byline", "责任编辑：李华"),
    ]
    assert [p.field for p in read_line("来源：海岸日报")] == ["outlet"]
    assert read_line("来源：这口钟铸于1688年，重190公斤，有一道裂纹") == ()


@pytest.mark.parametrize(
    ("line", "is_byline"),
    [
        ("By Tuesday night the council had agreed to the plan", False),
        ("By noon the newsroom was empty.", False),
        ("By law the government has no say in it.", False),
        ("Von der Redaktion blieb nichts.", False),
        ("By Harbor Times staff", True),
        ("By the editors of the Courier", True),
        ("By Staff and Wire Reports", True),
        ("By the Lakeside Historical Society", True),
        ("Von der Redaktion", True),
    ],
)
def test_sentence_about_a_desk_or_an_institution_is_no_byline(line: str, is_byline: bool) -> None:
    """A desk's name may stand in a byline; what goes on with a verb is the story's first or last sentence."""
    assert [part.label for part in read_line(line)] == ["byline"] * is_byline
