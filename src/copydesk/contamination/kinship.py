"""Foreign paragraphs in doubt: whether both articles tell one event, and whose headline a line is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from copydesk.contamination.background import load_background
from copydesk.contamination.papers import Corpus, Papers
from copydesk.contamination.signals import Figures
from copydesk.contamination.vectors import unit_rows

BESIDE = 2
"""Paragraphs to either side that are left out when two articles are compared."""
MAX_KINSHIP = 0.12
"""Words in common, by squared rarity, from which two articles tell the same event: a paragraph in both belongs to both.
Of strangers on one topic 3 in 100 reach it, 7 in 100 reached 0.1. Of wrong removals for a copy in short news, half
stood above."""
SAME_TOPIC = 0.2
"""Words in common up to which two articles may still tell two events of one topic, where the paragraph stands out by
KIN_LEAD: half of the strangers that were kept as kin go, and no genuine paragraph, which stood out by 2.8 at most."""
KIN_LEAD = 4.0
"""Log-odds above the limit of removal."""
HEADLINE_SHARE = 0.25
"""Share of a headline's weight that must stand in the paragraph below."""
HEADLINE_LEAD = 1.5
"""How many times more of it must stand there than in the rest of the article."""
HEADLINE_NEAR = 0.3
"""Or cosine with the paragraph below from which a headline tells what that is about, though in other words."""
HEADLINE_NEARER = 0.1
"""By how much it must be nearer to that than to the rest of the article. Of 145 headlines above paragraphs that went 64
went by their words and 134 by either; of 27 lines of the articles' own no more than before."""

OWN_SUBJECT = 0.8
"""Share of a line's telling words that its article's title must have for the line to head a part of it. A guide "How to
invest in index funds: what beginners need" has the section "How to invest in index funds"; of teasers of the next story
on one matter, which stay teasers, two thirds of the words are in the title above."""


def told_twice(corpus: Corpus, ours: NDArray[np.int64], theirs: NDArray[np.int64], leads: Figures) -> NDArray[np.bool_]:
    """Which of these blocks stand in an article that tells the same event as that of their match, `theirs`; `leads` is
    by how much each stands out above the limit of removal.
    """
    if not ours.size:
        return np.zeros(0, np.bool_)
    both = corpus.papers(np.unique(corpus.row_of(np.concatenate([ours, theirs]))))
    kin = np.array([kinship(both, a, b) for a, b in zip(ours.tolist(), theirs.tolist(), strict=True)])
    told: NDArray[np.bool_] = kin > np.where(leads > KIN_LEAD, SAME_TOPIC, MAX_KINSHIP)
    return told


def kinship(papers: Papers, ours: int, theirs: int) -> float:
    """How much two articles have in common by squared rarity (0 to 1), each without a paragraph and its neighbours.

    `ours` and `theirs` are the numbers of the two blocks among all of the corpus. Two outlets that tell the same event
    quote the same sentences.
    """
    mine, other = _beside(papers, ours), _beside(papers, theirs)
    weights = load_background().weights
    total = [float((weights(words).astype(np.float64) ** 2).sum()) for words in (mine, other)]
    shared = np.intersect1d(mine, other, assume_unique=True)
    common = float((weights(shared).astype(np.float64) ** 2).sum())
    return common / max(float(np.sqrt(total[0] * total[1])), 1e-9)


def _beside(papers: Papers, block: int) -> NDArray[np.uint32]:
    """The distinct words of a block's article in order, but for it and its neighbours."""
    at = int(np.searchsorted(papers.blocks, block))
    article = int(np.searchsorted(papers.starts, at, side="right")) - 1
    first, title = int(papers.starts[article]), int(papers.titles[article])
    low, high = papers.bounds[max(first, at - BESIDE)], papers.bounds[min(title, at + BESIDE + 1)]
    words = papers.words[papers.word_starts[article] : papers.word_starts[article + 1]]
    stands = np.zeros(words.size, np.bool_)
    for tokens in (papers.tokens[papers.bounds[first] : low], papers.tokens[high : papers.bounds[title + 1]]):
        stands[tokens - papers.word_starts[article]] = True
    return words[stands]


def name_own_subject(papers: Papers, blocks: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of these blocks, lines that another story has for a title, say what their own article's title says."""
    titles = papers.titles[papers.owner[blocks]]
    named = np.zeros(blocks.size, np.bool_)
    for n, (block, title) in enumerate(zip(blocks.tolist(), titles.tolist(), strict=True)):
        line, own = (papers.tokens[papers.bounds[b] : papers.bounds[b + 1]] for b in (block, title))
        named[n] = np.isin(line, own).sum() >= max(OWN_SUBJECT * line.size, 1)
    return named


def headlines_above(papers: Papers, blocks: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """The positions of the headlines that came with foreign paragraphs, -1 for none.

    The line directly above has a headline's form, and its words, or its subject, are that story's and not its
    article's; it is none of the `others`.
    """
    above, owner = np.maximum(blocks - 1, 0), papers.owner
    asked = papers.headlines[above] & (owner[above] == owner[blocks]) & ~np.isin(above, others)
    asked &= papers.positions[above] == papers.positions[blocks] - 1
    fits = [_fits_below(papers, block, int(owner[block])) for block in blocks[asked].tolist()]
    found = np.full(blocks.size, -1)
    found[asked] = np.where(fits, papers.positions[above[asked]], -1)
    return found


def _fits_below(papers: Papers, block: int, article: int) -> bool:
    """Whether the words of the line above a block, or its subject, are the block's and not its article's."""
    above = block - 1
    first, end = int(papers.starts[article]), int(papers.starts[article + 1])
    line, foreign = (papers.words[papers.tokens[papers.bounds[b] : papers.bounds[b + 1]]] for b in (above, block))
    before = papers.tokens[papers.bounds[first] : papers.bounds[above]]
    behind = papers.tokens[papers.bounds[block + 1] : papers.bounds[end]]
    ours = papers.words[np.concatenate([before, behind])]
    return _says_the_same(line, foreign, ours) or _tells_of(line, foreign, ours)


def _says_the_same(line: NDArray[np.uint32], foreign: NDArray[np.uint32], ours: NDArray[np.uint32]) -> bool:
    """Whether the words of a headline are those of the foreign paragraph and not the article's."""
    weights = load_background().weights(line).astype(np.float64)
    there, here = float(weights[np.isin(line, foreign)].sum()), float(weights[np.isin(line, ours)].sum())
    return there > HEADLINE_LEAD * here and there > HEADLINE_SHARE * float(weights.sum())


def _tells_of(line: NDArray[np.uint32], foreign: NDArray[np.uint32], ours: NDArray[np.uint32]) -> bool:
    """Whether a headline's subject is that of the foreign paragraph and not the article's."""
    vectors = [load_background().vectors_of(words) for words in (line, foreign, ours)]
    headline, paragraph, rest = unit_rows(np.stack([own.sum(axis=0) for own in vectors]))
    near = float(headline @ paragraph)
    return near > HEADLINE_NEAR and near > float(headline @ rest) + HEADLINE_NEARER
