"""The law: however records are split into nights, the tables are those of one run over what lies there in the end.

Hypothesis draws nights. In each, files come, go, change and change places; stories come whole, cut off, revised, copied
under other names and as lines of one file, in any order; a line recurs under the stories of an outlet and crosses
the threshold from which it is furniture, in both directions. People decide about lines, articles and pairs of them, and
think again the night after. `COPYDESK_LAW_EXAMPLES=500` draws that many, with another
seed each time; the suite draws a few, always the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from copydesk.article import article_id
from copydesk.report.progress import Silent
from copydesk.run import RunRequest, clean_corpus
from copydesk.running.outline import outline
from copydesk.settings import Settings
from copydesk.writing import list_snapshots, load_schema, rollback, validate

EXAMPLES = int(os.environ.get("COPYDESK_LAW_EXAMPLES", "0"))
SUITE_EXAMPLES = 6
"""About 2 s each."""

NIGHT = dt.datetime(2096, 3, 5, 2, 0, tzinfo=dt.UTC)
"""Long after all files were written, so that what isn't touched isn't read again."""
TABLES = ("articles", "duplicates", "decisions", "ledger")
RUN_COLUMNS = frozenset({"run_id", "first_seen"})

FOOT = "Printed on the old harbour press since the winter of the great frost"

STORIES = (
    (
        "Glass roof of Marrow station will be lifted off in May",
        "Engineers will lift the glass roof off Marrow station in the second week of May, the railway said.",
        "Each of the 212 panes weighs as much as a pony, and all are to be washed in a shed behind platform four.",
        "Trains will stop at Oxbow Halt meanwhile, where a tent with benches and a tea urn has been put up.",
        (
            "Nobody has seen the roof from above since 1911, when a clerk climbed up after his hat and wrote"
            " about the view in a letter that the station still has under glass, by the ticket office."
        ),
    ),
    (
        "Beekeepers of Pellow count their hives after the flood",
        "Beekeepers along the Pellow river have lost 61 hives to the flood, more than in ten years together.",
        "The insects drowned in the night, said Ida Quist, who found her own boxes in a hedge two fields away.",
        "Neighbours have offered swarms for the spring, and the county has promised wood for new frames.",
        (
            "Those who kept their colonies have moved them to the dam, where the hives stand in rows of twenty"
            " with a number on each lid and a boy from the school to watch them at night."
        ),
    ),
    (
        "Court lets the Tarn choir sing after ten",
        "The Tarn choir may rehearse until eleven at night, a court decided against the wish of a dentist next door.",
        "Judge Olav Brandt wrote that four part harmony was no noise in the sense of the by-law of 1974.",
        "The dentist, who had measured the tenors with an instrument of his own, will not appeal.",
        (
            "He has bought curtains as thick as a carpet instead, and a ticket for the concert in June, in the"
            " last row, he said, beside the door, for the case that a soprano should lose her way."
        ),
    ),
    (
        "Selkie island votes for a second windmill",
        "By 48 votes to 31 the people of Selkie island have decided to build a windmill on the northern cliff.",
        "It is to pay for the school boat, whose diesel has become too dear, said the clerk, Mona Reyes.",
        "Opponents had warned that the blades would frighten the puffins, which nest there from April.",
        (
            "The birds were asked as well, in a way: a student from the mainland sat on the cliff for nine weeks"
            " with a pole and a kite, and found that not one of them so much as looked up."
        ),
    ),
    (
        "A chess robot takes third place in Rushy",
        "Third place in the Rushy open went to a machine built by two pupils from a printer and a music stand.",
        "It lost only to the twins Petra and Ruben Hahn, who have won the tournament by turns since they were nine.",
        "The club will admit it next year as well, provided that somebody else carries it up the stairs.",
        (
            "Its makers are fourteen and fifteen years old and say that they can play no better than their"
            " uncles, so the machine had to learn from books, of which the town library has two."
        ),
    ),
)


def lines(story: int, form: str) -> list[str]:
    """Write a story whole, cut off after the lead, or revised; with the recurring line at its end unless cut off."""
    title, *body = STORIES[story]
    if form == "cut":
        return [title, *body[:2]]
    if form == "revised":
        return [title, *body, "The article was changed to name the day.", FOOT]
    return [title, *body, FOOT] if form == "whole" else [title, *body]


FORMS = ("whole", "cut", "revised", "plain")
PIECES = tuple((story, form) for story in range(len(STORIES)) for form in FORMS)
NAMES = ("a.txt", "b.txt", "c.txt", "deep/d.txt", "e.txt", "f.txt", "crawl.jsonl")

Piece = tuple[int, str]
Folder = dict[str, tuple[Piece, ...]]
"""What lies in the raw folder after a night: pieces by file. Text files hold one, the crawl one per line."""


def write(raw: Path, folder: Folder) -> None:
    """Make the raw folder hold just this; what it holds already isn't touched."""
    for path in [path for path in raw.rglob("*") if path.is_file()]:
        if path.relative_to(raw).as_posix() not in folder:
            path.unlink()
    for name, pieces in folder.items():
        if name.endswith(".jsonl"):
            put(raw / name, "".join(f"{json.dumps(record(piece))}\n" for piece in pieces))
        else:
            put(raw / name, "\n\n".join(lines(*pieces[0])))
    sources = "".join(f"{name},Kestrel Courier\n" for name in folder if name.endswith(".txt") and "/" not in name)
    put(raw / "sources.csv", f"path,outlet\n{sources}")


def put(path: Path, text: str) -> None:
    """Write a file unless it says this already."""
    path.parent.mkdir(exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def record(piece: Piece) -> dict[str, str]:
    """Write a piece as a crawler would."""
    title, *body = lines(*piece)
    day = f"2026-02-{piece[0] + 1:02}"
    return {"title": title, "text": "\n\n".join(body), "outlet": "Kestrel Courier", "date": day}


Saying = tuple[str, tuple[str, ...], str]
"""What people decide: line, document or link; its words or the files meant; the decision."""

SAYINGS: tuple[Saying, ...] = (
    ("line", (FOOT,), "keep"),
    ("line", (FOOT,), "remove"),
    ("line", (STORIES[0][2],), "remove"),
    ("document", ("a.txt",), "remove"),
    ("document", ("b.txt",), "keep"),
    ("paragraph", ("a.txt", FOOT), "keep"),
    ("paragraph", ("c.txt", STORIES[1][1]), "remove"),
    ("link", ("a.txt", "b.txt"), "copies"),
    ("link", ("a.txt", "c.txt"), "apart"),
    ("link", ("b.txt", "e.txt"), "copies"),
)


def write_sayings(target: Path, raw: Path, sayings: tuple[Saying, ...]) -> None:
    """Make the overrides say just this about the files that lie there now."""
    entries = []
    for kind, (first, *more), choice in sayings:
        if kind == "line":
            about = f"text = {json.dumps(first)}"
        elif kind == "paragraph":
            about = f'article = "{ident(raw, first)}"\ntext = {json.dumps(more[0])}'
        elif kind == "link":
            about = f'articles = ["{ident(raw, first)}", "{ident(raw, more[0])}"]'
        else:
            about = f'article = "{ident(raw, first)}"'
        entries.append(f'[[{kind}]]\n{about}\ndecision = "{choice}"\n')
    target.write_text("\n".join(entries), encoding="utf-8")


def ident(raw: Path, name: str) -> str:
    """The id of the article in a text file; of nothing, if the file isn't there."""
    data = (raw / name).read_bytes() if (raw / name).exists() else b"gone"
    return article_id(name, hashlib.sha256(data).hexdigest(), 0)


def run(raw: Path, target: Path, night: int, *, rebuild: bool = False) -> None:
    """Clean once, so many nights after the first."""
    started = NIGHT + dt.timedelta(days=night)
    # A night may take everything away, and a gate would hold that back.
    clean_corpus(RunRequest(raw, target, Settings(), 1, started, rebuild=rebuild, accept=True), Silent())


def rows(corpus: Path, table: str) -> list[dict[str, object]]:
    """Read a table without the columns that tell about runs."""
    dataset = ds.dataset(corpus / table, format="parquet", partitioning="hive")
    names = [name for name in dataset.schema.names if name not in RUN_COLUMNS]
    return sorted(dataset.to_table(columns=names).to_pylist(), key=repr)


def outlines(corpus: Path) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """What the next night would count over, and what it should: outlines that are kept, and those of the rows."""
    [kept] = corpus.with_name(f"{corpus.name}.state").glob(f"outlines/{corpus.resolve().name}~*.arrow")
    found = pa.ipc.open_file(kept).read_all()
    published = outline(ds.dataset(corpus / "articles", format="parquet", schema=load_schema("articles")).to_table())
    return (found.sort_by("article_id").to_pylist(), published.sort_by("article_id").to_pylist())


def befall(corpus: Path, event: str) -> None:
    """Let something happen between two nights."""
    state = corpus.with_name(f"{corpus.name}.state")
    if event == "go back" and len(list_snapshots(corpus)) > 1:
        rollback(corpus)
    elif event == "lose the verdicts":
        shutil.rmtree(state / "verdicts")
    elif event == "damage a table":
        path = min(corpus.rglob("*.parquet"))
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0xFF
        path.chmod(0o644)
        path.write_bytes(data)
    elif event.startswith("damage the "):
        for path in (state / PLACES[event.removeprefix("damage the ")]).glob("*.arrow"):
            path.write_bytes(path.read_bytes()[:-1])


PLACES = {
    "columns": "examined/columns",
    "paragraphs": "paragraphs",
    "scores": "scores",
    "stories": "stories",
    "counts": "counts",
    "themes": "themes",
    "files": "files",
    "outlines": "outlines",
}
"""What is kept between nights, and where."""
EVENTS = ("nothing", "go back", "lose the verdicts", "damage a table", *(f"damage the {name}" for name in PLACES))


def check_law(nights: list[Folder], said: Sequence[tuple[Saying, ...]] = (), events: Sequence[str] = ()) -> None:
    """Run night after night, and once over what lies there in the end; compare row by row.

    `said` is what people had decided by each night, `events` what happened after it; nothing for those beyond.
    """
    with tempfile.TemporaryDirectory() as name:
        raw, nightly, once = (Path(name) / part for part in ("raw", "nightly", "once"))
        raw.mkdir()
        for number, (folder, event) in enumerate(zip_longest(nights, events[: len(nights) - 1], fillvalue="nothing")):
            write(raw, folder)
            write_sayings(Path(name) / "overrides.toml", raw, said[number] if number < len(said) else ())
            run(raw, nightly, number)
            befall(nightly, event)
        assert validate(nightly) == ()
        kept, published = outlines(nightly)
        assert kept == published
        run(raw, once, len(nights))
        for table in TABLES:
            assert rows(nightly, table) == rows(once, table), (table, nights, said)


pieces = st.sampled_from(PIECES)
folders = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(pieces, min_size=1, max_size=3 if name == "crawl.jsonl" else 1).map(tuple) for name in NAMES
    },
)


@st.composite
def edited(draw: st.DrawFn) -> list[Folder]:
    """Draw two to four nights: what lies there stays, but for some files that come, change or go."""
    folder: Folder = draw(folders)
    nights = [folder]
    for _ in range(draw(st.integers(1, 3))):
        changed = draw(folders)
        gone = draw(st.sets(st.sampled_from(NAMES), max_size=3))
        folder = {name: value for name, value in (folder | changed).items() if name not in gone}
        nights.append(folder)
    return nights


CUT_FIRST: list[Folder] = [
    {"a.txt": ((0, "cut"),), "b.txt": ((1, "revised"),)},
    {"a.txt": ((0, "cut"),), "b.txt": ((1, "revised"),), "c.txt": ((0, "whole"),), "crawl.jsonl": ((1, "whole"),) * 2},
]
"""Copies before their survivors, and the same line twice in one file."""

LINE_COMES: list[Folder] = [
    {"a.txt": ((0, "whole"),), "b.txt": ((1, "whole"),)},
    {name: ((number, "whole"),) for number, name in enumerate(NAMES[:5])},
]
LINE_GOES = LINE_COMES[::-1]
"""The recurring line crosses its threshold from below, and from above."""


DECIDED: list[tuple[Saying, ...]] = [(SAYINGS[3], SAYINGS[5], SAYINGS[8]), (SAYINGS[0], SAYINGS[7])]
"""Entries of the first night are withdrawn on the second, and others come."""


@example(nights=CUT_FIRST, said=[], events=[])
@example(nights=LINE_COMES, said=DECIDED, events=["damage a table"])
@example(nights=LINE_GOES, said=DECIDED[::-1], events=["lose the verdicts"])
@example(nights=[*LINE_COMES, *CUT_FIRST], said=[], events=["nothing", "go back", "damage the columns"])
@given(
    nights=edited(),
    said=st.lists(st.lists(st.sampled_from(SAYINGS), max_size=4).map(tuple), max_size=4),
    events=st.lists(st.sampled_from(EVENTS), max_size=3),
)
@settings(
    max_examples=EXAMPLES or SUITE_EXAMPLES,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_nights_equal_one_run(nights: list[Folder], said: list[tuple[Saying, ...]], events: list[str]):
    """Row for row, run ids and times aside, for every table; also where something was lost or damaged in between."""
    check_law(nights, said, events)


def test_the_drawn_decisions_reach_what_the_law_is_about(tmp_path: Path):
    """Each saying that can change something there does, so the ids are those of the files."""
    (tmp_path / "raw").mkdir()
    write(tmp_path / "raw", LINE_COMES[1])
    write_sayings(tmp_path / "overrides.toml", tmp_path / "raw", (SAYINGS[5], SAYINGS[6], SAYINGS[7]))
    run(tmp_path / "raw", tmp_path / "clean", 0)
    decided = {str(row["rule"]) for row in rows(tmp_path / "clean", "decisions") if row["stage"] == "overrides"}
    assert decided == {"keep/1 over learned-line/2", "copies/1"}


def test_the_drawn_nights_reach_what_the_law_is_about(tmp_path: Path):
    """The stories do make duplicates of each kind of order, and the recurring line is learned at its threshold only."""
    (tmp_path / "raw").mkdir()
    write(tmp_path / "raw", CUT_FIRST[1])
    run(tmp_path / "raw", tmp_path / "clean", 0)
    assert len(rows(tmp_path / "clean", "duplicates")) == 3
    for night, folder in enumerate(LINE_COMES, 1):
        write(tmp_path / "raw", folder)
        run(tmp_path / "raw", tmp_path / "clean", night)
        learned = [row for row in rows(tmp_path / "clean", "decisions") if str(row["rule"]).startswith("learned-line")]
        assert len(learned) == (0 if night == 1 else 4)
