"""Whole runs with gates: what is measured, what is held back, what is shown, what is accepted."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest

from copydesk import cli
from copydesk.errors import GateError
from copydesk.report.progress import Silent
from copydesk.run import RunRequest, RunSummary, clean_corpus
from copydesk.running import publishing
from copydesk.settings import GateSettings, Settings
from copydesk.state import list_runs

NIGHT = dt.datetime(2026, 3, 5, 2, 0, tzinfo=dt.UTC)
SMALL = Settings(gates=GateSettings(min_runs=1, min_records=4))

PLACES = ("Stroma", "Lindhaven", "Kestrel", "Marrow", "Oxbow", "Tarn", "Pellow", "Quince", "Rushy", "Selkie")
THINGS = ("ferry", "library", "orchard", "tramline", "bakery", "lighthouse", "market", "bridge", "school", "mill")


def record(number: int, **fields: object) -> dict[str, object]:
    """Write an article of its own, with author and date unless the fields say otherwise."""
    place, thing = PLACES[number % 10], THINGS[number // 10 % 10]
    text = (
        f"The council of {place} voted {number + 3} to {number % 7 + 1} on Tuesday to close the old {thing} for "
        f"{number + 2} weeks of repairs.\n\n"
        f"Residents of {place} street {number + 11} said the {thing} had not been painted since {1900 + number}, and "
        f"asked who would pay the {number * 37 + 900} crowns.\n\n"
        f"Work on the {thing} starts when the {number + 4} beams from the {place} sawmill are dry, the mayor added."
    )
    stated = {"outlet": "Harbour Post", "authors": [f"Tomas {place}"], "date": "2026-03-01"}
    return {"title": f"{place} closes its {thing} for {number + 2} weeks", "text": text} | stated | fields


def write(raw: Path, name: str, records: list[dict[str, object]]) -> None:
    """Put records into a file of lines."""
    raw.mkdir(exist_ok=True)
    (raw / name).write_text("".join(json.dumps(row) + "\n" for row in records), encoding="utf-8")


def clean(raw: Path, target: Path, *, night: int, **options: object) -> RunSummary:
    """Run once, so many nights after the first."""
    defaults = {"settings": SMALL, "workers": 1, "started": NIGHT + dt.timedelta(days=night)}
    return clean_corpus(RunRequest(raw=raw, clean=target, **(defaults | options)), Silent())  # type: ignore[arg-type]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A raw folder of ten good articles."""
    write(tmp_path / "raw", "first.jsonl", [record(n) for n in range(10)])
    return tmp_path / "raw"


def break_feed(raw: Path) -> None:
    """Let a night bring eight articles without authors."""
    write(raw, "second.jsonl", [record(n, authors=[]) for n in range(20, 28)])


def test_breach_keeps_the_corpus_and_is_written_down(raw: Path, tmp_path: Path):
    """Yesterday's corpus stays, the log says held and why, the file lists the records behind the gate."""
    clean(raw, tmp_path / "clean", night=0)
    published = (tmp_path / "clean").readlink()
    break_feed(raw)
    with pytest.raises(GateError, match=r"gate corpus\.no_authors is 44\.4 %.*run again with --accept") as held:
        clean(raw, tmp_path / "clean", night=1)
    assert (tmp_path / "clean").readlink() == published
    last = list_runs(tmp_path / "clean.state")[0]
    assert last.status == "held"
    assert last.note == str(held.value)
    assert held.value.evidence is not None
    with held.value.evidence.open(encoding="utf-8", newline="") as sheet:
        rows = list(csv.DictReader(sheet))
    assert {row["source_path"] for row in rows} == {"second.jsonl"}
    assert len(rows) == 8
    assert {row["gate"] for row in rows} == {"corpus.no_authors"}


def test_accepted_result_is_published_and_becomes_usual(raw: Path, tmp_path: Path):
    """`accept` publishes all the same, the log says what was accepted, and the next night passes."""
    clean(raw, tmp_path / "clean", night=0)
    break_feed(raw)
    summary = clean(raw, tmp_path / "clean", night=1, accept=True)
    assert [gate.name for gate in summary.gates if not gate.passed] == ["corpus.no_authors"]
    last = list_runs(tmp_path / "clean.state")[0]
    assert (last.status, last.counts["accepted"]) == ("published", 1)
    assert last.note.startswith("accepted: corpus.no_authors")
    assert all(gate.passed for gate in clean(raw, tmp_path / "clean", night=2).gates)


def test_held_night_is_held_again_until_something_changes(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Running again doesn't wear the gate down; mending the feed opens it. The lists of the last nights are kept."""
    monkeypatch.setattr(publishing, "SHEETS_KEPT", 2)
    clean(raw, tmp_path / "clean", night=0)
    break_feed(raw)
    for night in (1, 2, 3, 4):
        with pytest.raises(GateError):
            clean(raw, tmp_path / "clean", night=night)
    kept = sorted(f"{path.name[:8]}{path.suffix}" for path in (tmp_path / "clean.state" / "held").iterdir())
    assert kept == ["20260308.csv", "20260308.html", "20260309.csv", "20260309.html"]
    write(raw, "second.jsonl", [record(n) for n in range(20, 28)])
    assert clean(raw, tmp_path / "clean", night=5).records == 18


def test_lost_raw_files_are_held_back(raw: Path, tmp_path: Path):
    """An empty raw folder doesn't empty the corpus; the file lists what would go."""
    clean(raw, tmp_path / "clean", night=0)
    (raw / "first.jsonl").unlink()
    with pytest.raises(GateError, match=r"corpus\.articles is 0, under the limit of 5 \(median 10\)") as held:
        clean(raw, tmp_path / "clean", night=1)
    assert held.value.evidence is not None
    lines = held.value.evidence.read_text(encoding="utf-8").splitlines()
    page = held.value.evidence.with_suffix(".html").read_text(encoding="utf-8")
    assert "<th scope=row>corpus.articles</th><td class=n>0</td><td class=n>10</td><td class=n>5</td>" in page
    assert len(lines) == 11
    assert all("no longer in the raw folder" in line for line in lines[1:])


def test_new_records_are_compared_by_themselves(raw: Path, tmp_path: Path):
    """Eight bad articles vanish among sixty, but not among those that the night brought."""
    write(raw, "first.jsonl", [record(n) for n in range(60)])
    clean(raw, tmp_path / "clean", night=0)
    write(raw, "second.jsonl", [record(n) for n in range(60, 68)])
    clean(raw, tmp_path / "clean", night=1)
    write(raw, "third.jsonl", [record(n, authors=[]) for n in range(70, 78)])
    with pytest.raises(GateError, match=r"gate new\.no_authors is 100\.0 %") as held:
        clean(raw, tmp_path / "clean", night=2)
    assert [gate.name for gate in held.value.gates if not gate.passed] == ["new.no_authors"]


def test_outlet_that_turns_to_rubbish_is_held_back(raw: Path, tmp_path: Path):
    """An outlet's records that are no articles any more break the gate of that outlet, and are listed."""
    write(raw, "second.jsonl", [record(n, outlet="Gull Gazette") for n in range(20, 26)])
    clean(raw, tmp_path / "clean", night=0)
    stubs = [record(n, outlet="Gull Gazette", text="Loading") for n in range(30, 36)]
    write(raw, "second.jsonl", stubs)
    with pytest.raises(GateError, match="Gull Gazette") as held:
        clean(raw, tmp_path / "clean", night=1)
    names = {gate.name for gate in held.value.gates if not gate.passed}
    assert "corpus.outlet.Gull Gazette" in names
    assert "corpus.outlet.Harbour Post" not in names
    assert held.value.evidence is not None
    assert "corpus.outlet.Gull Gazette,second.jsonl,0" in held.value.evidence.read_text(encoding="utf-8")


def test_gates_switched_off_hold_nothing_back(raw: Path, tmp_path: Path):
    """`enabled = false` publishes whatever comes; the measures are still written down."""
    settings = Settings(gates=GateSettings(min_runs=1, min_records=4, enabled=False))
    clean(raw, tmp_path / "clean", night=0, settings=settings)
    break_feed(raw)
    clean(raw, tmp_path / "clean", night=1, settings=settings)
    last = list_runs(tmp_path / "clean.state")[0]
    assert (last.status, last.counts["corpus.no_authors"], last.counts["accepted"]) == ("published", 8, 0)


def test_dry_run_shows_what_would_be_held_back(raw: Path, tmp_path: Path):
    """A dry run holds nothing back and says which gate would."""
    clean(raw, tmp_path / "clean", night=0)
    break_feed(raw)
    summary = clean(raw, tmp_path / "clean", night=1, dry_run=True)
    assert [gate.name for gate in summary.gates if not gate.passed] == ["corpus.no_authors"]


def test_first_run_and_small_corpora_are_never_held_back(raw: Path, tmp_path: Path):
    """With the default settings neither a first run nor a handful of records meets a gate, as long as one is left."""
    options = {"settings": Settings()}
    assert clean(raw, tmp_path / "clean", night=0, **options).gates == ()
    break_feed(raw)
    for night in range(1, 5):
        assert clean(raw, tmp_path / "clean", night=night, **options).gates == ()
    for path in raw.iterdir():
        path.unlink()
    write(raw, "left.jsonl", [record(n) for n in range(20, 21)])
    assert clean(raw, tmp_path / "clean", night=8, **options).gates == ()


def test_small_corpus_is_emptied_only_where_it_is_accepted(raw: Path, tmp_path: Path):
    """A raw folder without anything in it holds back with the default settings, and in the second night; `accept`
    publishes that nothing is left, and nothing stays the usual.
    """
    options = {"settings": Settings()}
    clean(raw, tmp_path / "clean", night=0, **options)
    for path in raw.iterdir():
        path.unlink()
    with pytest.raises(GateError, match=r"corpus\.articles is 0, under the limit of 5 \(median 10\)"):
        clean(raw, tmp_path / "clean", night=1, **options)
    assert clean(raw, tmp_path / "clean", night=2, accept=True, **options).records == 0
    assert clean(raw, tmp_path / "clean", night=3, **options).records == 0


def test_command_line_says_gate_records_and_way_out(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Exit status 1, one line on standard error, the first records on standard output; `--accept` ends with 0."""
    config = tmp_path / "copydesk.toml"
    config.write_text("[gates]\nmin_runs = 1\nmin_records = 4\n", encoding="utf-8")
    words = ["clean", "--raw", str(raw), "--clean", str(tmp_path / "clean"), "--config", str(config)]
    assert cli.main([*words, "--quiet"]) == 0
    break_feed(raw)
    assert cli.main(words) == 1
    said = capsys.readouterr()
    assert said.err.splitlines()[-1].startswith("copydesk: gate corpus.no_authors is 44.4 %")
    assert "second.jsonl" in said.out
    assert cli.main([*words, "--accept"]) == 0
    assert cli.main(["status", "--clean", str(tmp_path / "clean")]) == 0
    assert "held" in capsys.readouterr().out
