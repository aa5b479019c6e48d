"""What a night of 1 % new records costs beside the full run, in CPU time, children included.

    python -m bench.nightly --articles 10000 --form jsonl

The corpus is made by a seeded generator: articles of invented outlets, words of this project's own sample articles
drawn by topic, a fifth of them copies (whole, cut off, under another outlet's name), a line of furniture under most.
Each run is a process of its own, so that imports, compiled code and workers count as a user pays them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPIES = 0.2
COUNTED = 2_000
"""Articles of the corpus of which is counted what a night does over."""
SETTLED_SECONDS = 3
"""A file that was written less than two seconds before it is read is read again the next night; raw files of a real
night are older."""
PER_FILE = 500
"""Records of one JSONL file."""
OUTLETS = 40
COMMON_WORDS = 150
TOPIC_WORDS, TOPIC_SHARE = 10, 0.6
"""Two words of five are common ones, the others are of a topic that each story has of its own. So the corpus agrees
on no subject, as mixed news doesn't (the mean of the articles' unit vectors has a length of .3); one that does is
judged again whole in a night that moves its theme."""
DAYS = 700
RECENT_DAYS = 2
"""Of what a real crawl brings in a night, nearly all was published on the last days; a feed of archives spreads."""
NAMES_OF_STORY = 12
"""Invented words of a story: news is full of names that stand in few other stories, and judging looks at these."""
SYLLABLES = (
    "bra",
    "den",
    "fol",
    "gim",
    "hus",
    "jor",
    "kel",
    "lam",
    "mir",
    "nov",
    "par",
    "quin",
    "ros",
    "sul",
    "tav",
    "wex",
)
FIRST = ("Ada", "Ines", "Ida", "Olav", "Mona", "Petra", "Ruben", "Lea", "Tom", "Nils", "Sara", "Joan")
PLACES = ("Stroma", "Marrow", "Pellow", "Tarn", "Selkie", "Rushy", "Oxbow", "Lindhaven", "Karst", "Dunmere")
FEET = ("Read more of the day's stories from {0} on our front page every morning",
        "The {0} is printed on recycled paper and delivered before six",
        "Write to the editors of the {0} if you have seen it otherwise")  # fmt: skip


@dataclass(slots=True)
class Days:
    """From which day on stories are dated that come now; or the day of all of them."""

    first: int = 0
    today: int | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A generated article."""

    title: str
    paragraphs: tuple[str, ...]
    outlet: int
    day: int
    author: str

    @property
    def outlet_name(self) -> str:
        """The invented outlet."""
        return f"{PLACES[self.outlet % len(PLACES)]} {('Post', 'Courier', 'Herald', 'Echo')[self.outlet // 10]}"


def vocabulary() -> list[str]:
    """The words of this project's own sample articles, the commonest first."""
    # With those of its documents the corpus would change with every word that is written about it.
    counts: dict[str, int] = {}
    for page in sorted(path for kind in ("txt", "html") for path in ROOT.glob(f"corpus/raw/**/*.{kind}")):
        text = re.sub(r"<[^<>]*>", " ", page.read_text(encoding="utf-8", errors="ignore"))
        for word in re.findall(r"\b[a-z]{2,14}\b", text):
            counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: (-counts[word], word))


def stories(seed: int, days: Days | None = None) -> Iterator[Story]:
    """Stories without end, the same for the same seed. Copies keep the day of their story, or have the one after it."""
    draw = random.Random(seed)
    words = vocabulary()
    cumulative = []
    total = 0.0
    for rank in range(COMMON_WORDS):
        total += 1 / (rank + 3)
        cumulative.append(total)
    recent: list[Story] = []
    while True:
        if recent and draw.random() < COPIES:
            yield copied(draw, draw.choice(recent))
            continue
        story = written(draw, words, cumulative)
        if days and days.today is not None:
            story = replace(story, day=days.today)
        elif days and days.first:
            story = replace(story, day=days.first + story.day % (DAYS - days.first))
        recent = [*recent[-2_000:], story]
        yield story


def written(draw: random.Random, words: Sequence[str], cumulative: Sequence[float]) -> Story:
    """A story about a topic of its own."""
    topic = draw.sample(words[COMMON_WORDS:], TOPIC_WORDS)
    names = [invented(draw) for _ in range(NAMES_OF_STORY)]
    people = [f"{draw.choice(FIRST)} {name}" for name in names[:4]]

    def sentence() -> str:
        size = draw.randint(8, 24)
        drawn = draw.choices(words[: len(cumulative)], cum_weights=cumulative, k=size)
        drawn = [draw.choice(topic) if draw.random() < TOPIC_SHARE else word for word in drawn]
        for _ in range(draw.randint(0, 3)):
            drawn[draw.randrange(1, size)] = draw.choice([*people, *names, str(draw.randint(2, 9_000))])
        return " ".join(drawn).capitalize() + "."

    paragraphs = tuple(" ".join(sentence() for _ in range(draw.randint(1, 4))) for _ in range(draw.randint(6, 18)))
    title = " ".join(draw.sample(topic, 6)).capitalize()
    return Story(title, paragraphs, draw.randrange(OUTLETS), draw.randrange(DAYS), draw.choice(people))


def invented(draw: random.Random) -> str:
    """A name that nobody has."""
    return "".join(draw.choice(SYLLABLES) for _ in range(draw.randint(2, 4))).capitalize()


def copied(draw: random.Random, story: Story) -> Story:
    """A copy: whole, cut off after the lead, or under another outlet's name."""
    kind = draw.randrange(3)
    if kind == 0:
        return replace(story, paragraphs=story.paragraphs[: max(3, len(story.paragraphs) // 2)])
    if kind == 1:
        return replace(story, outlet=draw.randrange(OUTLETS), title=f"{story.title} again")
    return replace(story, day=story.day + 1)


def lines(story: Story) -> list[str]:
    """The paragraphs with the outlet's own line at the end."""
    foot = FEET[story.outlet % len(FEET)].format(story.outlet_name)
    return [*story.paragraphs, foot] if story.outlet % 4 else list(story.paragraphs)


def write(raw: Path, found: Sequence[Story], form: str, name: str) -> None:
    """Put stories into the raw folder: lines of JSON, or a page each."""
    if form == "jsonl":
        for start in range(0, len(found), PER_FILE):
            part = found[start : start + PER_FILE]
            text = "".join(json.dumps(record(story, start + n)) + "\n" for n, story in enumerate(part))
            (raw / f"{name}-{start:07}.jsonl").write_text(text, encoding="utf-8")
        return
    for n, story in enumerate(found):
        folder = raw / name / f"{n // 1000:04}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{n:07}.{form}").write_text(page(story) if form == "html" else pasted(story), encoding="utf-8")


def record(story: Story, number: int) -> dict[str, str]:
    """A story as a crawler keeps it."""
    return {
        "title": story.title,
        "text": "\n\n".join(lines(story)),
        "outlet": story.outlet_name,
        "author": story.author,
        "date": day(story),
        "url": f"https://outlet{story.outlet}.example/{number}-{'-'.join(story.title.split()[:4])}",
    }


def day(story: Story) -> str:
    """The day of publication."""
    return f"{2022 + story.day // 336}-{story.day // 28 % 12 + 1:02}-{story.day % 28 + 1:02}"


def pasted(story: Story) -> str:
    """A story as somebody copies it out of a page."""
    return "\n\n".join([story.title, f"By {story.author}", day(story), *lines(story)])


def page(story: Story) -> str:
    """A story as a saved page, with the furniture of one."""
    menu = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in ("news", "sport", "weather", "letters") * 6)
    body = "".join(f"<p>{escape(line)}</p>" for line in lines(story))
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(story.title)} | {story.outlet_name}</title>'
        f'<meta property="og:site_name" content="{story.outlet_name}"><meta name="author" content="{story.author}">'
        f'<meta property="article:published_time" content="{day(story)}T08:00:00Z"></head>'
        f"<body><nav><ul>{menu}</ul></nav>"
        f"<main><article><h1>{escape(story.title)}</h1>{body}</article></main><aside><ul>{menu}</ul></aside>"
        f"<footer><p>Imprint. All rights reserved.</p></footer></body></html>"
    )


def run(raw: Path, target: Path, *options: str) -> tuple[float, float, int]:
    """CPU seconds, wall-clock seconds and peak memory (MB, of the largest process) of one run."""
    command = [sys.executable, "-m", "copydesk.cli", "clean", "--raw", str(raw), "--clean", str(target), "--quiet"]
    start = time.monotonic()
    process = subprocess.Popen([*command, *options])
    _, status, used = os.wait4(process.pid, 0)  # of this run alone, with all processes it waited for
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return used.ru_utime + used.ru_stime, time.monotonic() - start, used.ru_maxrss // 1024


def measure(_shared: Path, scratch: Path) -> dict[str, float]:
    """What a night of 1 % new records has to do over, as shares of all articles: counted, not timed."""
    raw, target = scratch / "raw", scratch / "clean"
    raw.mkdir()
    source = stories(1)
    write(raw, [next(source) for _ in range(COUNTED)], "jsonl", "old")
    run(raw, target)
    write(raw, [next(source) for _ in range(COUNTED // 100)], "jsonl", "night")
    command = [sys.executable, "-m", "copydesk.cli", "clean", "--raw", raw, "--clean", target, "--quiet", "--json"]
    done = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True)
    summary = json.loads(done.stdout)
    examined = summary["records"] - summary["reused"]
    return {"examined": examined / summary["records"], "judged": summary["judged"] / summary["records"]}


def dated(source: Iterator[Story], days: Days, given: argparse.Namespace, number: int) -> Story:
    """The next story; dated by its number, where all come in order."""
    if given.dates == "order":
        days.today = number * DAYS // given.articles
    return next(source)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--form", choices=("jsonl", "txt", "html"), default="jsonl")
    parser.add_argument("--nights", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work, and leave the corpus")
    parser.add_argument(
        "--dates",
        choices=("spread", "recent", "both", "order"),
        default="both",
        help=f"""of new stories in a night: over all months, or the last {RECENT_DAYS} days; both, one night after the
                        other; or all stories, the old ones too, in the order in which they come, as who crawls every
                        night has them""",
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        raw, target = folder / "raw", folder / "clean"
        raw.mkdir(parents=True)
        days = Days()
        source = stories(given.seed, days)
        write(raw, [dated(source, days, given, n) for n in range(given.articles)], given.form, "old")
        time.sleep(SETTLED_SECONDS)
        whole, seconds, memory = run(raw, target)
        print(f"full run of {given.articles:,}: {whole:.1f} CPU-s, {seconds:.1f} s, {memory:,} MB", flush=True)
        for night in range(given.nights):
            for kind in ("spread", "recent") if given.dates == "both" else (given.dates,):
                days.first = DAYS - RECENT_DAYS if kind == "recent" else 0
                count = given.articles // 100
                new = [dated(source, days, given, given.articles + night * count + n) for n in range(count)]
                write(raw, new, given.form, f"night{night}-{kind}")
                spent, seconds, memory = run(raw, target)
                print(
                    f"night of {len(new):,} new, dates {kind}: {spent:.1f} CPU-s ({spent / whole:.1%}), "
                    f"{seconds:.1f} s, {memory:,} MB",
                    flush=True,
                )


if __name__ == "__main__":
    main()
