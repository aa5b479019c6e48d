# ruff: noqa: E501 - an example paragraph stands in one line, as it does in an article
"""Tests of models on disk: tiny ones, made here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from copydesk.article import Article, Block, Metadata, Source
from copydesk.contamination import judge_documents
from copydesk.contamination.background import load_background
from copydesk.contamination.columns import paragraph_columns
from copydesk.contamination.embeddings import add_vectors, background_with
from copydesk.contamination.hashing import word_hash
from copydesk.contamination.papers import batches, block_starts
from copydesk.contamination.strangers import find_strangers
from copydesk.contamination.vectors import block_vectors
from copydesk.errors import UsageError
from copydesk.settings import ContaminationSettings, Settings

HARBOUR = ("port", "harbour", "ships", "ship", "ice", "crews", "berth")
CLASSROOM = ("school", "schools", "pupils", "teachers", "vouchers", "judge", "tuition")


PORT = (
    "The port of Lindhaven froze in the night of Sunday, and no ship has left its berth since, the harbour master said.",
    "Crews who had waited for a berth since Friday lit fires on the pier, and the ships behind them turned back to sea.",
    "The harbour master, Ruth Abbott, said the ice on the berths was thicker than in any winter since the port was built.",
    "Icebreakers from two other ports were sent to Lindhaven on Monday, but they will need three days to reach it.",
    "Abbott said the crews were safe and that the port would feed them until the ice is gone and the ships can leave.",
    "Shipping firms count their losses: each day without a berth in Lindhaven costs a ship forty thousand dollars.",
    "The icebreakers have to cut a channel from the harbour mouth to the berths before the first ship can move.",
    "The last time the port of Lindhaven froze, nineteen years ago, ships lay at their berths for twelve days.",
    "Bakers of the town brought bread to the crews on the pier, and the harbour office opened its hall for them.",
    "The weather office expects the ice in the harbour to grow until Thursday, when warmer winds come in from the sea.",
)
SCHOOL = (
    "A federal judge in Ohio ruled on Thursday that school vouchers break the constitution, in a case of teachers.",
    "Judge Hugh Moreau wrote that public money for private schools takes from pupils what the constitution promises.",
    "Teachers' unions welcomed the ruling; parents of pupils in private schools said they would take it to appeal.",
    "The voucher program pays tuition for sixty thousand pupils, most of them in schools run by churches.",
    "Moreau gave the state until the end of the school year to change the program or to end it and pay the schools.",
    "The ruling is the third against vouchers this year; judges in two other states stopped theirs in the spring.",
    "Supporters of vouchers say that pupils of poor families have no other way into a good private school.",
    "Opponents answer that most of the tuition goes to families whose children were in private schools before.",
    "The state has paid two billion dollars for vouchers since the program began, and it plans to pay more next year.",
)


def article(name: str, lines: tuple[str, ...], title: str) -> Article:
    """An article whose title is known."""
    return Article(name, Source(f"{name}.txt", 0, None), tuple(map(Block, lines)), Metadata(title=title))


def removed(*articles: Article, embeddings: str) -> dict[str, list[int]]:
    """The positions of the paragraphs that go by the judgement with a model, by article."""
    columns = paragraph_columns(articles)
    named = pa.table({"article_id": [a.article_id for a in articles], "title": [a.metadata.title for a in articles]})
    gone = np.zeros(block_starts(columns)[-1], np.bool_)
    chosen = Settings(contamination=ContaminationSettings(embeddings=embeddings))
    found = find_strangers(named, columns, gone, np.arange(len(articles)), chosen).strangers
    return {articles[row].article_id: [s.position for s in own if s.removed] for row, own in found.items()}


def row_of(word: str) -> int:
    """The row of a word in the background."""
    return int(load_background().rows(np.array([word_hash(word)], np.uint32))[0])


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A static model of fourteen words in two directions."""
    model2vec = pytest.importorskip("model2vec")
    tokenizers = pytest.importorskip("tokenizers")
    vocabulary = {word: n for n, word in enumerate(("[UNK]", *HARBOUR, *CLASSROOM))}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106 - a token of text
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    vectors = np.zeros((len(vocabulary), 4), np.float32)
    vectors[1 : len(HARBOUR) + 1, 0] = 1.0
    vectors[len(HARBOUR) + 1 :, 1] = 1.0
    folder = tmp_path_factory.mktemp("model")
    model2vec.StaticModel(vectors, tokenizer).save_pretrained(folder)
    return folder


def test_no_path_is_the_shipped_background() -> None:
    """The default needs no model."""
    assert background_with("") is load_background()


def test_vectors_stand_beside_the_shipped_ones() -> None:
    """Half of a cosine is the shipped one; a word that the model doesn't know keeps its own alone."""
    shipped = load_background()
    both = add_vectors(shipped, ["port", "school"], np.array([[1.0, 0.0], [0.0, 1.0]], np.float32))
    assert both.vectors.shape == (shipped.words.size, shipped.vectors.shape[1] + 2)
    length = np.linalg.norm(shipped.vectors[row_of("port")])
    assert np.linalg.norm(both.vectors[row_of("port")]) == pytest.approx(length, rel=1e-5)
    assert not both.vectors[row_of("judge"), -2:].any()


def test_forms_of_a_word_and_unknown_words() -> None:
    """Forms that are one word to the background count once; words that it doesn't know are left out; none are fine."""
    one = add_vectors(load_background(), ["ship", "Ships", "port", "qzxwvk"], np.eye(4, dtype=np.float32))
    assert one.vectors[row_of("ship"), -4:].any()
    assert not add_vectors(load_background(), [], np.zeros((0, 3), np.float32)).vectors[:, -3:].any()


def test_a_model_on_disk_moves_paragraphs(model: Path) -> None:
    """Paragraphs of words that the model sets apart are less alike with it than without."""
    table = paragraph_columns([article("mixed", (PORT[0], SCHOOL[2]), "")])
    starts = block_starts(table)

    def likeness(path: str) -> float:
        background = background_with(path)
        (papers,) = batches(table, starts, np.zeros(starts[-1], np.bool_))
        vectors = block_vectors(papers, background)
        return float(vectors[0] @ vectors[1])

    assert likeness(str(model)) < likeness("")


def test_judging_with_a_model(model: Path) -> None:
    """With a model the same stranger goes, and nothing else."""
    mixed = article("mixed", (*PORT, SCHOOL[0]), "Port of Lindhaven frozen, ships wait")
    school = article("school", SCHOOL, "Judge stops school vouchers in Ohio")
    assert removed(mixed, school, embeddings=str(model)) == {"mixed": [len(PORT)]}


def test_documents_with_a_model(model: Path) -> None:
    """A stated theme is held against the model's vectors, too."""
    schools = [replace(article(f"s{n}", SCHOOL[n:], "Judge stops vouchers"), article_id=f"s{n}") for n in range(9)]
    chosen = ContaminationSettings(theme=("school", "teachers", "pupils"), embeddings=str(model))
    found = judge_documents((*schools, article("port", PORT, "Port frozen")), Settings(contamination=chosen))
    assert [a.article_id for a in found if any(e.field == "flag:article" for e in a.evidence)] == ["port"]


def test_missing_folder_names_the_setting(tmp_path: Path) -> None:
    """A folder that isn't there is a wrong setting, and so is one without a model."""
    with pytest.raises(UsageError, match="embeddings"):
        background_with(str(tmp_path / "none"))
    pytest.importorskip("model2vec")
    with pytest.raises(UsageError, match="no model can be read"):
        background_with(str(tmp_path))
