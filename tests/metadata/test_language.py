"""Tests of the language by its commonest words, before the detector is asked."""

from __future__ import annotations

import pytest

from copydesk.metadata.language import detect

ENGLISH = (
    "The lake froze on Monday, and the village went out to skate before breakfast, as it has done in each of the "
    "winters that the parish has on its books; the ferry was left at the quay."
)
GERMAN = (
    "Der See ist am Montag zugefroren, und das Dorf ging vor dem Frühstück auf das Eis, wie es in den Büchern der "
    "Gemeinde von jedem Winter steht; die Fähre ist am Kai geblieben und wird nicht gebraucht."
)
FRENCH = (
    "Le lac est gelé depuis lundi et les gens du village sont sortis avec des patins avant le petit déjeuner, comme "
    "dans tous les hivers des registres de la paroisse, mais le bac est resté au quai pour une semaine."
)
ITALIAN = (
    "Il lago è gelato lunedì, e la gente del paese è uscita con i pattini prima di colazione, come in tutti gli "
    "inverni che sono nei libri della parrocchia, ma il battello non è più uscito dal porto della città."
)
DUTCH = (
    "Het meer is maandag dichtgevroren, en het dorp ging voor het ontbijt met de schaatsen het ijs op, zoals het in "
    "de boeken van de parochie van elke winter staat; de pont is aan de kade gebleven."
)
DANISH = (
    "Isen på søen er blevet så tyk, at borgmesteren i går sagde, at den må bruges af alle. Det er ikke klart, om det "
    "vil tø i weekenden, men for de fleste er det nu, det gælder, og der var mange på isen ved middagstid."
)


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (GERMAN, "de"), (FRENCH, "fr"), (ITALIAN, "it")])
def test_a_text_full_of_a_languages_commonest_words_is_in_it(text: str, language: str) -> None:
    """The words alone say it, with the certainty that is written for them."""
    assert detect(text) == (language, 0.99)


@pytest.mark.parametrize(("text", "language"), [(DUTCH, "nl"), (DANISH, "da")])
def test_a_neighbour_that_shares_some_words_is_left_to_the_detector(text: str, language: str) -> None:
    """Dutch has "is" and "met", Danish "for" and "at": too few of one list."""
    found, certainty = detect(text)
    assert found == language
    assert certainty != 0.99


def test_a_short_text_is_left_to_the_detector() -> None:
    """Of a few words no share is measured, and of fewer letters nothing is said."""
    assert detect("The lake is frozen, and that is that for the ferry.")[1] != 0.99
    assert detect("") == ("und", 0.0)
