"""The second look: boosted trees that know where the network has put the article.

A forest of oblivious trees (:mod:`corpuskit.segment.oblivious`) with five values in each leaf, one for each part of a
page, and a softmax over their sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.segment.oblivious import reached
from corpuskit.segment.text.context import read_context
from corpuskit.segment.text.pairs import PART_OF_PAIR, part_probabilities

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corpuskit.segment.text.features import Features
    from corpuskit.segment.text.pairs import Array

SHARE: Final = 0.6
"""Weight of the trees in the mean of both opinions, chosen on fold 4 (.5 to .7 differ by .0003 in page F1)."""
_LEAST: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Trees:
    """``trees`` × ``depth`` questions "is ``feature`` above ``border``?", and ``trees`` × 2^``depth`` × 5 leaves.

    The first question of a tree is the lowest bit of its leaf's number.  A tree is at most eight questions deep.
    """

    feature: NDArray[np.intp]
    border: Array
    leaves: Array
    bias: Array

    def __call__(self, rows: Array) -> Array:
        """Return the probability of each part for each line: ``rows`` has one row per line."""
        leaves = self.leaves.reshape(-1, self.leaves.shape[-1])
        scores = np.empty((len(rows), leaves.shape[1]), np.float32)
        for some, places in reached(self.feature, self.border, np.ascontiguousarray(rows.T)):
            scores[some] = leaves.take(places, axis=0).sum(axis=0)
        scores += self.bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        result: Array = powers / powers.sum(axis=1, keepdims=True)
        return result

    def look(self, features: Features, probabilities: Array) -> Array:
        """Return the ``probabilities`` of the pairs after the second look: each part gets the mean of both opinions.

        How a part's probability is shared among its kinds stays the network's word.
        """
        first = part_probabilities(probabilities)
        both = SHARE * self(read_context(features, probabilities)) + (1 - SHARE) * first
        mixed = probabilities * (both / np.maximum(first, _LEAST))[:, PART_OF_PAIR]
        result: Array = (mixed / mixed.sum(axis=1, keepdims=True)).astype(np.float32)
        return result


def pack(trees: Trees) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of ``trees`` in small types, as they are shipped."""
    return {
        "second.feature": trees.feature.astype(np.uint16),
        "second.border": trees.border,
        "second.leaves": trees.leaves.astype(np.float16),
        "second.bias": trees.bias,
    }


def unpack(arrays: Mapping[str, NDArray[np.generic]]) -> Trees | None:
    """Return the trees of the arrays that :func:`pack` gave, ``None`` where there are none."""
    if "second.feature" not in arrays:
        return None
    return Trees(
        arrays["second.feature"].astype(np.intp),
        arrays["second.border"].astype(np.float32),
        arrays["second.leaves"].astype(np.float32),
        arrays["second.bias"].astype(np.float32),
    )
