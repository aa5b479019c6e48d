"""No word leaves an article without a row that says why: told from the published tables alone.

Hypothesis draws folders of plain texts and lines of JSON made of paragraphs, furniture, captions, bios, damaged
letters, repeats, and paragraphs of other stories. They are cleaned, and of each article's published text the decisions
are undone from the last to the first: the words must be those of the raw record, no more and no fewer, with people's
own decisions in force. Pages aren't asked: what lies around their article has no row each. `COPYDESK_LAW_EXAMPLES=60`
draws that many, with another seed each time.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.encoding import decode
from copydesk.report.progress import Silent
from copydesk.run import RunRequest, clean_corpus
from copydesk.settings import Settings

SAMPLES = Path(__file__).parents[2] / "corpus" / "raw"
STARTED = dt.datetime(2096, 3, 5, 2, 0, tzinfo=dt.UTC)
WORD = re.compile(r"\w+")

EXAMPLES = int(os.environ.get("COPYDESK_LAW_EXAMPLES", "0"))
SUITE_EXAMPLES = 6
"""About 1 s each."""

TRUE = (
    "The ferry to Little Ostrey will sail again from Monday, six weeks after it ran onto a sandbank in fog.",
    "Divers found that two blades of the screw were bent, the harbour master, Signe Aldous, told the council.",
    "“We never meant to be heroes,” the mate said. “We meant to be home by tea, and the tide had other plans.”",
    "A new screw was cast in Port Essery from the drawings of 1961, since the yard that made the first is gone.",
    "Islanders had meanwhile rowed across for bread, and for the doctor, who charges double in a swell.",
    "The council will vote in May on a buoy for the sandbank, which has moved forty metres since the last chart.",
)
STRANGE = (
    "Quarterly profit at the biscuit maker Tolland rose to 41 million crowns as wheat became cheaper, it said.",
    "The keeper Ruben Hahn saved two penalties, and Marrow United went through to the semi-final of the county cup.",
    "Astronomers at the Kariz observatory have seen a comet that was last recorded by monks eleven centuries ago.",
)
FURNITURE = (
    "Read more: What the fog cost the island",
    "Sign up for our newsletter and get the best of the coast every Friday.",
    "The ferry at its berth in Port Essery, March 2026. Photograph: Ida Quist/Handout",
    "Ida Quist is a reporter at the Kestrel Courier. She writes about the islands.",
    "© 2026 Kestrel Courier. All rights reserved.",
    "Printed on the old harbour press since the winter of the great frost",
    "Editor's note: an earlier version of this story gave the wrong year for the drawings.",
    "4 min read",
    "Advertisement",
)
HEADS = (
    "Ferry to Little Ostrey sails again",
    "By Ida Quist",
    "12 March 2026",
    "PORT ESSERY, March 12 (Lodestar) - The first boat will leave at seven, with the post and the schoolchildren.",
)
DAMAGED = (
    "Itâ€™s the first time in a cÃ©ntury that the post comes by rowing boat, the clerk wrote.",
    "Ayear ago the sand-\nbank lay further west, as the chart shows.",
    "The captain, who has sailed the strait\nfor thirty years, had asked for a light\non the point twice.",
)
PIECES = (*TRUE, *TRUE, *STRANGE, *FURNITURE, *HEADS, *DAMAGED)

records = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("\n\n".join)
folders = st.lists(records, min_size=1, max_size=24)

FORCED = f"""
[[line]]
text = {json.dumps(TRUE[4])}
decision = "remove"

[[line]]
text = {json.dumps(FURNITURE[0])}
decision = "keep"
"""
"""What people decided: a line of the text goes everywhere, one of the furniture stays."""


def words(text: str | None) -> Counter[str]:
    """Count the words of a text, by the letters and digits in them."""
    return Counter(WORD.findall(text or ""))


def put(raw: Path, texts: Iterable[str]) -> None:
    """Write every other text as a file, the rest as lines of JSON."""
    raw.mkdir()
    for number, text in enumerate(texts):
        if number % 2:
            with (raw / "crawl.jsonl").open("a", encoding="utf-8") as lines:
                lines.write(json.dumps({"text": text, "outlet": "Kestrel Courier"}) + "\n")
        else:
            (raw / f"{number}.txt").write_text(text, encoding="utf-8")


def clean(raw: Path, corpus: Path) -> None:
    """Run once from nothing, whatever share of the articles goes."""
    clean_corpus(RunRequest(raw, corpus, Settings(), 1, STARTED, accept=True), Silent())


def rows(corpus: Path, table: str) -> list[dict[str, Any]]:
    """Read a table as a reader of the corpus would."""
    dataset = ds.dataset(corpus / table, format="parquet", partitioning="hive")
    found: list[dict[str, Any]] = dataset.to_table().to_pylist()
    return found


def undone(text: str, decisions: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Count the words that were there before the decisions, from the text that they left."""
    there = words(text)
    for decision in reversed(list(decisions)):
        if decision["action"] == "repaired":
            there.subtract(words(decision["after"]))
            there.update(words(decision["before"]))
        elif decision["paragraph"] is not None:
            there.update(words(decision["before"]))
    return there


def said(raw: Path, row: Mapping[str, Any]) -> str | None:
    """Read what a record says: a text file or the text of a line of JSON; None for what else may hold an article."""
    path = raw / row["source_path"]
    if path.suffix == ".txt":
        decoded = decode(path.read_bytes())
        return getattr(decoded, "text", None)
    if path.suffix == ".jsonl":
        text = json.loads(path.read_text(encoding="utf-8").split("\n")[row["source_record"]]).get("text")
        return None if text is None or "<" in text else str(text)
    return None


def check(raw: Path, corpus: Path) -> Counter[str]:
    """Compare each article's words with its record's, and count the stages that decided something about them."""
    decisions, stages = defaultdict(list), Counter[str]()
    for decision in rows(corpus, "decisions"):
        decisions[decision["article_id"]].append(decision)
    for article in rows(corpus, "articles"):
        text = said(raw, article)
        if text is None:
            continue
        own = decisions[article["article_id"]]
        stages.update(decision["stage"] for decision in own)
        stages["articles"] += 1
        there = undone(article["text"], own)
        assert +there == words(text), (article["source_path"], article["source_record"], +(words(text) - there))
    return stages


@given(folders)
@settings(
    max_examples=EXAMPLES or SUITE_EXAMPLES,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_every_word_is_in_the_text_or_in_a_decision(texts: list[str]):
    """Whatever is drawn: words of the raw record = words of the published text with its decisions undone."""
    with tempfile.TemporaryDirectory() as name:
        put(Path(name) / "raw", texts)
        (Path(name) / "overrides.toml").write_text(FORCED, encoding="utf-8")
        clean(Path(name) / "raw", Path(name) / "clean")
        check(Path(name) / "raw", Path(name) / "clean")


def test_the_samples_lose_no_word(tmp_path: Path):
    """So do the project's own plain texts and lines of JSON, and every stage that takes words away has some of them."""
    clean(SAMPLES, tmp_path / "clean")
    stages = check(SAMPLES, tmp_path / "clean")
    assert stages["articles"] > 30
    assert {"encoding", "metadata", "boilerplate", "contamination"} <= set(stages)


def test_a_word_that_no_row_accounts_for_is_found():
    """The comparison itself fails where a paragraph is missing from both text and decisions."""
    whole = f"{TRUE[0]}\n\n{FURNITURE[0]}"
    row = {"action": "removed", "paragraph": 1, "before": FURNITURE[0], "after": None}
    assert +undone(TRUE[0], [row]) == words(whole)
    assert +undone(TRUE[0], []) != words(whole)
