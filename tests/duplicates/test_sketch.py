"""Sketches: signatures that are datasketch's, fingerprints that are never missed, and the compiled pass."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from datasketch import LeanMinHash, MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.duplicates import compiled, plain
from copydesk.duplicates.buffers import buffers
from copydesk.duplicates.hashing import read_words, shingles
from copydesk.duplicates.permutations import PERMUTATIONS, SCHEME, bands, export, permutations
from copydesk.duplicates.sketch import FINGERPRINT_WORDS, SIGNATURE_WORDS, WINDOW, sign, sketch_texts, winnow

ODD = [
    "",
    "one",
    "one two three four",
    "one two three four five",
    "\x00\x01\x02",
    "word " * 3000,
    (
        "“Zoë” said: &quot;it&rsquo;s&quot; 東京 ไฟ ﬁ ½ Å İstanbul ŉ 𝔘𝔫𝔦 🙂 &#8217; &#x1F600; &#xD800; &bad &#; &a; "
        "&#99999999;"
    ),
    "â€™ â€ Ã© Ã Â\u00a0 Ã\u0178 â\x80\x99 â",
    "A\u0301b\u200bc\u00add \u0301 \ufe0f e\ufe0f",
    "x&#12",
    "𠀀𠀁 ﷺ",
]


def test_signatures_are_datasketchs_bit_for_bit(pool: str) -> None:
    """datasketch.MinHash over the low 32 bits of the shingles' hashes gives the same 128 values."""
    grams = shingles(read_words(pool)[0], SIGNATURE_WORDS)
    theirs = MinHash(num_perm=PERMUTATIONS, seed=1, scheme=SCHEME, hashfunc=lambda value: value)
    theirs.update_batch([int(gram) & 0xFFFFFFFF for gram in grams])
    assert np.array_equal(sign(grams), theirs.hashvalues)
    assert sign(grams).dtype == theirs.hashvalues.dtype


def test_an_empty_signature_is_datasketchs_empty_one() -> None:
    """Without shingles all values are the largest there is."""
    assert np.array_equal(sign(np.zeros(0, dtype=np.uint64)), MinHash(num_perm=PERMUTATIONS, scheme=SCHEME).hashvalues)


def test_signatures_go_into_datasketchs_index(pool: str, ferry: str) -> None:
    """An exported signature is found in MinHashLSH and estimates the Jaccard."""
    rows = sketch_texts([pool, pool + " One more line at the end.", ferry]).signatures
    index = MinHashLSH(threshold=0.5, num_perm=PERMUTATIONS)
    for name, row in zip("abc", rows, strict=True):
        index.insert(name, export(row))
    assert isinstance(export(rows[0]), LeanMinHash)
    assert sorted(index.query(export(rows[0]))) == ["a", "b"]
    assert export(rows[0]).jaccard(export(rows[1])) > 0.8


@pytest.mark.parametrize("threshold", [0.1, 0.3, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9])
def test_bands_are_datasketchs(threshold: float) -> None:
    """Bands and rows are those of datasketch's own index at every threshold, and the chance of detection follows."""
    index, chosen = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS), bands(threshold)
    assert (chosen.count, chosen.rows) == (index.b, index.r)
    assert chosen.probability(threshold + 0.1) > chosen.probability(threshold)
    assert chosen.probability(0.0) == 0.0


def test_permutations_are_datasketchs() -> None:
    """The factors and summands that are drawn here are those of datasketch."""
    theirs = MinHash(num_perm=PERMUTATIONS, seed=1, scheme=SCHEME).permutations
    assert all(np.array_equal(ours, other) for ours, other in zip(permutations(), theirs, strict=True))


def test_a_common_passage_shares_a_fingerprint(pool: str, ferry: str) -> None:
    """Nineteen common words are one window of four-word shingles: never missed."""
    passage = " ".join(pool.split()[40 : 40 + WINDOW + FINGERPRINT_WORDS - 1])
    inside = ferry[:200] + " " + passage + " " + ferry[200:]
    prints = [set(winnow(shingles(read_words(t)[0], FINGERPRINT_WORDS)).tolist()) for t in (pool, inside)]
    assert prints[0] & prints[1]


def test_fingerprints_of_few_shingles_are_their_smallest() -> None:
    """Fewer shingles than a window give one fingerprint, none give none."""
    grams = np.array([5, 3, 9], dtype=np.uint64)
    assert winnow(grams).tolist() == [3]
    assert winnow(grams[:0]).tolist() == []


def _assert_same_sketches(texts: list[str]) -> None:
    ours, theirs = (
        sketch_texts(texts),
        compiled.sketch_texts(buffers(pa.array(texts, pa.large_string())), keep_signatures=True),
    )
    for name in ("words", "exact", "signatures", "bands"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name
    for own, other in zip(ours.prints.pieces[0], theirs.prints.pieces[0], strict=True):
        assert np.array_equal(own, other)


def test_the_compiled_pass_gives_the_same(pool: str, ferry: str) -> None:
    """Plain and compiled sketches are equal bit for bit, on real text and on the oddest."""
    _assert_same_sketches([pool, ferry, pool.upper(), *ODD])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("aZ &#x;é’â€Â\u00a0 1½"))),
        max_size=4,
    )
)
def test_the_compiled_pass_gives_the_same_on_anything(texts: list[str]) -> None:
    """Plain and compiled agree on any text at all."""
    _assert_same_sketches(texts)


def test_slices_of_arrow_arrays_are_read_where_they_begin(pool: str, ferry: str) -> None:
    """An array that begins in the middle of its buffer gives the sketches of its own texts."""
    part = pa.array(["x", pool, ferry, "y"], pa.large_string()).slice(1, 2)
    assert np.array_equal(compiled.sketch_texts(buffers(part)).exact, sketch_texts([pool, ferry]).exact)


@pytest.mark.parametrize("keep_bytes", [0, 1 << 20])
@pytest.mark.parametrize("limit", [0, 1, 255])
def test_compiled_counts_and_measures_are_the_same(limit: int, keep_bytes: int, pool: str, ferry: str) -> None:
    """Counts of runs per story and the measures of pairs agree with the plain ones."""
    texts = [pool, ferry, pool[:300] + ferry, ferry.replace("Thursday", "Friday"), *ODD]
    held = buffers(pa.array(texts, pa.large_string()), keep_bytes=keep_bytes)
    compiled.sketch_texts(held)
    assert bool(len(held.kept.places)) == bool(keep_bytes)
    read = plain.read_texts(texts)
    order = np.arange(len(texts))
    stories = np.array([0, 0, 1, 1, *range(2, 2 + len(ODD))])
    ours, theirs = np.zeros(1 << 16, dtype=np.uint8), np.zeros(1 << 16, dtype=np.uint8)
    plain.count_grams(read, order, stories, ours)
    compiled.count_grams(held, order, stories, theirs)
    assert np.array_equal(ours, theirs)
    left, right = (axis.ravel() for axis in np.meshgrid(order, order))
    assert np.array_equal(
        plain.measure_pairs(read, left, right, ours, limit), compiled.measure_pairs(held, left, right, ours, limit)
    )
