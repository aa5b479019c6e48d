#!/usr/bin/env python3
"""Notes of an old newswire, written from one form with other facts each time: how many are taken for copies.

    python -m bench.templates [--notes 200] [--seed 1] [--show]

Thirteen forms of our own writing, each after a kind of note that wires sent day after day: dividends, results,
shortages of the money market, repurchase agreements, slaughter, grain, cargoes, weather, draws, fixtures, obituaries,
exchange rates. Names, days, figures and the turn of the sentence change as they did there. Prints for each form the
share of its notes that are linked with another one, and the share that would be removed; exits with 1 where more than
one in a hundred of all notes is linked. Notes that came out the same word for word aren't counted.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter

import pyarrow as pa

from copydesk.duplicates import find_links, find_pairs

MOST_LINKED = 0.01

FORMS = {
    "dividend": (
        "{firm} said its board declared a quarterly dividend of {cents} cents a share, {turn} {cents} cents in "
        "the previous quarter. It is payable on {month} {day} to holders of record on {month} {day}."
    ),
    "results": (
        "{firm} {quarter} quarter. Shr {cents} cts vs {cents} cts. Net {figure} vs {figure}. Revs {figure} vs "
        "{figure}. Nine months: shr {cents} cts vs {cents} cts. Net {figure} vs {figure}. Revs {figure} vs "
        "{figure}. Note: net includes {turned} of {figure} from the sale of its {thing} business."
    ),
    "money market": (
        "The central bank of {land} said it gave the money market {sum} million crowns of help in the {session} "
        "session. It bought {sum} million crowns of bank bills in band {small} at {rate} per cent and {sum} "
        "million crowns of treasury bills in band {small} at {rate} per cent. This brings the help of the day to "
        "{sum} million crowns, against a shortage that the bank had put at {sum} million crowns."
    ),
    "repurchase": (
        "The reserve bank entered the market for government paper to arrange {sum} million dollars of {session} "
        "repurchase agreements, a spokesman said. Dealers said that overnight funds were trading at {rate} per "
        "cent when the bank began its temporary supply of reserves. They had expected it to {move}."
    ),
    "few values": (
        "The reserve bank entered the market for government paper to arrange {round} billion dollars of {session} "
        "repurchase agreements, a spokesman said. Dealers said that overnight funds were trading at {eighths} per "
        "cent when the bank began its {brief} supply of reserves."
    ),
    "slaughter": (
        "Federally inspected {animal} slaughter was estimated at {figure} head on {weekday}, against {figure} a "
        "week ago and {figure} a year ago. For the week to date the slaughter comes to {figure} head, against "
        "{figure} a week ago. Prices in {town} {moved} by {cents} cents."
    ),
    "grain": (
        "{land} exporters sold {figure} tonnes of {crop} to {land} for delivery in the {quarter} quarter, the "
        "farm ministry said. The marketing year for {crop} began on {month} 1. Sales so far come to {figure} "
        "tonnes, against {figure} at the same time last year."
    ),
    "cargoes": (
        "Crude from {land} was offered at {rate} dollars a barrel for loading between {month} {day} and {day}, "
        "traders in {town} said. A cargo of {figure} barrels changed hands at {cents} cents {turn} the posted "
        "price. Freight for {town} stood at {small} points."
    ),
    "weather": (
        "The {town} area can expect {sky} on {weekday} with a high near {small} and a low around {small}, the "
        "weather office said. Winds from the {side} reach {small} to {sum} kilometres an hour. The chance of rain "
        "is {cents} per cent. The record high for the day is {cents}, set in {year}."
    ),
    "draw": (
        "The numbers drawn on {weekday} in the {land} lottery were {small}, {small}, {small}, {small}, {small} "
        "and {cents}, with {small} as the extra number. Nobody had all six. The jackpot grows to {sum} million "
        "crowns for the draw on {weekday}. Players with five right numbers receive {figure} crowns each."
    ),
    "fixture": (
        "{town} beat {town} {small}-{small} on {weekday} in the {quarter} round of the {land} cup. {person} "
        "scored after {cents} minutes and {person} after {cents}. {town} had {person} sent off. They play {town} "
        "or {town} in the next round on {month} {day}."
    ),
    "obituary": (
        "{person}, who led {firm} for {small} years, died on {weekday} at home in {town}. {person} was {cents}. "
        "Born in {town} in {year}, {person} joined the firm in {year} as a {job} and became its head in {year}. "
        "The funeral is on {weekday} at {small} in {town}."
    ),
    "exchange rate": (
        "The crown closed at {rate} to the dollar on {weekday}, {turn} {rate} on {weekday}. Dealers in {town} "
        "said that turnover was {mood}. Against the mark it stood at {rate}, {turn} {rate}. The {land} pound was "
        "put at {rate}. The bank's index {moved} to {cents}.{small}."
    ),
}
WORDS = {
    "firm": "Aldgrove Mills|Bexley Tin|Corvane Foods|Dunmore Rail|Estwick Paper|Farrow Gas|Gratton Steel|Holm Shipping",
    "turn": "up from|against|unchanged from|down from|above|below",
    "turned": "a gain|a loss|a charge|a credit",
    "thing": "paint|barge|printing|dairy|cable|seed",
    "month": "January|March|April|June|August|October|December",
    "quarter": "first|second|third|fourth",
    "land": "Norland|Ostria|Veldmark|Sarovia|Merenia|Tarkand",
    "session": "morning|afternoon|late|customer|overnight|four-day",
    "move": "add reserves|stay away|do more|wait a day",
    "moved": "rose|fell|were higher|were lower|slipped|gained",
    "animal": "hog|cattle|sheep|calf",
    "weekday": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday",
    "town": "Marlow|Ostwick|Harrow Point|Lindhaven|Brackwater|Tolmin|Sedge|Upper Vale|Karsk|Fenbridge",
    "crop": "wheat|maize|barley|soybeans|rapeseed",
    "sky": "sunshine|showers|fog|snow|clouds|thunder",
    "side": "north|south|east|west|north-west",
    "person": "Edda Trask|Jonas Pell|Mira Holt|Anton Reeve|Lise Farn|Otto Brandt|Nell Corrie|Per Adler|Ida Voss",
    "job": "clerk|driver|fitter|buyer|typist",
    "round": "1.0|1.2|1.5|1.8|2.0|2.5|3.0",
    "eighths": "5-3/4|5-7/8|5-13/16|6|6-1/16|6-1/8|6-3/16|6-1/4|6-3/8",
    "brief": "temporary|temporary and indirect|indirect|two-day",
    "mood": "thin|lively|slow|normal",
}
_BLANK = re.compile(r"\{(\w+)\}")


def main(arguments: list[str] | None = None) -> int:
    """Makes the notes, compares them, prints a line per form; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=200, help="notes of each form")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print one linked pair of each form")
    options = parser.parse_args(arguments)
    notes = make_notes(options.notes, options.seed)
    linked, removed = compare(notes, show=options.show)
    for form in FORMS:
        print(f"{form:16} linked {linked[form] / options.notes:7.2%}   removed {removed[form] / options.notes:7.2%}")
    share = sum(linked.values()) / len(notes)
    print(f"all {len(notes):,} notes   linked {share:.2%}   removed {sum(removed.values()) / len(notes):.2%}")
    return int(share > MOST_LINKED)


def make_notes(count: int, seed: int) -> list[tuple[str, str]]:
    """The forms and texts of so many notes of each form, no two texts the same."""
    draw = random.Random(seed)
    notes: dict[str, str] = {}
    for form, text in FORMS.items():
        wanted = len(notes) + count
        while len(notes) < wanted:
            notes.setdefault(_BLANK.sub(lambda blank: _fill(blank[1], draw), text), form)
    return [(form, text) for text, form in notes.items()]


def compare(notes: list[tuple[str, str]], *, show: bool = False) -> tuple[Counter[str], Counter[str]]:
    """How many notes of each form are linked with another note, and how many would be removed."""
    texts = [text for _, text in notes]
    pairs = find_pairs(texts)
    ends = list(zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), strict=True))
    if show:
        for left, right in {notes[left][0]: (left, right) for left, right in ends}.values():
            print(f"  {texts[left]}\n  {texts[right]}\n")
    links = find_links(pa.table({"article_id": [f"{at:06d}" for at in range(len(texts))], "text": texts}))
    removed = Counter(notes[int(name)][0] for name in links["article_id"].to_pylist())
    return Counter(notes[at][0] for at in {end for pair in ends for end in pair}), removed


def _fill(name: str, draw: random.Random) -> str:
    figures = {"cents": (1, 99), "small": (1, 31), "day": (1, 28), "sum": (20, 950), "year": (1921, 1986)}
    if name == "figure":
        return f"{draw.randint(101, 9_999_999):,}"
    if name == "rate":
        return f"{draw.randint(5, 21)}.{draw.randint(1, 99):02d}"
    return str(draw.randint(*figures[name])) if name in figures else draw.choice(WORDS[name].split("|"))


if __name__ == "__main__":
    sys.exit(main())
