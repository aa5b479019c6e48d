"""What is known of articles and their theme from earlier nights changes nothing but how many are looked at."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from copydesk.article import Article, Block, Metadata, Source
from copydesk.contamination import document_bounds, documents
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.document_bounds import THEMES, Doubt
from copydesk.contamination.document_company import Near
from copydesk.contamination.documents import Judged, judge_themes
from copydesk.contamination.papers import block_starts
from copydesk.duplicates.columns import as_numbers
from copydesk.settings import ContaminationSettings, Settings

SCHOOLS = "teachers pupils students classroom school board tuition lessons exams curriculum principal education books"
OTHERS = (
    "striker goal champions referee penalty match league season coach defeat stadium fans injury players final",
    "hurricane flood coast rain wind storm power homes evacuated damage forecast shelter rescue winds surge",
)
COMMON = "the of and to in a is that for it was on with as by at from his they had are said would one their"
LEARNED = Settings()
STATED = Settings(contamination=ContaminationSettings(theme=("school", "teachers", "pupils", "education")))


def article(draw: random.Random, name: str, words: str) -> Article:
    """Write an article of five paragraphs with these words."""
    told = [
        " ".join(draw.choice((words if draw.random() < 0.5 else COMMON).split()) for _ in range(40)) for _ in "12345"
    ]
    title = " ".join(draw.sample(words.split(), 5))
    return Article(name, Source(name, 0, None), tuple(Block(f"{line}.") for line in told), Metadata(title=title))


def write_corpus(size: int) -> dict[str, Article]:
    """Write articles on schools, every tenth of which is on something else."""
    draw = random.Random(5)  # noqa: S311
    names = [f"{draw.getrandbits(64):016x}" for _ in range(size)]
    return {name: article(draw, name, OTHERS[n // 10 % 2] if n % 10 == 9 else SCHOOLS) for n, name in enumerate(names)}


def judge(
    articles: dict[str, Article], known: pa.Table | None, settings: Settings, gone: frozenset[str] = frozenset()
) -> Judged:
    """Judge articles, of which those that are `gone` have lost their first paragraph."""
    ordered = [articles[name] for name in sorted(articles)]
    columns = paragraph_columns(ordered)
    starts = block_starts(columns)
    mask = np.zeros(starts[-1], np.bool_)
    mask[[start for a, start in zip(ordered, starts[:-1].tolist(), strict=True) if a.article_id in gone]] = True
    contents = [hashlib.blake2b(repr(a).encode(), digest_size=16).digest() for a in ordered]
    keys = as_numbers(pa.chunked_array([pa.array(contents, pa.binary(16))]))
    return judge_themes(columns, mask, np.arange(len(ordered)), settings, keys, known)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A company so small that it is one in five articles, and how many are looked at beside it, each time."""
    monkeypatch.setattr(documents, "MAX_COMPANY", 32)
    monkeypatch.setattr(document_bounds, "HELD", 28)
    monkeypatch.setattr(document_bounds, "SPARE", 6)
    monkeypatch.setattr(document_bounds, "NEAR", Near(28, 6))
    counts: list[int] = []
    real = document_bounds.find_doubtful

    def find(*given: object) -> Doubt:
        doubt = real(*given)  # type: ignore[arg-type]
        counts.append(doubt.places.size - 32)
        return doubt

    monkeypatch.setattr(documents, "find_doubtful", find)
    return counts


@pytest.mark.parametrize("settings", [LEARNED, STATED], ids=["learned", "stated"])
def test_any_night_finds_what_a_full_run_finds(settings: Settings, looked_at: list[int]) -> None:
    """Articles come, go, change and lose a paragraph; reasons and figures are those of looking at everything."""
    everything = write_corpus(160)
    draw = random.Random(3)  # noqa: S311
    present, gone = set(draw.sample(sorted(everything), 140)), set(draw.sample(sorted(everything), 5))
    known: pa.Table | None = None
    found = 0
    for _ in range(6):
        articles = {name: everything[name] for name in present}
        now, full = judge(articles, known, settings, frozenset(gone)), judge(articles, None, settings, frozenset(gone))
        assert now.off == full.off
        found += len(now.off)
        known = now.known
        present = (present - set(draw.sample(sorted(present), 2))) | set(draw.sample(sorted(everything), 3))
        gone = gone ^ set(draw.sample(sorted(present), 3))
        changed = draw.choice(sorted(present))
        everything[changed] = replace(everything[changed], blocks=everything[changed].blocks[1:])
    assert found > 20
    assert sum(looked_at) / len(looked_at) < 70


def test_without_digests_everything_is_looked_at(looked_at: list[int]) -> None:
    """The same articles are off the theme, and nothing is known of them."""
    columns = paragraph_columns([a for _, a in sorted(write_corpus(80).items())])
    judged = judge_themes(columns, None, np.arange(80), LEARNED)
    assert judged.off == judge(write_corpus(80), None, LEARNED).off
    assert judged.known == THEMES.empty_table()
    assert looked_at[0] == 80 - 32 > looked_at[1]


def test_what_was_asked_otherwise_is_not_believed(looked_at: list[int]) -> None:
    """Figures beside a learned theme say nothing of a stated one, or of another company's."""
    corpus = write_corpus(80)
    learned = judge(corpus, None, LEARNED)
    assert judge(corpus, learned.known, STATED).off == judge(corpus, None, STATED).off
    others = {name: replace(a, blocks=a.blocks[:3]) for name, a in corpus.items()}
    assert judge(others, learned.known, LEARNED).off == judge(others, None, LEARNED).off
    assert len(looked_at) == 5
