"""Tests of what copying broke."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.boilerplate.repairs import continues, repair_broken_words, repair_drop_cap


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Ayear has passed since the flood.", "A year has passed since the flood."),
        ("Achild, for instance, may swim.", "A child, for instance, may swim."),
        ("Atrade deficit is no debt.", "A trade deficit is no debt."),
        ("Avigil was held on Monday.", "A vigil was held on Monday."),
        ("Astate of emergency was declared.", "A state of emergency was declared."),
        ("Anew bill would end the tax.", "A new bill would end the tax."),
        ("Aformer principal was fired.", "A former principal was fired."),
        ("O ne of the leaders left.", "One of the leaders left."),
        ("Afar-reaching bill passed.", "A far-reaching bill passed."),
        ("Ithought it would end.", "I thought it would end."),
        ("T he year began with a flood.", "The year began with a flood."),
        ("P resident Dane left the room.", "President Dane left the room."),
        ("W hen the ice came, they left.", "When the ice came, they left."),
        ("Atop Lind Harbour adviser left the quay.", "A top Lind Harbour adviser left the quay."),
        ("Anew 2.3% tax on ice was voted down.", "A new 2.3% tax on ice was voted down."),
        ("Aceremonial Lind Day was held.", "A ceremonial Lind Day was held."),
        ("Isay so because I was there.", "I say so because I was there."),
        ("A re the records kept in order?", "Are the records kept in order?"),
        ("I ts founder left the board.", "Its founder left the board."),
        ("I t was a cold night.", "It was a cold night."),
        ("O pponents of the tax left early.", "Opponents of the tax left early."),
    ],
)
def test_repairs_drop_caps(broken: str, whole: str) -> None:
    """A first letter that lost or gained a space is set right."""
    assert repair_drop_cap(broken) == whole


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "Abe was late.",
        "Avery told the court so.",
        "Ashe's book is out.",
        "About a year has passed.",
        "Away from the quay it is warm.",
        "Alone at sea, he sang.",
        "Ivory was found on board.",
        "Island ferries stopped.",
        "A year has passed.",
        "I think so.",
        "A bout of flu kept him home.",
        "O captain, my captain.",
        "X marks the spot.",
        "U turn ahead, the sign says.",
        "T cells remember.",
        "Arun ran home.",
        "Aron told the court so.",
        "Atop the list of officials stood her name.",
        "Atop Mount Lind the snow stays until June.",
        "Aha, you say.",
        "I s’pose so, she said.",
        "I ll at ease be, he wrote.",
        "O ye of little faith, he said.",
        "Y a Iair le dijeron que no.",
    ],
)
def test_leaves_names_and_words(text: str) -> None:
    """A name or a word that begins with A or I stays, and so does a letter that stands alone."""
    assert repair_drop_cap(text) is None


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("The govern- ment fell.", "The government fell."),
        ("An in- vestigation and a state- ment.", "An investigation and a statement."),
    ],
)
def test_joins_words_of_line_ends(broken: str, whole: str) -> None:
    """A hyphen of an old line end goes if the whole is a word."""
    assert repair_broken_words(broken) == whole


@pytest.mark.parametrize(
    "text", ["", "The pre- and post-war years.", "A long- haul flight.", "A well-known port.", "So - he left."]
)
def test_leaves_other_hyphens(text: str) -> None:
    """Suspended hyphens, compounds and dashes stay."""
    assert repair_broken_words(text) is None


def test_sentences_run_on() -> None:
    """A line without a stop runs into one that starts small and ends like a sentence."""
    assert continues("The ferry left the quay at six in the morning with", "forty cars and a bus on board.")


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("", "forty cars on board."),
        ("The ferry left the quay at six.", "forty cars on board."),
        ("What we know about the ferry:", "it left at six in the morning."),
        ("The ferry left the quay at six with", "Forty cars were on board."),
        ("BERGEN:", "why did you leave the quay?"),
        ("Follow the ferry on its way at", "lindferry.example/live"),
        ("Ice on the quay and in the streets", "snow on the hills and roads"),
    ],
)
def test_lines_that_do_not_run_on(line: str, following: str) -> None:
    """Full sentences, headings, speakers, addresses and verse are left as they are."""
    assert not continues(line, following)


@given(st.text(max_size=200))
def test_repairing_twice_changes_nothing(text: str) -> None:
    """A repaired text needs no repair."""
    for repair in (repair_drop_cap, repair_broken_words):
        once = repair(text)
        if once is not None:
            assert repair(once) is None or len(repair(once) or "") < len(once)


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Anew Yale study has concluded so.", "A new Yale study has concluded so."),
        ("Ajournalist’s disappearance is a riddle.", "A journalist’s disappearance is a riddle."),
        ("I ntolerance of disagreement begins.", "Intolerance of disagreement begins."),
    ],
)
def test_first_letter_before_a_capital_or_a_possessive(broken: str, whole: str) -> None:
    """A common word is believed also before a name, with an 's, or torn where the rest is no word by chance."""
    assert repair_drop_cap(broken) == whole


@pytest.mark.parametrize("name", ["Avery Stone said so.", "Alan Pike’s book is out.", "Aman Singh won.", "Iran Deal"])
def test_first_names_before_a_surname_stay(name: str) -> None:
    """A first name that could be cut in two is no broken word."""
    assert repair_drop_cap(name) is None
