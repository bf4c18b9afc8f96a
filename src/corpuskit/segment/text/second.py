"""The second look: boosted trees that know where the network has put the article.

A forest of oblivious trees (:mod:`corpuskit.segment.oblivious`) with five values in each leaf, one for each part of a
page, and a softmax over their sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.segment.chances import softmax
from corpuskit.segment.pairs import PART_OF_PAIR, part_probabilities
from corpuskit.segment.text.context import read_context

if TYPE_CHECKING:
    from corpuskit.segment.oblivious import Forest
    from corpuskit.segment.pairs import Array
    from corpuskit.segment.text.features import Features

SHARE: Final = 0.6
"""Weight of the trees in the mean of both opinions, chosen on fold 4 (.5 to .7 differ by .0003 in page F1)."""
_LEAST: Final = 1e-6


def part_opinions(trees: Forest, rows: Array) -> Array:
    """Return the probability that ``trees`` give each part for each line: ``rows`` has one row per line."""
    return softmax(trees(np.ascontiguousarray(rows.T)))


def look(trees: Forest, features: Features, probabilities: Array) -> Array:
    """Return the ``probabilities`` of the pairs after the second look: each part gets the mean of both opinions.

    How a part's probability is shared among its kinds stays the network's word.
    """
    first = part_probabilities(probabilities)
    both = SHARE * part_opinions(trees, read_context(features, probabilities)) + (1 - SHARE) * first
    mixed = probabilities * (both / np.maximum(first, _LEAST))[:, PART_OF_PAIR]
    result: Array = (mixed / mixed.sum(axis=1, keepdims=True)).astype(np.float32)
    return result
