# ruff: noqa: E501 - an example paragraph stands in one line, as it does in an article
"""Tests of what stands in an article twice."""

from __future__ import annotations

from copydesk.boilerplate.repeats import find_repeats, word_key

LEAD = "The port of Lindhaven froze in the night of Sunday, and no ship has left since."
LONG = (
    LEAD
    + " The harbour master sent the crews home, and the market on the quay stayed shut for the first time in forty years."
)
OTHER = "Crews who had waited for a berth since Friday lit fires on the pier, and the bakers of the old town brought them bread."


def found(
    lines: list[str], title: str | None = "Lindhaven port frozen", deck: str | None = None
) -> list[tuple[int, str]]:
    """Position and rule of each repeat."""
    return [(r.position, r.rule) for r in find_repeats(lines, title, deck)]


def test_empty_article_repeats_nothing() -> None:
    """No lines, no repeats."""
    assert found([]) == []


def test_title_again_goes_wherever_it_stands() -> None:
    """The title as a line of its own is a repeat, whatever its quotes and case."""
    assert found([LONG, OTHER, "LINDHAVEN PORT FROZEN"]) == [(2, "repeated-title/1")]


def test_short_title_is_no_repeat() -> None:
    """A title of one or two words may be a subhead or a name."""
    assert found([LONG, "Ice", OTHER], title="Ice") == []


def test_title_without_metadata_is_known_by_first_and_last_line() -> None:
    """Where no title is known, the first line that comes again at the very end is one."""
    lines = ["Lindhaven port frozen over", LONG, OTHER, "Lindhaven port frozen over"]
    assert found(lines, title=None) == [(3, "repeated-title/1")]


def test_deck_again_goes() -> None:
    """A line that is the deck is a repeat."""
    assert found(["No ship has left since Sunday.", LONG], deck="No ship has left since Sunday.") == [
        (0, "repeated-deck/1")
    ]


def test_lead_as_a_line_of_its_own_goes() -> None:
    """The first sentence before the paragraph that holds it is a repeat."""
    assert found([LEAD, LONG, OTHER]) == [(0, "repeated-lead/2")]


def test_lead_cut_at_an_abbreviation_goes() -> None:
    """The beginning of the next paragraph, cut off at the stop of "U.S.", is a repeat; a name under a subhead is none."""
    whole = "LINDHAVEN (AP) — A U.S. ferry that had been missing since Friday came home on Sunday night."
    assert found(["LINDHAVEN (AP) — A U.S.", whole, OTHER]) == [(0, "repeated-lead/2")]
    assert found(["Abbott", "Abbott said on Sunday that the port would stay shut until the ice is gone."]) == []


def test_pull_quote_goes() -> None:
    """A sentence set large goes, the paragraph it was pulled from stays."""
    quote = "the market on the quay stayed shut for the first time in forty years"
    assert found([LONG, OTHER, f"“{quote.capitalize()}.”"]) == [(2, "pull-quote/2")]


def test_reworded_pull_quote_goes() -> None:
    """A pull quote with another beginning goes if its second half is word for word in a long paragraph close by."""
    quote = "Lind has never seen the market on the quay stayed shut for the first time in forty years."
    long = f"{OTHER} {LONG}"
    assert found([long, quote]) == [(1, "reworded-quote/2")]


def test_short_refrains_stay() -> None:
    """A few words that stand in a longer paragraph are no pull quote."""
    assert found([LONG, "No ship has left.", OTHER]) == []


def test_far_sentence_stays() -> None:
    """A sentence that comes again far away is the writer's own echo."""
    filler = [f"Paragraph number {n} tells of crew {n} and its long way home across the ice." for n in range(9)]
    assert found([LONG, *filler, LEAD]) == []


def test_paragraph_again_goes_once() -> None:
    """Of two equal paragraphs the later goes; marks and spaces don't matter."""
    again = LONG.replace("The port", "The, port").replace(" the ", "  the ", 1)
    assert found([LONG, OTHER, again]) == [(2, "repeated-paragraph/1")]


def test_speakers_and_questions_come_again() -> None:
    """Lines under twelve words recur for good reasons."""
    assert found(["BERGEN:", LONG, "BERGEN:", OTHER, "What happens now?", LONG[:60], "What happens now?"]) == []


def test_keys_of_other_scripts_differ() -> None:
    """Words beyond ASCII count."""
    assert word_key("Порт замёрз") != word_key("Порт открыт")
    assert word_key("Café, fermé") == "café fermé"


def test_heading_is_no_pull_quote() -> None:
    """A question or a heading stays, though a paragraph near it has the same words."""
    asked = "How long will the ice on the quay of Lindhaven hold this year?"
    answer = f"{asked} Until the end of the month, the weather office expects, and then it will go within a day or two."
    assert found([LONG, OTHER, asked, answer]) == []
    heading = "What to look for in a boat with a double hull"
    advice = (
        "What to look for in a boat with a double hull depends on the ice, says the pilot, who has broken two of them."
    )
    assert found([LONG, OTHER, heading, advice]) == []


def test_heading_that_the_paragraph_takes_up_stays() -> None:
    """A line without a stop with which the paragraph below begins, or nearly so, heads it; at the top it is the lead over
    again, and a line with a stop is one anywhere.
    """
    heading = "Ice on the northern route of the ferries to Holm"
    below = f"The agency has had reports of {heading.lower()} since Sunday. None of the crews was hurt, and two ships turned."
    assert found([LONG, OTHER, heading, below]) == []
    assert found([LONG, OTHER, heading, f"{heading} has grown since Sunday, and two of the ships have turned."]) == []
    assert found([heading, f"{heading} has grown since Sunday, and two of the ships have turned back."]) == [
        (0, "repeated-lead/2")
    ]
    whole = f"{heading} has grown since Sunday."
    assert found([LONG, OTHER, whole, f"{whole} Two of the ships that were to leave on Monday have turned back."]) == [
        (2, "repeated-lead/2")
    ]


def test_numbered_and_labelled_lines_are_no_quotes() -> None:
    """The heading of a list's entry and a line with a label stay, though the paragraph below has their words."""
    rest = "the market on the quay stayed shut for the first time in forty years"
    long = f"{LONG} Fires were lit on the pier, and those who had waited since Friday got bread from the old town."
    for line in (f"Myth: Before the frost {rest}.", f"9 'Before the frost {rest}'"):
        assert found([OTHER, line, long]) == []
    assert found([OTHER, f"40 bakers say that {rest}.", long]) == [(1, "reworded-quote/2")]


def test_quote_without_a_stop_is_a_pull_quote() -> None:
    """A pull quote needs no stop and no quotation marks."""
    quote = "the bakers of the old town brought them bread"
    assert found([LONG, quote.capitalize(), OTHER]) == [(1, "pull-quote/2")]


def test_refrain_stays_each_time() -> None:
    """What an article says four times, to each guest or for each round, it says on purpose; what stands twice is a copy."""
    question = "Which dish of the islands do you cook yourself, and is there one you would never touch?"
    guests = [
        f"Guest {n} cooks {n} dishes of the islands, and tells of each where it was learned and who ate it."
        for n in "abcd"
    ]
    lines = [line for guest in guests for line in (question, guest)]
    assert found(lines) == []
    assert found(lines[:4]) == [(2, "repeated-paragraph/1")]
