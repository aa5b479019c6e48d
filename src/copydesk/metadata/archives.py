"""Pages that an archive of the Web has saved: what it says of itself is nothing that the page says."""

from __future__ import annotations

import re

from copydesk.article import Evidence
from copydesk.metadata.choose import refuse
from copydesk.metadata.dates import parse_date
from copydesk.metadata.urls import original_url, saved_at

# Matches the names that archives of the Web give their pages: "archive.ph", "Wayback Machine".  Not: "Archive Weekly".
_ARCHIVE = re.compile(
    r"archive\.[a-z]{2,5}|arquivo\.pt|(?:internet archive )?wayback machine|internet archive", re.IGNORECASE
)


def without_archive(found: dict[str, list[Evidence]]) -> tuple[dict[str, list[Evidence]], list[Evidence]]:
    """The evidence by field without what an archive of the Web says of a page that it saved, and that, refused: its own
    name, and the time. Where no address is an archive's, all of it, and nothing.

    >>> saved = "https://archive.today/20240504101112/https://courier.example/ice"
    >>> stated = {f: [Evidence(f, v, "page", v, 0.9)] for f, v in (("url", saved), ("outlet", "archive.ph"))}
    >>> kept, refused = without_archive(stated)
    >>> kept["outlet"], [item.value for item in refused]
    ([], ['archive.ph'])
    """
    addresses = [e.value for field in ("url", "canonical") for e in found.get(field, [])]
    if all(original_url(address) == address for address in addresses):
        return found, []
    times = {parsed.at for a in addresses if (at := saved_at(a)) and (parsed := parse_date(at)) and parsed.at}
    refused = [refuse(e, "an archive's name") for e in found.get("outlet", []) if _ARCHIVE.fullmatch(e.value)]
    refused += [
        refuse(e, "when an archive saved it")
        for field in ("published", "modified")
        for e in found.get(field, [])
        if times and (said := parse_date(e.value)) and said.at in times
    ]
    gone = {(e.field, e.raw) for e in refused}
    return {field: [e for e in items if (field, e.raw) not in gone] for field, items in found.items()}, refused
