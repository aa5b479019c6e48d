"""Two texts laid beside each other: what they share, in which order, and which facts differ where they match.

`measure` and its parts are written for the compiler: plain loops over arrays of whole numbers, no objects. Small
corpora run them as the Python they are, large ones compiled (`compiled.py`): one source, one result.

A *run* is three successive words. `work` is scratch memory of int64, at least
`work_size(words of a, words of b)` long.
"""

from __future__ import annotations

from typing import Any

from copydesk.duplicates.runs import find

REACH = 14
"""Words that may lie between two matching runs for what lies between to count as the same passage, edited. 14 spans the
gaps that 8 % wrong characters leave; 30 would bridge strangers."""
EDGE = 3
"""Words before the first and after the last match that are still compared, if both texts have no more: a run of three
words needs three, so a sum that ends a note is in none. Of short texts of which two thirds match REACH words
are: who died, or was fined, stands before the first match."""
LONG_WORDS = 150
"""From so many words on a text may hold a list as well as a story."""
OCCURRENCES = 32
"""Places of a repeated run that are tried before its first place is taken: bounds the time on texts of one
repeated word.
"""

STRANGERS = 0.15
"""Where less of both texts matches, the rest isn't measured: half of what the least alike pair that is linked
shares.
"""

DISTINCT_A, DISTINCT_B, SHARED = 0, 1, 2
RARE_A, RARE_B, RARE_SHARED = 3, 4, 5
COVERED_A, COVERED_B, MATCHED_A = 6, 7, 8
OWN_A, OWN_B, OWN_COVERED_A, OWN_COVERED_B = 9, 10, 11, 12
SAME_NUMBERS, OTHER_NUMBERS = 13, 14
SAME_NAMES, OTHER_NAMES = 15, 16
SAME_WORDS, OTHER_WORDS = 17, 18
SIZE = 19
"""Places in the result of `measure`:

- DISTINCT_*: distinct runs of each text (of strangers too); SHARED: runs in both; RARE_*: the same without runs common
  in the corpus.
- COVERED_*: words that match or lie between two near matches; MATCHED_A: words of a that match themselves.
- OWN_*: words that are in a run that isn't common; OWN_COVERED_*: those of them that are covered by such runs.
- SAME_NUMBERS: numbers at the same place in both; OTHER_NUMBERS: where the texts match but for another number.
  Likewise names and the other words.
"""


def work_size(words_a: int, words_b: int) -> int:
    """How much scratch memory `measure` needs for two texts."""
    return 2 * words_a + 2 * words_b


def pair_words(  # noqa: C901 - one pass over the runs
    grams_a: Any, common_a: Any, grams_b: Any, common_b: Any, entered: Any, partner: Any, own_a: Any, own_b: Any
) -> Any:
    """Gives each word of a that is in a shared run its partner in b, preferring to go on where the last run ended.

    Gives the number of distinct shared runs, and of those that aren't common. `own_a`, `own_b`: 0 not matched, 1
    matched by common runs only, 2 matched by another run; 4 is added to the first place in b of each shared run.
    """
    table, following, firsts = entered
    expected, shared, rare = 0, 0, 0
    for place in range(len(grams_a)):
        gram = grams_a[place]
        target = expected
        if expected >= len(grams_b) or grams_b[expected] != gram:
            first = find(gram, grams_b, table)
            if first < 0:
                continue
            target = first
            step = 0
            while target >= 0 and target < expected and step < OCCURRENCES:
                target = following[target]
                step += 1
            if target < expected:
                target = first
        level = 1 if common_a[place] else 2
        for k in range(3):
            if partner[place + k] < 0:
                partner[place + k] = target + k
            if own_a[place + k] < level:
                own_a[place + k] = level
            if (own_b[target + k] & 3) < level:
                own_b[target + k] = level | (own_b[target + k] & 4)
        if own_b[firsts[target]] < 4:
            own_b[firsts[target]] |= 4
            shared += 1
            rare += 1 - common_b[firsts[target]]
        expected = target + 1
    return shared, rare


def has(text: Any, word: Any, start: int, stop: int) -> bool:
    """Whether a word stands between two places of a text."""
    for place in range(max(0, start), min(stop, len(text))):  # noqa: SIM110 - any() doesn't compile
        if text[place] == word:
            return True
    return False


def compare_gap(
    a: Any, flags_a: Any, start_a: int, stop_a: int, b: Any, flags_b: Any, start_b: int, stop_b: int, out: Any
) -> None:
    """Counts what stands at the same place of both texts, between two near matches, and what differs.

    In long texts a number or name counts as different only if it is nowhere near in the other text: in lists a run
    that recurs is matched with the wrong line now and then. Short ones (draws, scores) have too few numbers for that.
    """
    around = REACH if min(len(a), len(b)) >= LONG_WORDS else 0
    left_numbers, left_names, left_words = 0, 0, 0
    for i in range(start_a, stop_a):
        reach = around if flags_a[i] else 0
        same = has(b, a[i], start_b - reach, stop_b + reach)
        if flags_a[i] & 1:
            out[SAME_NUMBERS] += same and not (i > 0 and flags_a[i - 1] & 1)
            left_numbers += not same
        elif flags_a[i] & 2:
            out[SAME_NAMES] += same
            left_names += not same
        else:
            out[SAME_WORDS] += same
            left_words += not same
    right_numbers, right_names, right_words = 0, 0, 0
    for j in range(start_b, stop_b):
        reach = around if flags_b[j] else 0
        if has(a, b[j], start_a - reach, stop_a + reach):
            continue
        if flags_b[j] & 1:
            right_numbers += 1
        elif flags_b[j] & 2:
            right_names += 1
        else:
            right_words += 1
    out[OTHER_NUMBERS] += min(left_numbers, right_numbers)
    out[OTHER_NAMES] += min(left_names, right_names)
    out[OTHER_WORDS] += min(left_words, right_words)


def compare_ends(
    a: Any, flags_a: Any, start_a: int, stop_a: int, b: Any, flags_b: Any, start_b: int, stop_b: int, out: Any
) -> None:
    """Counts the facts in what two notes begin or end with, each in its own words, that the other hasn't at all.

    A lead that was rewritten tells of the same people and sums. Two notes that end in the same advice begin with what
    they are about.
    """
    left_numbers, left_names = count_missing(a, flags_a, start_a, stop_a, b)
    right_numbers, right_names = count_missing(b, flags_b, start_b, stop_b, a)
    out[OTHER_NUMBERS] += min(left_numbers, right_numbers)
    out[OTHER_NAMES] += min(left_names, right_names)


def count_missing(a: Any, flags_a: Any, start: int, stop: int, b: Any) -> Any:
    """The numbers and the names between two places of a text that the other one has nowhere."""
    numbers, names = 0, 0
    for i in range(start, stop):
        if flags_a[i] and not has(b, a[i], 0, len(b)):
            numbers += flags_a[i] & 1
            names += 1 - (flags_a[i] & 1)
    return numbers, names


def walk(  # noqa: C901 - one pass over the matches
    a: Any, flags_a: Any, own_a: Any, partner: Any, b: Any, flags_b: Any, own_b: Any, out: Any
) -> None:
    """Goes through the matches in the order of a, counts them, and bridges what lies between two near ones."""
    alike = 3 * out[MATCHED_A] > 2 * max(len(a), len(b))
    edge = REACH if alike and min(len(a), len(b)) < LONG_WORDS else EDGE
    last = -1
    for i in range(len(a)):
        if own_a[i] == 0:
            continue
        if flags_a[i] & 1:
            # The "000" of "297,000" and the "16" of "13/16" are no numbers of their own.
            out[SAME_NUMBERS] += i == 0 or not flags_a[i - 1] & 1
        elif flags_a[i] & 2:
            out[SAME_NAMES] += 1
        else:
            out[SAME_WORDS] += 1
        place = partner[i] + 0  # of 64 bits when compiled, as all places: else `compare_gap` is compiled for both
        if last >= 0:
            gap_a = i - last - 1
            gap_b = place - partner[last] - 1
            if 0 <= gap_b <= REACH and gap_a <= REACH and gap_a + gap_b > 0:
                level = 2 if own_a[i] == 2 and own_a[last] == 2 else 1
                compare_gap(a, flags_a, last + 1, i, b, flags_b, partner[last] + 1, place, out)
                for k in range(last + 1, i):
                    own_a[k] = level
                for k in range(partner[last] + 1, partner[i]):
                    own_b[k] = max(own_b[k], level)
        elif i <= edge and partner[i] <= edge:
            compare_gap(a, flags_a, last + 1, i, b, flags_b, last + 1, place, out)
        elif last < 0 and alike and max(len(a), len(b)) < LONG_WORDS:
            compare_ends(a, flags_a, last + 1, i, b, flags_b, last + 1, place, out)
        last = i
    if last >= 0 and len(a) - last - 1 <= edge and len(b) - partner[last] - 1 <= edge:
        compare_gap(a, flags_a, last + 1, len(a), b, flags_b, partner[last] + 1, len(b), out)
    elif last >= 0 and alike and max(len(a), len(b)) < LONG_WORDS:
        compare_ends(a, flags_a, last + 1, len(a), b, flags_b, partner[last] + 1, len(b), out)


def count_own(grams: Any, common: Any, own: Any) -> Any:
    """The covered words of one text, those in runs that aren't common, and those that are both."""
    covered, owned, both = 0, 0, 0
    rare_until = 0
    for i in range(len(own)):
        if i < len(grams) and common[i] == 0:
            rare_until = i + 3
        if own[i] > 0:
            covered += 1
        if i < rare_until:
            owned += 1
            if own[i] == 2:
                both += 1
    return covered, owned, both


def measure(a: Any, b: Any, entered: Any, work: Any, out: Any) -> None:
    """Fills `out` (SIZE whole numbers, zeros but for DISTINCT_* and RARE_*) with the measures of two texts; strangers
    leave it almost empty.

    `a`, `b`: each its word hashes, its flags (NUMBER and NAME bits), the hashes of the runs that start at each word but
    the last two (int64 from 0 up), and which of the runs are common (1). `entered`: the runs of b as `enter` leaves
    them, so that a text that is compared with many is entered once.
    """
    text_a, flags_a, grams_a, common_a = a
    text_b, flags_b, grams_b, common_b = b
    words_a, words_b = len(text_a), len(text_b)
    partner, own_a = work[:words_a], work[words_a : 2 * words_a]
    own_b = work[2 * words_a : 2 * words_a + words_b]
    for k in range(words_a):
        partner[k] = -1
        own_a[k] = 0
    for k in range(words_b):
        own_b[k] = 0
    shared, rare = pair_words(grams_a, common_a, grams_b, common_b, entered, partner, own_a, own_b)
    matched_b = 0
    for k in range(words_a):
        out[MATCHED_A] += own_a[k] > 0
    for k in range(words_b):
        own_b[k] &= 3
        matched_b += own_b[k] > 0
    if out[MATCHED_A] < STRANGERS * words_a and matched_b < STRANGERS * words_b:
        return
    out[SHARED], out[RARE_SHARED] = shared, rare
    walk(text_a, flags_a, own_a, partner, text_b, flags_b, own_b, out)
    out[COVERED_A], out[OWN_A], out[OWN_COVERED_A] = count_own(grams_a, common_a, own_a)
    out[COVERED_B], out[OWN_B], out[OWN_COVERED_B] = count_own(grams_b, common_b, own_b)
