"""Publishing what changed."""

import dataclasses
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from copydesk.errors import ContractError
from copydesk.writing import TABLES, Changes, current_snapshot, publish, validate
from copydesk.writing.rows import RUN_COLUMNS

Make = Callable[..., Any]


def files(root: Path) -> dict[str, bytes]:
    """All Parquet files below a folder."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.parquet"))}


def difference(old: pa.Table, new: pa.Table) -> Changes:
    """What changed between two tables, found by looking at every row."""

    def by_id(table: pa.Table) -> dict[str, list[dict[str, object]]]:
        rows: dict[str, list[dict[str, object]]] = {}
        for row in table.to_pylist():
            rows.setdefault(row["article_id"], []).append({k: v for k, v in row.items() if k not in RUN_COLUMNS})
        return rows

    before, after = by_id(old), by_id(new)
    changed = [article_id for article_id, rows in after.items() if before.get(article_id) != rows]
    keep = pa.array([article_id in set(changed) for article_id in new["article_id"].to_pylist()], pa.bool_())
    return Changes(new.filter(keep), pa.array(sorted(before.keys() - after.keys()), pa.string()))


@pytest.mark.parametrize("seed", range(4))
def test_changes_give_the_files_of_a_whole_run(
    tmp_path: Path,
    seed: int,
    put: Make,
    make_corpus: Make,
    make_article: Make,
    stamp: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nights of articles that come, go, change and move give byte for byte what whole tables give."""
    if seed % 2:
        monkeypatch.setattr("copydesk.writing.partitions.FILE_ROWS", 2)
    draw = random.Random(seed)  # noqa: S311
    before: dict[str, pa.Table] = {}
    corpora = [make_corpus(draw.choice([0, 12, 25, 30])) for _ in range(4)]
    for night, corpus in enumerate(corpora):
        for number in draw.sample(range(len(corpus.articles)), min(3, len(corpus.articles))):
            article = corpus.articles[number]
            day = draw.choice([None, article.metadata.published_on])
            metadata = dataclasses.replace(article.metadata, published_on=day, deck=f"night {night}")
            changed = (
                *corpus.articles[:number],
                dataclasses.replace(article, metadata=metadata),
                *corpus.articles[number + 1 :],
            )
            corpus = dataclasses.replace(corpus, articles=changed)
        whole = put(tmp_path / "whole", corpus, night)
        tables = corpus.tables(stamp(night).run_id, stamp(night).now)
        if before:
            changes = {name: difference(before[name], tables[name]) for name in ("articles", "duplicates", "decisions")}
            publish(tmp_path / "nightly", tables | changes, stamp(night), records_read=corpus.records_read)
        else:
            put(tmp_path / "nightly", corpus, night)
        before = tables
        assert validate(tmp_path / "nightly") == ()
        assert files(tmp_path / "nightly") == files(tmp_path / "whole")
        assert {e.path for e in current_snapshot(tmp_path / "nightly").manifest.files} == {  # type: ignore[union-attr]
            entry.path for entry in whole.snapshot.manifest.files
        }


def test_no_changes_share_every_file(tmp_path: Path, put: Make, make_corpus: Make, stamp: Make) -> None:
    """A night that brings nothing writes nothing."""
    corpus = make_corpus(30)
    first = put(tmp_path / "clean", corpus, 0)
    tables = corpus.tables(stamp(1).run_id, stamp(1).now)
    none = {name: Changes(tables[name].slice(0, 0), pa.array([], pa.string())) for name in TABLES if name != "ledger"}
    second = publish(tmp_path / "clean", tables | none, stamp(1), records_read=corpus.records_read)
    assert (second.files_written, second.files_shared) == (0, first.files_written)


def test_changes_need_a_snapshot_that_is_whole(tmp_path: Path, put: Make, make_corpus: Make, stamp: Make) -> None:
    """Without one, or with a damaged file in it, nothing is published, and whole tables still can be."""
    corpus = make_corpus(30)
    tables = corpus.tables(stamp(1).run_id, stamp(1).now)
    changes = tables | {"articles": Changes(tables["articles"].slice(0, 1), pa.array([], pa.string()))}
    with pytest.raises(ContractError, match="publish whole tables"):
        publish(tmp_path / "clean", changes, stamp(1), records_read=corpus.records_read)
    put(tmp_path / "clean", corpus, 0)
    for path in (tmp_path / "clean" / "articles").rglob("*.parquet"):
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(ContractError, match="publish whole tables"):
        publish(tmp_path / "clean", changes, stamp(1), records_read=corpus.records_read)
    put(tmp_path / "clean", corpus, 1)
    assert validate(tmp_path / "clean") == ()


def test_changes_that_contradict_the_ledger_publish_nothing(
    tmp_path: Path, put: Make, make_corpus: Make, stamp: Make
) -> None:
    """An article that was forgotten in the changes is found by the ledger."""
    put(tmp_path / "clean", make_corpus(12), 0)
    corpus = make_corpus(13)
    tables = corpus.tables(stamp(1).run_id, stamp(1).now)
    forgotten = tables | {"articles": Changes(tables["articles"].slice(0, 0), pa.array([], pa.string()))}
    with pytest.raises(ContractError, match="is not in articles"):
        publish(tmp_path / "clean", forgotten, stamp(1), records_read=corpus.records_read)
    assert current_snapshot(tmp_path / "clean").manifest.rows("ledger") == 12  # type: ignore[union-attr]
