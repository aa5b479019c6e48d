"""Word vectors of a sentence-embedding model on disk, set beside those that ship with the package.

Judging works on columns of words, so a model is asked once for every word it knows, and a paragraph stays the sum
of its words: the interface, the columns and the cost of a night are the same with it and without. A model that reads
whole sentences loses by that what it knows of their order.

The weights of the judgement are fitted to cosines of the shipped vectors. Each word therefore keeps its own vector, and
the model's direction comes beside it with the same length: half of a cosine is the shipped one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import Background, load_background
from copydesk.contamination.hashing import word_hash
from copydesk.contamination.vectors import unit_rows
from copydesk.errors import UsageError

Encode = Callable[[list[str]], NDArray[np.float32]]
"""The vectors of some texts, one row each."""

MODULES_FILE = "modules.json"
"""Names the parts of a model of sentence-transformers. Models of model2vec have it too, with a first part that is
STATIC, or not at all."""
STATIC = "StaticEmbedding"
OPENERS = "▁Ġ"
"""What tokenisers write before a token that begins a word."""
WITHIN = "##"
"""What others write before a token that goes on with one."""
INSTALL = "pip install copydesk[embeddings], or sentence-transformers for a model of its own"


def background_with(path: str) -> Background:
    """The background with the vectors of the model in a folder beside its own; the shipped one for an empty path.

    Raises UsageError where there is no such folder or model, or the library that reads it isn't installed.
    """
    return _loaded(path) if path else load_background()


@cache
def _loaded(path: str) -> Background:
    words, encode = _open_model(Path(path))
    return add_vectors(load_background(), words, encode(words))


def add_vectors(background: Background, words: Sequence[str], vectors: NDArray[np.float32]) -> Background:
    """The background with these words' vectors beside its own, as far as it knows the words.

    `vectors` has a row per word. Forms that are one word to the background ("ship", "Ships") give it their mean. What
    all vectors share says nothing and is taken off. The others have nothing beside their own vectors.
    """
    rows = background.rows(np.array([word_hash(word) for word in words], np.uint32))
    known = np.flatnonzero(rows >= 0)
    beside = np.zeros((background.words.size, vectors.shape[1]), np.float32)
    if known.size:
        given = unit_rows(vectors[known].astype(np.float32))
        np.add.at(beside, rows[known], unit_rows(given - given.mean(axis=0)))
    lengths = np.linalg.norm(background.vectors, axis=1, keepdims=True)
    both = np.concatenate([background.vectors, unit_rows(beside) * lengths], axis=1)
    # What the model would say of the company isn't known: its half is empty, and the other counts for both.
    company = np.pad(background.company * np.float32(np.sqrt(2)), ((0, 0), (0, vectors.shape[1])))
    vectors = (both / np.float32(np.sqrt(2))).astype(np.float32)
    return replace(background, vectors=vectors, company=company, units=None, step=1.0)


def words_of(tokens: Sequence[str]) -> list[str]:
    """The whole words among a tokeniser's tokens, each once, in order.

    >>> words_of(["[CLS]", "▁ships", "Ġice", "##ing", "port", "ice", "a"])
    ['ships', 'ice', 'port']
    """
    whole = (token.lstrip(OPENERS) for token in tokens if not token.startswith(WITHIN))
    return list(dict.fromkeys(word for word in whole if len(word) > 1 and word.isalnum()))


def _open_model(folder: Path) -> tuple[list[str], Encode]:
    """The words that a model knows, and what gives their vectors."""
    if not folder.is_dir():
        raise UsageError(f"[contamination] embeddings = {str(folder)!r}: no such folder; name the folder of a model")
    try:
        modules = folder / MODULES_FILE
        static = not modules.is_file() or STATIC in modules.read_text(encoding="utf-8")
        return _open_static(folder) if static else _open_transformer(folder)
    except ImportError as error:
        message = f"[contamination] embeddings = {str(folder)!r}: {error.name} is not installed; {INSTALL}"
        raise UsageError(message) from error
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(
            f"[contamination] embeddings = {str(folder)!r}: no model can be read there: {error}"
        ) from error


def _open_static(folder: Path) -> tuple[list[str], Encode]:
    from model2vec import StaticModel

    model = StaticModel.from_pretrained(folder, force_download=False)
    return words_of(model.tokens), lambda words: np.asarray(model.encode(words, use_multiprocessing=False), np.float32)


def _open_transformer(folder: Path) -> tuple[list[str], Encode]:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), local_files_only=True)
    vocabulary = sorted(model.tokenizer.get_vocab())
    return words_of(vocabulary), lambda words: np.asarray(model.encode(words, show_progress_bar=False), np.float32)


__all__ = ["add_vectors", "background_with", "words_of"]
