# ruff: noqa: E501 - an example paragraph stands in one line, as it does in an article
"""Tests of captions and credits."""

from __future__ import annotations

import pytest

from copydesk.boilerplate.captions import is_pair, read_credit


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("Boats in Lindhaven, May 2014Handout / Reuters", "Boats in Lindhaven, May 2014", "Handout / Reuters"),
        ("Boats in Lindhaven, May 2014Tom Reyes / AFP", "Boats in Lindhaven, May 2014", "Tom Reyes / AFP"),
        ("Boats in Lindhaven, May 2014Tom Reyes / Lodestar", "Boats in Lindhaven, May 2014", "Tom Reyes / Lodestar"),
        ("Boats in Lindhaven, May 2014AP", "Boats in Lindhaven, May 2014", "AP"),
        ("Mayor Abbott at the quay on Monday. (Tom Reyes/AP)", "Mayor Abbott at the quay on Monday.", "(Tom Reyes/AP)"),
        ("Mayor Abbott at the quay. (AP Photo/Tom Reyes)", "Mayor Abbott at the quay.", "(AP Photo/Tom Reyes)"),
        ("Crowds at the gate on Sunday. REUTERS/Nadia Duffy", "Crowds at the gate on Sunday.", "REUTERS/Nadia Duffy"),
        ("Crowds at the gate, May 2014 Nadia Duffy / AP", "Crowds at the gate, May 2014", "Nadia Duffy / AP"),
        ("Crowds at the gate, May 2014 Getty Images", "Crowds at the gate, May 2014", "Getty Images"),
        ("Crowds at the gate. Photograph: Tom Reyes/AP", "Crowds at the gate.", "Photograph: Tom Reyes/AP"),
        ("Mayor Abbott at the quay on Monday (Reuters)", "Mayor Abbott at the quay on Monday", "(Reuters)"),
        ("Mayor Abbott at the quay, May 2014. (Reuters)", "Mayor Abbott at the quay, May 2014.", "(Reuters)"),
        ("Mayor Abbott with Hugh Lind Jr. (Getty)", "Mayor Abbott with Hugh Lind Jr.", "(Getty)"),
        ("Mayor Abbott at the quay. (Photo: Reuters)", "Mayor Abbott at the quay.", "(Photo: Reuters)"),
        ("He was mayor for a year. Photograph: Tom Reyes/AP", "He was mayor for a year.", "Photograph: Tom Reyes/AP"),
        ("Photo: Nadia Duffy / AP", "", "Photo: Nadia Duffy / AP"),
        ("Nadia Duffy / Getty Images", "", "Nadia Duffy / Getty Images"),
        ("Getty Images", "", "Getty Images"),
        ("Nadia Duffy/The Guardian", "", "Nadia Duffy/The Guardian"),
        (
            "Tribute: flowers at the town hall (Picture: Reuters)",
            "Tribute: flowers at the town hall",
            "(Picture: Reuters)",
        ),
        ("UH-OH: And he will find the ferry ... [AP]", "UH-OH: And he will find the ferry ...", "[AP]"),
        ("Mayor Abbott at the quay on Monday (Tom Reyes/PA)", "Mayor Abbott at the quay on Monday", "(Tom Reyes/PA)"),
    ],
)
def test_reads_caption_and_credit(line: str, caption: str, credit: str) -> None:
    """The caption is parted from the credit, however it is joined on."""
    found = read_credit(line)
    assert found is not None
    assert (found.caption, found.credit) == (caption, credit)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "He spoke to Reuters.",
        "The trial of the harbour master goes on in Lindhaven on Monday. (Reuters)",
        "She was elected mayor of Lindhaven in May 2014. (Reuters)",
        "There was an ice road to Holm after all, and it held a bus. [The Guardian]",
        "He added that he had lived by the quay for three years. Tom Reyes / Getty Images",
        "The ship left Lindhaven in May 2014.",
        "She writes for The Guardian",
        "The firm was sold to Bloomberg",
        "A poll by Reuters/Ipsos found the same.",
        (
            "“The port will not open again this year, whatever they tell you, and we all know it,” she wrote in a long and"
            " angry letter to the harbour master. (The Washington Post)"
        ),
        "AP",
        "LINDHAVEN (Reuters) - The port froze on Sunday.",
        "Beyond the vote, ill omens for Keystone",
        "The Guardian",
        "The New York Times",
        "Best comedy: My Uncle the Whale (NBC)",
        "Best actress in a drama: Ruth Abbott, The Night Ferry (BBC)",
        "Ada Lane, Central Catholic High School (Ardmore, PA)",
        "Rep. Samuel Oduya of the fourth district (D, PA)",
        "And/or",
    ],
)
def test_leaves_what_ends_with_no_credit(line: str) -> None:
    """Sentences about agencies and papers are no captions."""
    found = read_credit(line)
    assert found is None or (not found.caption and line == "AP")


def test_the_text_of_a_glued_caption_has_its_space_back() -> None:
    """What is kept in the field reads well."""
    found = read_credit("Boats in Lindhaven, May 2014Handout / Reuters")
    assert found is not None
    assert found.text == "Boats in Lindhaven, May 2014 Handout / Reuters"


def test_pair_with_other_words_is_a_pair() -> None:
    """Two captions of one picture share their end."""
    assert is_pair("Patrol boats in Lindhaven, May 2014", "Coast guards in Lindhaven, May 2014")
    assert is_pair("Coast guards in Lindhaven, May 2014", "Coast guards in Lindhaven, May 2014")


@pytest.mark.parametrize("line", ["", "The patrol left Lindhaven in May 2014.", "Lindhaven", "What now?"])
def test_sentences_and_subheads_are_no_pair(line: str) -> None:
    """A neighbour that is a sentence or a subhead stays."""
    assert not is_pair(line, "Coast guards in Lindhaven, May 2014")
