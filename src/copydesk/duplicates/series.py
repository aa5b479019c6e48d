"""Articles of a series: what a firm says of itself under each of its releases, a column's preface, the stars each week.

Of two releases nobody can tell whether the second is the first with a new lead, and of two horoscopes, whether the
second is the first, edited; so one goes. But a story gets a new lead two or three times, and no outlet prints one in
six different wordings. A text beside which there are five that it is linked with, and from which it differs each time
in such a way, is one of a series, and none of these goes for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from copydesk.duplicates.stories import Corpus

LEAST_OTHERS = 5
"""With four, chains of updates, each of which replaces a quarter of the last one, were held for series."""
OWN_WORDS, OWN_SHARE = 25, 0.1
"""What both texts have at least that isn't in the other, in words and as a share: more than scans and edited copies
leave unmatched, and than a caption or a note on the author has."""
OTHER_RUNS = 0.8
"""Share of the smaller text's runs of three words below which two texts of one outlet are worded differently. At 0.7
eleven of twelve notes from a form without names and figures still went."""


def find_series(groups: Iterable[int], corpus: Corpus) -> frozenset[int]:
    """Which of these groups are of a series: with more links to texts that differ as those of one do than to others."""
    found = set()
    for group in groups:
        linked = corpus.pairs.get(group, {})
        if len(linked) < LEAST_OTHERS:
            continue
        apart = [other for other in linked if differ_as_series(group, other, corpus)]
        if len(apart) < LEAST_OTHERS:
            continue
        own = _said(group, "outlet", corpus)
        others = {other for other in linked if own & _said(other, "outlet", corpus)}
        several = len(others & set(apart))
        if several >= LEAST_OTHERS and 2 * several > len(others):
            found.add(group)
    return frozenset(found)


def differ_as_series(one: int, other: int, corpus: Corpus) -> bool:
    """Whether each of two linked groups has a passage of its own, or one outlet has them in other words; never versions
    of a page.
    """
    worded = corpus.pairs[one][other].containment < OTHER_RUNS and _shared("outlet", one, other, corpus)
    apart = worded or (_has_own(one, other, corpus) and _has_own(other, one, corpus))
    return apart and not _shared("url_key", one, other, corpus)


def _has_own(group: int, other: int, corpus: Corpus) -> bool:
    share = 1 - corpus.pairs[group][other].covered
    return share >= OWN_SHARE and share * corpus.words[corpus.units[group][0][0]] >= OWN_WORDS


def _shared(field: str, one: int, other: int, corpus: Corpus) -> bool:
    """Whether articles of both groups say the same in a field."""
    return bool((_said(one, field, corpus) & _said(other, field, corpus)) - {None, ""})


def _said(group: int, field: str, corpus: Corpus) -> set[str | None]:
    """What a group's articles say in a field, None where one says nothing: outlets that nobody knows may be one."""
    return {corpus.rows[i].get(field) for unit in corpus.units[group] for i in unit}
